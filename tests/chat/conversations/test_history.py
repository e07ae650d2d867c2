"""The list of conversations: what is in it, in which order, page by page, and kept fresh."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test.utils import override_script_prefix
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from chat.conversations import history
from chat.conversations.history import HistoryDay, HistoryFilter, HistoryPage
from chat.models import Answer, Conversation
from core.web.paging import Cursor
from tests.chat.conversations.conftest import Make, add, as_, membership_of, plain

pytestmark = pytest.mark.django_db


def titles(page: HistoryPage) -> list[str]:
    return [row.conversation.title for group in page.groups for row in group.rows]


def seen_by(person: User, filter: HistoryFilter = HistoryFilter.EVERYONE) -> list[str]:
    return titles(history.history_page(membership_of(person), filter=filter))


@pytest.fixture
def kinds(alice: User, bob: User, charlie: User, elsewhere: Team, converse: Make) -> None:
    converse(title="Alice's")
    converse(title="Alice's private", visibility="private")
    converse(title="Alice's archived", archived=True)
    converse(title="Alice's deleted", deleted_at=timezone.now())
    converse(title="Bob's pinned", owner=bob, pinned=True)
    converse(title="Bob's private", owner=bob, visibility="private", pinned=True)
    converse(title="Charlie's", owner=charlie, team=elsewhere)


@pytest.mark.usefixtures("kinds")
def test_each_filter_shows_its_own(alice: User) -> None:
    assert seen_by(alice) == ["Bob's pinned", "Alice's private", "Alice's"]
    assert seen_by(alice, HistoryFilter.MINE) == ["Alice's private", "Alice's"]
    assert seen_by(alice, HistoryFilter.PINNED) == ["Bob's pinned"]
    assert seen_by(alice, HistoryFilter.ARCHIVED) == ["Alice's archived"]


@pytest.mark.usefixtures("kinds")
def test_a_viewer_sees_what_the_team_shares_and_a_stranger_their_own_team(vera: User, charlie: User) -> None:
    assert seen_by(vera) == ["Bob's pinned", "Alice's"]
    assert seen_by(charlie) == ["Charlie's"]


def test_conversations_are_grouped_by_the_day_of_the_last_question(alice: User, converse: Make) -> None:
    for days, title in ((0, "now"), (1, "yesterday"), (3, "this week"), (7, "a week ago"), (8, "long ago")):
        converse(title=title, ago=timedelta(days=days))

    groups = history.history_page(membership_of(alice), filter=HistoryFilter.EVERYONE).groups

    assert [(group.day, len(group.rows)) for group in groups] == [
        (HistoryDay.TODAY, 1),
        (HistoryDay.YESTERDAY, 1),
        (HistoryDay.WEEK, 2),
        (HistoryDay.OLDER, 1),
    ]


def headings(page: HistoryPage) -> list[tuple[str, list[str]]]:
    return [(group.label, [row.conversation.title for row in group.rows]) for group in page.groups]


def test_pinned_conversations_stand_on_top_and_nowhere_else(alice: User, bob: User, converse: Make) -> None:
    converse(title="mine, pinned", pinned=True, ago=timedelta(days=40))
    converse(title="bob's, pinned", owner=bob, pinned=True, ago=timedelta(days=2))
    converse(title="today")
    membership = membership_of(alice)

    everyone = history.history_page(membership, filter=HistoryFilter.EVERYONE)
    mine = history.history_page(membership, filter=HistoryFilter.MINE)
    pinned = history.history_page(membership, filter=HistoryFilter.PINNED)

    assert headings(everyone) == [("Pinned", ["bob's, pinned", "mine, pinned"]), ("Today", ["today"])]
    assert headings(mine) == [("Pinned", ["mine, pinned"]), ("Today", ["today"])]
    assert headings(pinned) == [("Previous 7 days", ["bob's, pinned"]), ("Older", ["mine, pinned"])]


def test_pinned_conversations_stand_on_the_first_page_alone(alice: User, converse: Make) -> None:
    converse(title="pinned", pinned=True)
    for number in range(3):
        converse(title=f"{number}", ago=timedelta(hours=number))
    membership = membership_of(alice)
    first = history.history_page(membership, filter=HistoryFilter.EVERYONE, limit=2)

    second = history.history_page(membership, filter=HistoryFilter.EVERYONE, before=first.next, limit=2)

    assert titles(first) == ["pinned", "0", "1"]
    assert titles(second) == ["2"]
    assert first.end
    now = history.refreshed_history_page(membership, filter=HistoryFilter.EVERYONE, until=first.end)
    assert now
    assert now.version == first.version


def test_of_many_pinned_conversations_the_newest_stand_on_top_with_a_way_to_all(alice: User, converse: Make) -> None:
    for number in range(history.MOST_PINNED + 1):
        converse(title=f"Pinned {number}.", pinned=True, ago=timedelta(hours=number))

    html = as_(alice).get(reverse("chat:history")).content.decode()

    assert f"Pinned {history.MOST_PINNED - 1}." in html
    assert f"Pinned {history.MOST_PINNED}." not in html
    assert "Show all pinned" in html


def test_a_row_says_whether_an_answer_is_being_written(alice: User, converse: Make) -> None:
    writing, done = converse(title="writing"), converse(("One?", "One."), title="done")
    add(writing, 1, "Two?", "", state=Answer.State.WRITING)

    page = history.history_page(membership_of(alice), filter=HistoryFilter.EVERYONE)

    assert {row.conversation.pk: row.is_writing for row in page.groups[0].rows} == {writing.pk: True, done.pk: False}


def test_paging_misses_and_repeats_nothing_while_new_conversations_arrive(alice: User, converse: Make) -> None:
    same_moment = timedelta(days=2)
    for number in range(23):
        converse(title=f"{number}", ago=same_moment if number % 3 else timedelta(days=number))
    wanted = set(Conversation.objects.values_list("title", flat=True))
    shown: list[str] = []
    place: Cursor | None = None

    while True:
        page = history.history_page(membership_of(alice), filter=HistoryFilter.EVERYONE, before=place, limit=4)
        shown += titles(page)
        converse(title=f"new after {len(shown)}")
        if page.next is None:
            break
        place = Cursor.parse(str(page.next))

    assert len(shown) == len(set(shown))
    assert set(shown) == wanted


def test_a_group_that_goes_on_has_no_second_heading(alice: User, converse: Make) -> None:
    for number in range(4):
        converse(title=f"{number}")
    first = history.history_page(membership_of(alice), filter=HistoryFilter.EVERYONE, limit=2)

    second = history.history_page(membership_of(alice), filter=HistoryFilter.EVERYONE, before=first.next, limit=2)

    assert [group.goes_on for group in first.groups + second.groups] == [False, True]


def test_a_page_takes_three_queries_however_many_rows_it_has(
    alice: User, converse: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    membership = membership_of(alice)
    for number in range(12):
        converse(("One?", "One."), title=f"{number}", pinned=not number % 5)

    with django_assert_num_queries(3):
        page = history.history_page(membership, filter=HistoryFilter.EVERYONE)
        assert [row.conversation.owner.initials for group in page.groups for row in group.rows]


def test_the_list_as_it_is_now_reaches_to_the_same_place(alice: User, converse: Make) -> None:
    for number in range(5):
        converse(title=f"{number}", ago=timedelta(hours=number))
    before = history.history_page(membership_of(alice), filter=HistoryFilter.EVERYONE, limit=3)
    assert before.end
    converse(title="new")

    now = history.refreshed_history_page(membership_of(alice), filter=HistoryFilter.EVERYONE, until=before.end)

    assert now
    assert titles(now) == ["new", "0", "1", "2"]
    assert now.next == before.next


def test_pages_have_the_version_together_that_the_whole_has(alice: User, converse: Make) -> None:
    for number in range(4):
        converse(title=f"{number}")
    membership = membership_of(alice)
    first = history.history_page(membership, filter=HistoryFilter.EVERYONE, limit=2)
    second = history.history_page(membership, filter=HistoryFilter.EVERYONE, before=first.next, limit=2)

    assert first.version ^ second.version == history.history_page(membership, filter=HistoryFilter.EVERYONE).version


# --- The view ----------------------------------------------------------------------------------------


def address_in(html: str, mark: str) -> str:
    """The address that htmx asks from the element with this id or class."""
    start = html.index("hx-get=", html.index(mark)) + len('hx-get="')
    return html[start : html.index('"', start)].replace("&amp;", "&")


def test_the_sidebar_says_what_to_do_when_there_is_nothing(vera: User) -> None:
    for chosen in HistoryFilter:
        html = as_(vera).get(reverse("chat:history"), {"filter": chosen}).content.decode()
        assert 'class="history-empty"' in html


def test_looking_again_says_nothing_until_something_changes(alice: User, converse: Make) -> None:
    conversation = converse()
    client = as_(alice)
    watched = address_in(client.get(reverse("chat:history")).content.decode(), 'id="history-watch"')
    assert client.get(watched).status_code == 204

    answer = add(conversation, 1, "Who?", "", state=Answer.State.WAITING)
    changed = client.get(watched)

    assert "row-writing" in changed.content.decode()
    again = address_in(changed.content.decode(), 'id="history-watch"')
    assert client.get(again).status_code == 204
    Answer.objects.filter(pk=answer.pk).update(state="finished")
    assert client.get(again).status_code == 200


def test_what_is_watched_grows_with_what_is_loaded(alice: User, converse: Make) -> None:
    for number in range(history.PAGE + 5):
        converse(title=f"Talk {number}", ago=timedelta(minutes=number))
    client = as_(alice)
    first = client.get(reverse("chat:history")).content.decode()

    more = client.get(address_in(first, 'class="history-more"')).content.decode()

    assert more.count('class="history-row"') == 5
    assert 'class="history-more"' not in more
    watched = address_in(more, 'id="history-watch"')
    assert client.get(watched).status_code == 204
    Conversation.objects.filter(title=f"Talk {history.PAGE + 2}").update(title="Renamed")
    changed = client.get(watched).content.decode()
    assert changed.count('class="history-row"') == history.PAGE + 5
    assert "Renamed" in changed


def test_a_list_that_reaches_very_far_is_not_sent_again(alice: User, harbour: Team, converse: Make) -> None:
    now = timezone.now()
    Conversation.objects.bulk_create(
        Conversation(team=harbour, owner=alice, title=f"{number}", last_asked_at=now - timedelta(minutes=number))
        for number in range(history.MOST + 1)
    )
    last = Conversation.objects.order_by("last_asked_at", "id")[0]

    response = as_(alice).get(reverse("chat:history"), {"until": str(Cursor(last.last_asked_at, last.pk)), "seen": "1"})

    assert response.status_code == 204


def test_the_open_conversation_is_marked(alice: User, converse: Make) -> None:
    conversation, _ = converse(title="open"), converse(title="other")

    html = as_(alice, on=f"/c/{conversation.pk}/").get(reverse("chat:history")).content.decode()

    assert html.count('aria-current="page"') == 1
    assert html.index(f'id="row-{conversation.pk}"') < html.index('aria-current="page"') < html.index("open</span>")


@pytest.mark.parametrize("page", ["{}?around=3", "{}#end", "{}menu/"])
def test_every_page_of_a_conversation_is_of_the_open_one(alice: User, converse: Make, page: str) -> None:
    conversation = converse(title="open")
    address = page.format(reverse("chat:conversation", args=[conversation.pk]))

    html = as_(alice, on=address).get(reverse("chat:history")).content.decode()

    assert html.count('aria-current="page"') == 1


def test_the_open_conversation_is_known_below_a_prefix(alice: User, converse: Make) -> None:
    conversation = converse(title="open")
    with override_script_prefix("/parley/"):
        html = as_(alice, on=f"/parley/c/{conversation.pk}/").get("/history/").content.decode()

    assert html.count('aria-current="page"') == 1


@pytest.mark.parametrize("page", ["/", "/images/", "/c/none/", "/c/" + "-" * 36 + "/", "/nowhere/", "/%ff", "[", "//["])
def test_on_other_pages_no_conversation_is_open(alice: User, converse: Make, page: str) -> None:
    converse(title="other")

    html = as_(alice, on=page).get(reverse("chat:history")).content.decode()

    assert 'aria-current="page"' not in html


def test_without_javascript_the_list_is_a_page_with_a_way_to_older_ones(alice: User, converse: Make) -> None:
    for number in range(history.PAGE + 1):
        converse(title=f"Talk {number}.", ago=timedelta(minutes=number))
    client = plain(alice)
    html = client.get(reverse("chat:history")).content.decode()
    main = html[html.index("<main") :]
    link = main[: main.index(">Show more</a>")].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")

    older = client.get(link).content.decode()

    assert parse_qs(urlsplit(link).query)["filter"] == ["everyone"]
    assert f"Talk {history.PAGE}." in older[older.index("<main") :]
    assert "Talk 0." not in older[older.index("<main") :]


@pytest.mark.parametrize(
    "query",
    [{"before": "x"}, {"before": "1-2"}, {"filter": "all"}, {"seen": "1", "until": "99999999999999999-" + "f" * 31}],
)
def test_nonsense_in_the_address_is_not_found(alice: User, query: dict[str, str]) -> None:
    assert as_(alice).get(reverse("chat:history"), query).status_code == 404


def test_a_viewer_has_no_menus(vera: User, bob: User, converse: Make) -> None:
    converse()

    assert "data-menu" not in as_(vera).get(reverse("chat:history")).content.decode()
    assert "data-menu" in as_(bob).get(reverse("chat:history")).content.decode()


def test_titles_are_text_and_nothing_else(alice: User, converse: Make) -> None:
    converse(title="<script>alert(1)</script>\"'")

    html = as_(alice).get(reverse("chat:history")).content.decode()

    assert "<script>" not in html
    assert "&lt;script&gt;" in html
