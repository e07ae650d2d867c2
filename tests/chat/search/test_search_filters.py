"""What narrows a search, one row for each conversation, and their order."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from chat.models import Answer, Attachment, Conversation, Question
from chat.search import SearchFilters, SearchOrder, search
from tests.chat.conversations.conftest import Make, add, as_, membership_of, plain
from tests.chat.search.finding import kinds, settle, titles

pytestmark = pytest.mark.django_db


def main(html: str) -> str:
    """The page without what stands beside it."""
    return html[html.index("<main") :]


def cite(answer: Answer, *addresses: str) -> None:
    for number, address in enumerate(addresses, start=1):
        answer.sources.create(number=number, url=address)


def answer_of(conversation: Conversation) -> Answer:
    return Answer.objects.get(question__conversation=conversation)


# --- One row for each conversation -------------------------------------------------------------------


def test_a_conversation_is_one_result_with_its_best_places_and_how_many_more_there_are(
    alice: User, converse: Make
) -> None:
    converse(("A heliotrope?", "A heliotrope."), ("Heliotropes?", "The heliotrope."), title="Heliotrope")
    converse(("One heliotrope?", "No."), title="Other")

    first, second = search(membership_of(alice), words="heliotrope ").conversations

    assert (first.title, first.in_title, len(first.places), first.more) == ("<mark>Heliotrope</mark>", True, 2, 1)
    assert (second.title, second.in_title, len(second.places), second.more) == ("Other", False, 1, 0)


def test_more_places_are_shown_in_the_row_or_on_a_page(alice: User, converse: Make) -> None:
    conversation = converse(*[("A heliotrope?", f"The heliotrope {number}.") for number in range(3)])
    asked = {"q": "heliotrope", "within": str(conversation.pk)}

    row = as_(alice).get(reverse("chat:search"), {"q": "heliotrope"}).content.decode()
    opened = as_(alice).get(reverse("chat:search"), asked).content.decode()
    page = main(plain(alice).get(reverse("chat:search"), asked).content.decode())

    assert "4 more places" in row
    assert f"q=heliotrope&amp;within={conversation.pk}" in row
    for html in (opened, page):
        assert html.count('class="snippet"') == 6
        assert "more places" not in html
    assert "<h1" not in opened
    assert opened.count("autofocus") == 1
    assert "Back to all results" in page


def test_of_a_conversation_that_one_may_not_read_no_place_is_shown(bob: User, converse: Make) -> None:
    conversation = converse(("A heliotrope?", "The one."), visibility="private")

    html = as_(bob).get(reverse("chat:search"), {"q": "heliotrope", "within": str(conversation.pk)}).content.decode()

    assert "hit" not in html


def test_the_newest_come_first_on_request(alice: User, converse: Make) -> None:
    converse(("A heliotrope?", "heliotrope heliotrope"), title="Heliotrope", ago=timedelta(days=9))
    converse(("What of the long walk to the heliotrope?", ""), title="passing")
    membership = membership_of(alice)

    best = search(membership, words="heliotrope").conversations
    newest = search(membership, words="heliotrope", order=SearchOrder.NEWEST).conversations

    assert [one.conversation.title for one in best] == ["Heliotrope", "passing"]
    assert [one.conversation.title for one in newest] == ["passing", "Heliotrope"]


# --- Filters -----------------------------------------------------------------------------------------


def test_by_person(alice: User, bob: User, converse: Make) -> None:
    shared = converse(("A heliotrope?", "The one."), title="Heliotropes of Alice")
    bobs = add(shared, 2, "Which heliotrope?", "That one.")
    Question.objects.filter(pk=bobs.question_id).update(author=bob)
    converse(("A heliotrope?", "Yes."), title="Alone")

    assert kinds(alice, "heliotrope ", SearchFilters(people=(bob.pk,))) == ["question"]
    assert titles(alice, "heliotropes", SearchFilters(people=(bob.pk,))) == ["Heliotropes of Alice"]
    assert set(titles(alice, "heliotrope", SearchFilters(people=(alice.pk,)))) == {"Heliotropes of Alice", "Alone"}


def test_by_date(alice: User, converse: Make) -> None:
    for days in (0, 5, 10):
        converse(("A heliotrope?", ""), title=f"{days}", ago=timedelta(days=days))
    now = timezone.now()

    since = SearchFilters(since=now - timedelta(days=6))
    until = SearchFilters(until=now - timedelta(days=4))

    assert set(titles(alice, "heliotrope", since)) == {"0", "5"}
    assert set(titles(alice, "heliotrope", until)) == {"5", "10"}


def test_by_model(alice: User, converse: Make) -> None:
    converse(("A heliotrope?", ""), title="sonar")
    pro = converse(("A heliotrope?", ""), title="pro heliotrope")
    Answer.objects.filter(question__conversation=pro).update(model="sonar-pro")

    assert titles(alice, "heliotrope", SearchFilters(models=(("sonar", "sonar-pro"),))) == ["pro heliotrope"]
    assert titles(alice, "heliotrope", SearchFilters(models=(("agent", "sonar-pro"),))) == []


@pytest.mark.parametrize(
    ("address", "is_found"),
    [
        ("https://example.org/a", True),
        ("http://www.example.org", True),
        ("https://deep.news.EXAMPLE.org/a/b?c#d", True),
        ("https://example.organic/a", False),
        ("https://myexample.org/a", False),
        ("https://other.example/?u=https://example.org/", False),
        ("not an address", False),
    ],
)
def test_by_the_site_of_a_source(alice: User, converse: Make, address: str, is_found: bool) -> None:
    cite(answer_of(converse(("A heliotrope?", "The heliotrope."), title="Heliotrope")), "https://a.example/", address)
    cite(answer_of(converse(("A heliotrope?", "The heliotrope."), title="Other")), "https://a.example/")

    found = kinds(alice, "heliotrope", SearchFilters(sites=("example.org",)))

    assert found == (["title", "question", "answer"] if is_found else [])


def test_by_attached_files(alice: User, converse: Make) -> None:
    conversation = converse(("A heliotrope?", "The one."), title="With")
    converse(("A heliotrope?", ""), title="Without")
    Attachment.objects.create(
        team=conversation.team,
        owner=alice,
        question=conversation.questions.get(),
        kind="file",
        name="a.pdf",
        media_type="application/pdf",
        size=1,
    )

    assert titles(alice, "heliotrope", SearchFilters(has=("file",))) == ["With"]


def test_by_the_archive(alice: User, converse: Make) -> None:
    converse(("A heliotrope?", ""), title="current")
    converse(("A heliotrope?", ""), title="archived", archived=True)

    assert titles(alice, "heliotrope", SearchFilters(archived=True)) == ["archived"]
    assert titles(alice, "heliotrope", SearchFilters(archived=False)) == ["current"]


def test_all_filters_together_find_what_is_all_of_it(alice: User, converse: Make) -> None:
    conversation = converse(("A heliotrope?", "The heliotrope."), title="Heliotrope")
    cite(answer_of(conversation), "https://example.org/")
    now = timezone.now()
    filters: dict[str, Any] = {
        "people": (alice.pk,),
        "since": now - timedelta(days=1),
        "until": now + timedelta(days=1),
        "models": (("sonar", "sonar"),),
        "sites": ("example.org",),
        "archived": False,
        "conversation": conversation.pk,
    }

    assert len(kinds(alice, "heliotrope", SearchFilters(**filters))) == 3
    for name, other in (("people", (uuid.uuid4(),)), ("sites", ("a.example",)), ("conversation", uuid.uuid4())):
        assert kinds(alice, "heliotrope", SearchFilters(**filters | {name: other})) == []


# --- In an address -----------------------------------------------------------------------------------


def test_filters_in_the_address_narrow_the_page_and_stay_in_its_links(alice: User, bob: User, converse: Make) -> None:
    for number in range(12):
        converse(("A heliotrope?", ""), title=f"Mine {number}")
    converse(("A heliotrope?", ""), title="Of Bob", owner=bob)
    settle()
    today = f"{timezone.localdate():%Y-%m-%d}"

    html = plain(alice).get(reverse("chat:search"), {"q": "heliotrope", "by": "me", "since": today, "site": ""})
    page = main(html.content.decode())

    assert page.count('class="hit"') == 10
    assert "Of Bob" not in page
    assert f"?q=heliotrope+from%3Ame+after%3A{today}&amp;page=" in page
    assert "(2)" in page


def test_the_address_that_htmx_leaves_has_no_empty_filters(alice: User) -> None:
    asked = {"q": "lamp", "by": "", "since": "", "until": "", "site": "", "model": "", "state": "", "sort": "new"}

    assert as_(alice, on="/").get(reverse("chat:search"), asked)["HX-Push-Url"] == "/search/?q=lamp&sort=new"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"since": "yesterday"}, "Enter a date, such as 2026-11-26."),
        ({"until": "9999-12-31"}, "Enter a date, such as 2026-11-26."),
        ({"since": "2026-11-26", "until": "2026-11-25"}, "“To” can’t be before “From”."),
        ({"site": "a b"}, "Enter a site, such as example.org."),
        ({"site": "%"}, "Enter a site, such as example.org."),
        ({"by": str(uuid.uuid4())}, "Choose an option from the list."),
        ({"model": "nothing"}, "Choose an option from the list."),
        ({"state": "x\x00"}, "Choose an option from the list."),
    ],
)
def test_a_filter_that_cannot_be_read_is_explained_and_nothing_is_searched(
    alice: User, converse: Make, query: dict[str, str], said: str
) -> None:
    converse(("A heliotrope?", ""))

    page = main(plain(alice).get(reverse("chat:search"), {"q": "heliotrope", **query}).content.decode())

    assert said in page
    assert "Check the filters" in page
    assert 'class="hit"' not in page


@pytest.mark.parametrize("typed", ["example.org", "https://www.Example.org/a?b", " www.example.org ", "example.org."])
def test_a_site_may_be_typed_as_an_address(alice: User, converse: Make, typed: str) -> None:
    cite(answer_of(converse(("A heliotrope?", "The one."), title="There")), "https://example.org/")
    settle()

    page = main(plain(alice).get(reverse("chat:search"), {"q": "heliotrope", "site": typed}).content.decode())

    assert page.count('class="hit"') == 1


def test_nothing_found_with_filters_offers_to_search_without(alice: User, converse: Make) -> None:
    converse(("A heliotrope?", ""))

    page = main(plain(alice).get(reverse("chat:search"), {"q": "heliotrope", "state": "archived"}).content.decode())

    assert "Search without filters" in page
    assert 'href="/search/?q=heliotrope"' in page


def test_filters_without_words_list_what_they_let_in_the_newest_first(alice: User, bob: User, converse: Make) -> None:
    converse(("A heliotrope?", "The one."), title="Old", ago=timedelta(days=2))
    converse(("A violet?", "That one."), title="New")
    converse(("A violet?", "That one."), title="Of Bob", owner=bob)
    settle()

    page = main(plain(alice).get(reverse("chat:search"), {"by": "me"}).content.decode())

    assert page.count('class="hit"') == 2
    assert page.index("New") < page.index("Old")


def test_a_teammate_of_another_team_is_no_choice(alice: User, charlie: User) -> None:
    assert str(charlie.pk) not in plain(alice).get(reverse("chat:search")).content.decode()
