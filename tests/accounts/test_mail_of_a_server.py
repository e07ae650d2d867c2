"""A running server that sends by SMTP: an invitation and a forgotten password, from the operator's settings on."""

import re

from tests.accounts.attempts import NEW
from tests.conftest import MakeServer
from tests.mail_server import MailServer

CHANGED = {"new_password1": "one more horse 8", "new_password2": "one more horse 8"}
ADDRESS = "dana@harbour.example"


def path_in(text: str) -> str:
    """The path of the link in an e-mail."""
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", text)
    assert found
    return found[1]


def test_invitations_and_new_passwords_travel_by_email(make_server: MakeServer) -> None:
    with MailServer() as mail:
        sender = {"EMAIL_URL": f"smtp+plain://127.0.0.1:{mail.port}", "EMAIL_FROM": "parley@harbour.example"}
        server = make_server(env=sender)

        form = {"role": "member", "days": "7", "people": f"Dana <{ADDRESS}>", "send": "on"}
        assert f"Sent to {ADDRESS}" in server.client("alice").post("/accounts/team/invite/", data=form).text
        joining = path_in(mail.text_to(ADDRESS))
        dana = server.client()
        account = {"username": "dana", "password1": NEW["new_password1"], "password2": NEW["new_password2"]}
        assert dana.post(joining, data=account).status_code == 302
        dana.cookies.delete("csrftoken", domain="")  # signing in has brought another one
        dana.headers["X-CSRFToken"] = dana.cookies["csrftoken"]

        given = {"address": ADDRESS, "password": NEW["new_password1"]}
        assert dana.post("/accounts/me/address/", data=given).status_code == 302
        confirming = path_in(mail.text_to(ADDRESS))
        assert server.client().post(confirming).status_code == 302
        assert "Confirmed." in dana.get("/accounts/me/").text

        anyone = server.client()
        assert "is on its way" in anyone.post("/accounts/forgot-password/", data={"email": ADDRESS}).text
        mail.wait_for(3)
        setting = path_in(mail.text_to(ADDRESS))
        where = anyone.get(setting).headers["Location"]
        assert anyone.post(where, data=CHANGED).status_code == 302
        assert dana.get("/accounts/me/").status_code == 302  # that session has ended

        for secret in (joining, confirming, setting):
            assert secret.split("/")[-2] not in server.log()
