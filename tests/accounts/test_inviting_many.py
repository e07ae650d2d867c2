"""Inviting several people: a link each, one link for several, and by e-mail."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import guest_list
from accounts.models import Invitation, Membership, Team, User
from accounts.services import invitations
from accounts.services.invitations import Guest
from core.errors import ActionRefused
from tests.accounts.conftest import ACCOUNT, SignedIn, Together
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

INVITE, JOIN_LINK = reverse("accounts:invite"), reverse("accounts:join_link")
EACH = {"role": "member", "days": 7}
SEVERAL = {**EACH, "uses": 2}


def links_in(page: str) -> list[str]:
    """The paths of the links that a page shows, each once."""
    return list(dict.fromkeys(re.findall(r'<code id="[\w-]+">http://testserver(/accounts/join/[\w-]+/)<', page)))


def paths_in(text: str) -> list[str]:
    """The paths of the links in an e-mail."""
    return re.findall(r"http://\S+?(/accounts/\S+/)\s", text)


def made(browser: Client, **fields: object) -> list[str]:
    response = browser.post(INVITE, {**EACH, **fields})
    assert response.status_code == 200, response.content.decode()
    return links_in(response.content.decode())


def join_link(browser: Client, **fields: object) -> str:
    response = browser.post(JOIN_LINK, {**SEVERAL, **fields})
    assert response.status_code == 200, response.content.decode()
    return links_in(response.content.decode())[0]


def text(browser: Client, path: str = "/accounts/team/") -> str:
    return " ".join(browser.get(path).content.decode().split())


@pytest.fixture
def owner(signed_in: SignedIn, crew: Team, alice: User) -> Client:
    return signed_in(alice)


# --- A link for each -----------------------------------------------------------------------------------


def test_each_line_gets_a_link_of_its_own(owner: Client, anyone: Client) -> None:
    response = owner.post(
        INVITE, {**EACH, "people": "Dana Deck\n\n  eve@harbour.example \nFrank <frank@harbour.example>"}
    )

    page = response.content.decode()
    assert len(links_in(page)) == 3
    assert "no-store" in response["Cache-Control"]
    assert set(Invitation.objects.values_list("note", "email")) == {
        ("Dana Deck", ""),
        ("eve@harbour.example", "eve@harbour.example"),
        ("Frank", "frank@harbour.example"),
    }
    listed = page.partition('id="all-links"')[2].partition("</pre>")[0]
    assert listed.count("/accounts/join/") == 3
    assert anyone.post(links_in(page)[0], ACCOUNT).status_code == 302


def test_an_email_is_ready_to_be_sent_by_hand(owner: Client) -> None:
    page = owner.post(INVITE, {**EACH, "people": "Frank <frank@harbour.example>"}).content.decode()

    found = re.search(r'href="(mailto:[^"]+)"', page)
    assert found
    mailto = unquote(found[1].replace("&amp;", "&"))
    assert mailto.startswith("mailto:frank@harbour.example?subject=alice invites you to Harbour on Parley&body=")
    assert links_in(page)[0] in mailto


@pytest.mark.parametrize(
    ("typed", "guests"),
    [
        ("", []),
        ("Dana", [Guest("Dana")]),
        ("a@b.example, C <c@d.example>", [Guest("a@b.example", "a@b.example"), Guest("C", "c@d.example")]),
        ("Deck, Dana", [Guest("Deck, Dana")]),
        ('"Dana Deck" <dana@b.example>', [Guest("Dana Deck", "dana@b.example")]),
        ("a@b.example\nA@B.example\nDana\nDana", [Guest("a@b.example", "a@b.example"), Guest("Dana")]),
    ],
)
def test_a_list_is_read_as_people_write_it(typed: str, guests: list[Guest]) -> None:
    assert guest_list.read_guests(typed) == guests


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ("Dana\neve@nowhere", "“eve@nowhere” is not an e-mail address."),
        ("x" * 121, "is too long for a name."),
        ("\n".join(f"Guest {n}" for n in range(51)), "This list has 51 lines. You can invite up to 50 people at once."),
    ],
)
def test_a_list_with_mistakes_comes_back_as_it_was(owner: Client, people: str, why: str) -> None:
    response = owner.post(INVITE, {**EACH, "people": people})

    page = response.content.decode()
    assert response.status_code == 422
    assert why in page
    assert people.splitlines()[-1].replace("<", "&lt;") in page
    assert not Invitation.objects.exists()


def test_a_team_makes_so_many_invitations_a_day(owner: Client, crew: Team, alice: User) -> None:
    soon = timezone.now() + timedelta(days=1)
    Invitation.objects.bulk_create(
        Invitation(team=crew, token_hash=f"{n}", invited_by=alice, expires_at=soon) for n in range(299)
    )

    response = owner.post(INVITE, {**EACH, "people": "Dana\nEve"})

    assert response.status_code == 422
    assert "up to 300 invitations a day" in response.content.decode()
    assert "Dana\nEve" in response.content.decode().replace("\r", "")
    assert owner.post(INVITE, EACH).status_code == 200


def test_an_open_invitation_is_never_hidden_by_ended_ones(owner: Client, crew: Team, alice: User) -> None:
    made(owner, people="Dana")
    now = timezone.now()
    Invitation.objects.bulk_create(
        Invitation(team=crew, token_hash=f"{n}", invited_by=alice, expires_at=now, revoked_at=now) for n in range(310)
    )

    assert "Revoke the invitation for Dana" in text(owner)


# --- One link for several ---------------------------------------------------------------------------------


def test_a_join_link_lets_in_as_many_as_it_says(owner: Client, signed_in: SignedIn, charlie: User, crew: Team) -> None:
    path = join_link(owner, uses=2)
    first = Client()

    assert first.post(path, ACCOUNT).status_code == 302
    assert "1 of 2 used" in text(owner)
    assert signed_in(charlie).post(f"{path}accept/").status_code == 302
    ended = Client().get(path)

    assert ended.status_code == 410
    assert "As many people as this link was for have joined." in ended.content.decode()
    assert Client().post(path, ACCOUNT | {"username": "eve"}).status_code == 410
    assert not User.objects.filter(username="eve").exists()
    assert crew.memberships.count() == 5


def test_somebody_who_is_on_the_team_takes_no_place(owner: Client, signed_in: SignedIn, bob: User) -> None:
    path = join_link(owner)

    signed_in(bob).post(f"{path}accept/")

    assert Invitation.objects.get().uses == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_both_take_the_last_place(together: Together, crew: Team, alice: User, charlie: User) -> None:
    made, token = invitations.create_join_link(team=crew, by=alice, role="member", uses=2)
    invitations.accept_invitation(invitation=made, by=charlie)
    people = [User.objects.create_user(name) for name in ("dana", "eve")]

    def join(person: User) -> str:
        found = invitations.invitation_by_token(token=token)
        assert found
        try:
            invitations.accept_invitation(invitation=found, by=person)
        except ActionRefused:
            return "late"
        return "in"

    assert sorted(together(lambda: join(people[0]), lambda: join(people[1]))) == ["in", "late"]
    assert Invitation.objects.get().uses == 2
    assert Membership.objects.filter(team=crew, user__in=people).count() == 1


def test_a_join_link_is_revoked(owner: Client, anyone: Client) -> None:
    path = join_link(owner)

    owner.post(reverse("accounts:revoke", args=[Invitation.objects.get().pk]))

    assert anyone.get(path).status_code == 410


@pytest.mark.parametrize("wrong", [{"uses": 1}, {"uses": 201}, {"uses": ""}, {"role": "owner"}, {"days": 31}])
def test_an_impossible_join_link_is_refused_beside_its_field(owner: Client, wrong: dict[str, object]) -> None:
    response = owner.post(JOIN_LINK, {**SEVERAL, **wrong})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert not Invitation.objects.exists()


def test_a_lost_link_is_replaced(owner: Client, anyone: Client) -> None:
    before = made(owner, people="Dana")[0]
    url = reverse("accounts:new_link", args=[Invitation.objects.get().pk])

    after = links_in(owner.post(url).content.decode())[0]

    assert anyone.get(before).status_code == 404
    assert anyone.get(after).status_code == 200
    owner.post(reverse("accounts:revoke", args=[Invitation.objects.get().pk]))
    assert "That invitation is no longer open." in owner.post(url, follow=True).content.decode()


# --- By e-mail --------------------------------------------------------------------------------------------


def test_without_a_mail_server_nothing_offers_to_send(owner: Client) -> None:
    page = text(owner, INVITE)

    assert "Send the links by e-mail" not in page
    assert 'name="domain"' not in page
    assert len(made(owner, people="eve@harbour.example", send="on")) == 1
    assert Invitation.objects.get().mailed_at is None


def test_links_are_sent_to_those_with_an_address(mail_server: MailServer, owner: Client, anyone: Client) -> None:
    response = owner.post(INVITE, {**EACH, "people": "Dana\neve@harbour.example", "send": "on"})

    assert "Sent to eve@harbour.example" in response.content.decode()
    assert [one["To"] for one in mail_server.messages] == ["eve@harbour.example"]
    message = mail_server.messages[0]
    assert message["Subject"] == "alice invites you to Harbour on Parley"
    assert message["From"] == "Parley <parley@harbour.example>"
    assert anyone.get(paths_in(mail_server.text_to("eve@harbour.example"))[0]).status_code == 200
    assert "Sent to eve@harbour.example on" in text(owner)


def test_an_owner_may_send_them_by_hand(mail_server: MailServer, owner: Client) -> None:
    assert len(made(owner, people="eve@harbour.example")) == 1

    assert mail_server.messages == []


def test_what_could_not_be_sent_is_said_and_can_be_sent_again(mail_server: MailServer, owner: Client) -> None:
    mail_server.refused = {"eve@harbour.example"}

    people = "eve@harbour.example\nfrank@harbour.example"
    page = " ".join(owner.post(INVITE, {**EACH, "people": people, "send": "on"}).content.decode().split())

    assert "Not sent to eve@harbour.example: The mail server rejected this address. Send the link yourself." in page
    assert "Sent to frank@harbour.example" in page
    assert "Not sent to eve@harbour.example" in text(owner)
    mail_server.refused = set()
    again = owner.post(reverse("accounts:new_link", args=[Invitation.objects.get(note__startswith="eve").pk]))
    assert "Sent to eve@harbour.example" in again.content.decode()
    assert "Not sent" not in text(owner)


def test_a_link_is_not_sent_twice_within_a_minute(mail_server: MailServer, owner: Client) -> None:
    made(owner, people="eve@harbour.example", send="on")

    again = owner.post(reverse("accounts:new_link", args=[Invitation.objects.get().pk]), follow=True)

    assert "Wait a minute" in again.content.decode()
    assert len(mail_server.messages) == 1


def test_a_mail_server_that_is_gone_loses_no_invitation(mail_server: MailServer, owner: Client, anyone: Client) -> None:
    mail_server.stop()

    response = owner.post(INVITE, {**EACH, "people": "eve@harbour.example\nfrank@harbour.example", "send": "on"})

    page = response.content.decode()
    assert page.count("The mail server couldn’t be reached.") == 2
    assert all(anyone.get(path).status_code == 200 for path in links_in(page))


def test_nothing_that_people_type_becomes_a_header(mail_server: MailServer, owner: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(full_name="Alice\nBcc: all@harbour.example")

    made(owner, people="eve@harbour.example", send="on")

    assert mail_server.messages[0]["Bcc"] is None
    assert len(mail_server.messages) == 1


# --- For people at a domain -------------------------------------------------------------------------------


def test_a_join_link_for_a_domain_lets_in_who_reads_mail_there(
    mail_server: MailServer, owner: Client, anyone: Client
) -> None:
    path = join_link(owner, domain="@Harbour.example")
    assert "an e-mail address at harbour.example" in text(anyone, path)
    assert anyone.post(path, ACCOUNT).status_code == 200  # no account is made
    assert not User.objects.filter(username="dana").exists()

    elsewhere = anyone.post(f"{path}by-email/", {"address": "dana@else.example"})
    assert "Use an address at harbour.example." in elsewhere.content.decode()
    assert mail_server.messages == []
    anyone.post(f"{path}by-email/", {"address": "dana@harbour.example"})
    own = paths_in(mail_server.text_to("dana@harbour.example"))[0]
    assert anyone.post(own, ACCOUNT).status_code == 302

    dana = User.objects.get(username="dana")
    assert (dana.verified_email, dana.memberships.get().role) == ("dana@harbour.example", "member")
    assert "1 of 2 used" in text(owner)
    assert Client().post(own, ACCOUNT | {"username": "eve"}).status_code == 410


def test_links_by_a_domain_take_no_more_places_than_there_are(
    mail_server: MailServer, owner: Client, signed_in: SignedIn
) -> None:
    path = join_link(owner, domain="harbour.example", uses=2)
    own = []
    for name in ("dana", "eve", "frank"):
        Client().post(f"{path}by-email/", {"address": f"{name}@harbour.example"})
        own.append(paths_in(mail_server.text_to(f"{name}@harbour.example"))[0])

    joined = [Client().post(one, ACCOUNT | {"username": f"sailor{n}"}).status_code for n, one in enumerate(own)]

    assert joined == [302, 302, 410]
    assert not User.objects.filter(username="sailor2").exists()
    assert "As many people as this link was for have joined." in text(Client(), own[2])


def test_owners_get_no_hold_of_the_link_that_somebody_was_sent(
    mail_server: MailServer, owner: Client, anyone: Client
) -> None:
    path = join_link(owner, domain="harbour.example")
    anyone.post(f"{path}by-email/", {"address": "dana@harbour.example"})
    own = Invitation.objects.exclude(parent=None).get()

    assert owner.post(reverse("accounts:new_link", args=[own.pk])).status_code == 404
    assert "dana@harbour.example" not in text(owner)


def test_links_by_a_domain_end_with_the_join_link(mail_server: MailServer, owner: Client, anyone: Client) -> None:
    path = join_link(owner, domain="harbour.example")
    anyone.post(f"{path}by-email/", {"address": "dana@harbour.example"})
    own = paths_in(mail_server.text_to("dana@harbour.example"))[0]

    owner.post(reverse("accounts:revoke", args=[Invitation.objects.get(parent=None).pk]))

    assert anyone.get(own).status_code == 410
    assert anyone.post(own, ACCOUNT).status_code == 410


def test_who_has_confirmed_such_an_address_joins_by_a_click(
    mail_server: MailServer, owner: Client, signed_in: SignedIn, charlie: User, crew: Team
) -> None:
    path = join_link(owner, domain="harbour.example")
    assert signed_in(charlie).post(f"{path}accept/").status_code == 410
    User.objects.filter(pk=charlie.pk).update(email="c@harbour.example")  # given, but not confirmed
    assert signed_in(charlie).post(f"{path}accept/").status_code == 410

    User.objects.filter(pk=charlie.pk).update(verified_email="c@HARBOUR.example")

    assert "Join as charlie" in text(signed_in(charlie), path)
    assert signed_in(charlie).post(f"{path}accept/").status_code == 302
    assert Membership.objects.filter(team=crew, user=charlie).exists()


def test_a_join_link_sends_an_address_few_emails(mail_server: MailServer, owner: Client, anyone: Client) -> None:
    path = join_link(owner, domain="harbour.example")

    pages = [anyone.post(f"{path}by-email/", {"address": "dana@harbour.example"}).content.decode() for _ in range(4)]

    assert len(mail_server.messages) == 3
    assert "Too many e-mails were requested." in pages[-1]
