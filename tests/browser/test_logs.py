"""A person goes through everything that is secret, and the server prints all that it can print: none of it is there."""

import re
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import PageFor
from tests.cast import PASSWORD
from tests.conftest import MakeServer
from tests.files.samples import drawn, encoded
from tests.serving import CSRF

KEY = "pplx-0123456789abcdefghij"
NEW = "Tr0ubadour-staple-9"
WORDS = "zanzibarplan"


def test_no_log_of_a_whole_run_holds_anything_that_was_secret(
    make_server: MakeServer, page_for: PageFor, demo_upstream: str
) -> None:
    server = make_server(
        env={
            "ACCESS_LOG": "yes",
            "LOG_LEVEL": "DEBUG",
            "PERPLEXITY_BASE_URL": demo_upstream,
            "PERPLEXITY_API_KEY": KEY,
        }
    )
    alice = server.client("alice")

    def link(address: str, **data: str) -> str:
        found = re.search(r'id="one-time-link">[^<]*?127\.0\.0\.1:\d+(/[^<]+)<', alice.post(address, data=data).text)
        assert found
        return found[1]

    invitation = link("/accounts/team/invite/", role="member", days="7")
    reset = link(re.findall(r'action="([^"]+/password-link/)"', alice.get("/accounts/team/").text)[-1])

    # Somebody looks at the invitation, goes to sign in instead, types wrongly, and then joins.
    page = page_for("", server=server)
    page.goto(f"/accounts/login/?next={quote(invitation)}")
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill(NEW)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto(f"{invitation}?from=mail")
    page.get_by_label("Username").fill("zelda")
    for field in page.locator("input[type=password]").all():
        field.fill(NEW)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/$"))
    page.goto(invitation.replace("join", "%6aoin"))

    # They search and ask, attach a picture, and follow addresses that are not there or not theirs.
    page.goto(f"/search/?q={WORDS}")
    page.goto(f"/?q={WORDS}")
    article = steps.ask_from_home(page, f"What is a {WORDS}?")
    steps.wait_for(article, "finished")
    page.goto(f"/c/0198c000-0000-7000-8000-000000000000/?q={WORDS}")
    visitor = page_for("", server=server)
    visitor.goto(f"/search/?q={WORDS}")
    visitor.goto(reset)
    visitor.goto(f"{reset}x")

    # Forms without their token, a file, and a table that is missing: refused, taken, and a traceback.
    assert alice.post("/attachments/", files={"file": (f"{WORDS}.png", encoded(drawn(), "PNG"))}).status_code == 201
    assert alice.post(invitation, headers={"X-CSRFToken": "wrong" * 6}).status_code == 403
    server.rows("ALTER TABLE chat_preset RENAME TO chat_elsewhere")
    failed = [alice.get(f"/presets/?q={WORDS}").status_code, alice.get(f"/?next={quote(invitation)}").status_code]
    server.rows("ALTER TABLE chat_elsewhere RENAME TO chat_preset")
    assert 500 in failed

    sessions = [cookie["value"] for one in (page, visitor) for cookie in one.context.cookies()]
    tokens = [address.strip("/").split("/")[-1] for address in (invitation, reset)]
    secrets = [*tokens, *sessions, server.cookies("alice")["sessionid"], CSRF, KEY, NEW, PASSWORD, WORDS]
    log = server.log()
    assert "GET /accounts/join/…/?… HTTP/1.1" in log
    assert "GET /search/?… HTTP/1.1" in log
    assert "Traceback" in log
    assert not [secret for secret in secrets if secret in log]
