"""Making links and ending them, as people do it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Team, User
from chat.models import Conversation
from core.errors import ActionRefused
from sharing.links import contents, service
from sharing.models import ShareLink
from tests.chat.conversations.conftest import Make, as_, plain
from tests.sharing.conftest import Share, answers_of

pytestmark = pytest.mark.django_db

FORM = {"kind": "snapshot", "ends": "7"}


@pytest.fixture
def lights(converse: Make) -> Conversation:
    """Alice's conversation."""
    return converse(("Who keeps the light?", "Ada."), ("Since when?", "Since 1871."))


def links_page(conversation: Conversation) -> str:
    return f"/c/{conversation.pk}/links/"


def made_address(page: str) -> str:
    """The address on the page that shows it once."""
    found = re.search(r'<code id="share-address">http://testserver(/s/[\w-]{22}/)</code>', page)
    assert found
    return found[1]


def test_sharing_is_off_until_an_owner_turns_it_on(lights: Conversation, harbour: Team, alice: User) -> None:
    owner = plain(alice)
    menu = f"/c/{lights.pk}/menu/"
    assert "Share by link" not in owner.get(menu).content.decode()
    assert "A team owner can turn it on" in owner.get(links_page(lights)).content.decode()
    assert owner.post(links_page(lights), FORM).status_code == 422
    owner.post("/team/sharing/switch/", {"on": "on"})
    assert "Share by link…" in owner.get(menu).content.decode()
    assert "Share by link…" in as_(alice).get(menu).content.decode()


def test_a_link_is_shown_once_and_opens_for_everybody(lights: Conversation, share: Share, alice: User) -> None:
    owner = plain(alice)
    response = owner.post(links_page(lights), FORM)
    assert "no-store" in response["Cache-Control"]
    address = made_address(response.content.decode())
    assert "Who keeps the light?" in Client().get(address).content.decode()
    listed = owner.get(links_page(lights)).content.decode()
    assert address not in listed
    assert "Never opened" not in listed
    assert "Opened 1 time" in listed
    link = ShareLink.objects.get()
    assert timedelta(days=6) < link.expires_at - timezone.now() <= timedelta(days=7)
    assert owner.post(f"{links_page(lights)}{link.pk}/end/").status_code == 302
    assert Client().get(address).status_code == 404
    assert "Ended by alice" in owner.get(links_page(lights)).content.decode()


def test_one_answer_is_chosen_in_the_form_or_by_its_own_link(lights: Conversation, share: Share, alice: User) -> None:
    second = answers_of(lights)[1]
    owner = plain(alice)
    chosen = owner.get(f"{links_page(lights)}?answer={second.pk}").content.decode()
    assert f'<option value="{second.pk}" selected>Since when?</option>' in chosen
    page = owner.post(links_page(lights), {**FORM, "what": str(second.pk), "kind": "live"}).content.decode()
    assert "Who keeps" not in Client().get(made_address(page)).content.decode()
    assert ShareLink.objects.get().kind == "snapshot"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"password": "short"}, "at least 8 characters"),
        ({"ends": "day"}, "Choose a day within the next year."),
        ({"ends": "day", "day": "2001-01-01"}, "Choose a day within the next year."),
        ({"ends": "day", "day": "2999-01-01"}, "Choose a day within the next year."),
        ({"ends": "365000"}, "Select a valid choice"),
        ({"what": "0190b5a0-0000-7000-8000-000000000000"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    changed: dict[str, str], problem: str, lights: Conversation, share: Share, alice: User
) -> None:
    response = plain(alice).post(links_page(lights), FORM | changed)
    assert response.status_code == 422
    assert problem in response.content.decode()
    assert not ShareLink.objects.exists()


def test_a_link_ends_with_the_chosen_day(lights: Conversation, share: Share, alice: User) -> None:
    day = timezone.localdate() + timedelta(days=3)
    assert plain(alice).post(links_page(lights), {**FORM, "ends": "day", "day": day.isoformat()}).status_code == 200
    assert timezone.localdate(ShareLink.objects.get().expires_at) == day


def test_private_conversations_and_those_of_spaces_warn(converse: Make, share: Share, alice: User) -> None:
    private = converse(("Who?", "Ada."), visibility="private")
    assert "This conversation is private." in plain(alice).get(links_page(private)).content.decode()


def test_viewers_members_and_strangers_make_no_links(
    lights: Conversation, share: Share, bob: User, vera: User, charlie: User
) -> None:
    link = share(lights).link
    for person, status in ((bob, 403), (vera, 403), (charlie, 404)):
        browser = plain(person)
        for address in (links_page(lights), f"{links_page(lights)}{link.pk}/end/"):
            assert browser.post(address, FORM).status_code == status
        assert browser.get(links_page(lights)).status_code == status
        assert "Share by link" not in browser.get(f"/c/{lights.pk}/menu/").content.decode()
    assert ShareLink.objects.get().ended_at is None


def test_an_owner_sees_all_links_and_no_title_they_cannot_read(
    converse: Make, share: Share, alice: User, bob: User, charlie: User
) -> None:
    link = share(converse(("Who?", "Ada."), owner=bob, visibility="private", title="Bob’s plan")).link
    share(converse(("Who?", "Ada."), owner=bob, title="Open plan"))
    owner = plain(alice)
    page = owner.get("/team/sharing/").content.decode()
    assert "Bob’s plan" not in page
    assert "A conversation that you can’t read" in page
    assert "Open plan" in page
    assert "Created by bob" in page
    assert plain(charlie).post(f"/team/sharing/{link.pk}/end/").status_code == 404
    assert owner.post(f"/team/sharing/{link.pk}/end/").status_code == 302
    assert ShareLink.objects.get(pk=link.pk).ended_by == alice


def test_the_list_of_a_team_grows_without_more_queries(converse: Make, share: Share, alice: User) -> None:
    owner = plain(alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            owner.get("/team/sharing/")
        return len(asked)

    share(converse(("Who?", "Ada.")))
    queries()
    few = queries()
    for number in range(4):
        share(converse(("Who?", "Ada."), title=f"Talk {number}!"))
    assert queries() == few


def test_too_much_and_too_little_are_refused(converse: Make, share: Share) -> None:
    with pytest.raises(ActionRefused, match="no finished answer"):
        share(converse())
    talk = converse(("Who?", "Ada."))
    template = ShareLink(
        team=talk.team, conversation=talk, title="x", expires_at=timezone.now() + timedelta(days=1), kind="live"
    )
    ShareLink.objects.bulk_create(
        ShareLink(
            team=template.team,
            conversation=talk,
            title="x",
            kind="live",
            expires_at=template.expires_at,
            token_hash=str(number),
        )
        for number in range(service.MOST_OPEN)
    )
    with pytest.raises(ActionRefused, match="50 links that work"):
        share(talk)
    with pytest.raises(ActionRefused, match="within the next year"):
        share(converse(("Who?", "Ada.")), expires_at=timezone.now() + timedelta(days=400))


def test_a_snapshot_has_at_most_five_hundred_questions(converse: Make, share: Share) -> None:
    talk = converse(*((f"{n}?", "Yes.") for n in range(contents.MOST_QUESTIONS + 1)))
    with pytest.raises(ActionRefused, match="too long"):
        share(talk)
    share(talk, kind="live")
