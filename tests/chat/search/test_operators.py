"""Operators that people type: how they are read, what they mean to whom, and what they find."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from chat.models import Answer, Attachment, Conversation, Question, ReadMark
from chat.search.days import span_of
from chat.search.meaning import Meaning, read_meaning
from chat.search.operators import MOST_OPERATORS, read_operators, without_operators, written
from chat.search.suggestions import suggestions
from tests.chat.conversations.conftest import Make, add, as_, membership_of, plain
from tests.chat.search.finding import settle
from tests.chat.search.test_search_filters import cite, main

pytestmark = pytest.mark.django_db


def meaning(text: str, person: User) -> Meaning:
    return read_meaning(text, membership_of(person))


def found(person: User, typed: str) -> list[str]:
    """The titles that the page shows for what is typed, as they are ordered."""
    settle()
    html = main(plain(person).get(reverse("chat:search"), {"q": typed}).content.decode())
    rows = html.split('class="hit"')[1:]
    return [row.split('dir="auto">')[1].split("</a>")[0].replace("<mark>", "").replace("</mark>", "") for row in rows]


# --- Reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "operators"),
    [
        ("lamp from:me", "lamp ", [("from", "me", False)]),
        ("FROM:Me -Has:table lamp", " lamp", [("from", "Me", False), ("has", "table", True)]),
        ('in:"Q3 plan" "old lamp"', ' "old lamp"', [("in", "Q3 plan", False)]),
        ("in:“Q3 plan”", "", [("in", "Q3 plan", False)]),
        ("von:ich autor", " autor", [("from", "ich", False)]),
        ("model:agent:fast", "", [("model", "agent:fast", False)]),
        ("from: me", "from: me", []),
        ("lamp from:", "lamp ", []),
        ('lamp from:"', "lamp ", []),
        ('"from:me"', '"from:me"', []),
        ("https://example.org/a", "https://example.org/a", []),
        ("std::vector 12:30", "std::vector 12:30", []),
        ("xfrom:me", "xfrom:me", []),
        ('site:"', "", []),
    ],
)
def test_operators_are_told_from_words(text: str, words: str, operators: list[tuple[str, str, bool]]) -> None:
    typed = read_operators(text)

    assert typed.words == words
    assert [(one.name, one.value, one.negated) for one in typed.operators] == operators


def test_what_only_looks_like_an_operator_is_searched_for_and_said(alice: User, converse: Make) -> None:
    converse(("What does foo:bar mean?", "Nothing."), title="Foo")

    page = main(plain(alice).get(reverse("chat:search"), {"q": "foo:bar"}).content.decode())

    assert "“foo:” isn’t a filter, so it was searched for as text." in page
    assert page.count('class="hit"') == 1


def test_an_operator_is_taken_out_of_the_text_and_the_rest_stays() -> None:
    typed = read_operators('lamp  from:me "a  b" -site:x.org')

    assert without_operators(typed, typed.operators[0]) == 'lamp "a b" -site:x.org'
    assert without_operators(typed, *typed.operators) == 'lamp "a b"'


@pytest.mark.parametrize(
    ("value", "text"),
    [("me", "in:me"), ("Q3 plan", 'in:"Q3 plan"'), ('a"b', "in:ab"), (":x", 'in:":x"'), ("//", 'in:"//"')],
)
def test_an_operator_is_written_so_that_it_is_read_again(value: str, text: str) -> None:
    assert written("in", value) == text
    assert [one.value for one in read_operators(text).operators] == [value.replace('"', "")]


def test_more_operators_than_a_search_takes_are_left_out_and_that_is_said(alice: User) -> None:
    read = meaning("has:table " * (MOST_OPERATORS + 5), alice)

    assert len(read.parts) == MOST_OPERATORS
    assert read.problems == ("That’s more filters than one search takes. The last ones were left out.",)


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026/2", date(2026, 2, 1), date(2026, 3, 1)),
        ("2026-02-28", date(2026, 2, 28), date(2026, 3, 1)),
        ("Today", date(2026, 3, 9), date(2026, 3, 10)),
        ("yesterday", date(2026, 3, 8), date(2026, 3, 9)),
        ("2w", date(2026, 2, 23), date(2026, 2, 24)),
    ],
)
def test_days_as_people_type_them(text: str, first: date, after: date) -> None:
    assert span_of(text, today=date(2026, 3, 9)) == (first, after)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-02-30", "0001", "9999", "٢٠٢٦", "tomorrow", "9" * 500, "20260101"]
)
def test_what_is_no_day(text: str) -> None:
    assert span_of(text, today=date(2026, 3, 9)) is None


# --- Finding -----------------------------------------------------------------------------------------


def test_from(alice: User, bob: User, converse: Make) -> None:
    converse(("A heliotrope?", "Yes."), title="Of Alice")
    converse(("A heliotrope?", "Yes."), title="Of Bob", owner=bob)

    assert found(alice, "heliotrope from:me") == ["Of Alice"]
    assert found(bob, "heliotrope from:me") == ["Of Bob"]
    assert found(alice, "heliotrope from:BOB") == found(alice, "from:bo") == ["Of Bob"]
    assert sorted(found(alice, "heliotrope from:me from:bob")) == ["Of Alice", "Of Bob"]
    assert found(alice, "heliotrope -from:me") == ["Of Bob"]


def test_site_with_and_without_words(alice: User, converse: Make) -> None:
    cite(answer := add(converse(title="Papers"), 1, "Which heliotrope?", "This one."), "https://arxiv.org/abs/1")
    cite(add(converse(title="News"), 1, "Which heliotrope?", "That one."), "https://news.example/")

    assert answer.sources.count() == 1
    assert found(alice, "heliotrope site:arxiv.org") == found(alice, "site:www.arxiv.org") == ["Papers"]
    assert found(alice, "heliotrope -site:arxiv.org") == ["News"]
    assert sorted(found(alice, "site:arxiv.org site:news.example")) == ["News", "Papers"]


def test_has(alice: User, converse: Make) -> None:
    shown = {
        "table": {"html": '<div class="table"><table dir="auto">'},
        "code": {"html": '<pre tabindex="0"><code class="highlight">'},
        "math": {"html": "<math>"},
        "image": {"media": {"images": [{"image_url": "https://pictures.example/a.png"}]}},
    }
    for what, fields in shown.items():
        answer = add(converse(title=what), 1, "A heliotrope?", "Yes.")
        Answer.objects.filter(pk=answer.pk).update(**fields)
    cite(add(converse(title="sources"), 1, "A heliotrope?", "Yes."), "https://arxiv.org/")
    talk = converse(("A heliotrope?", "Yes."), title="file")
    Attachment.objects.create(
        team=talk.team, owner=alice, question=talk.questions.get(), kind="file", name="a.pdf", media_type="a/b", size=1
    )

    for what in (*shown, "sources", "file"):
        assert found(alice, f"has:{what}") == found(alice, f"heliotrope has:{what}") == [what]
    assert found(alice, "has:tables") == found(alice, "has:ta") == ["table"]
    assert found(alice, "has:table has:code") == []
    assert len(found(alice, "heliotrope -has:table -has:code")) == 4


def test_is(alice: User, bob: User, converse: Make) -> None:
    now = timezone.now()
    converse(("A heliotrope?", "Yes."), title="private", visibility="private")
    converse(("A heliotrope?", "Yes."), title="pinned", owner=bob, pinned=True)
    converse(("A heliotrope?", "Yes."), title="archived", owner=bob, archived=True)
    unread = converse(("A heliotrope?", "Yes."), title="unread", owner=bob, answered_at=now)
    ReadMark.objects.create(person=alice, conversation=unread, seen_at=now - timedelta(hours=1))

    for what in ("private", "pinned", "archived", "unread"):
        assert found(alice, f"is:{what}") == found(alice, f"heliotrope is:{what}") == [what]
    assert found(alice, "is:mine") == ["private"]
    assert sorted(found(alice, "heliotrope is:shared")) == ["archived", "pinned", "unread"]
    assert sorted(found(alice, "-is:archived")) == ["pinned", "private", "unread"]
    assert found(bob, "is:private") == found(bob, "is:unread") == []
    assert found(alice, "is:private is:shared") == []


def test_days_of_questions(alice: User, converse: Make) -> None:
    for days in (0, 1, 40):
        converse(("A heliotrope?", "Yes."), title=f"{days}", ago=timedelta(days=days))
    today = timezone.localdate()

    assert found(alice, "heliotrope after:yesterday") == found(alice, "after:7d") == ["0", "1"]
    assert found(alice, f"before:{today - timedelta(days=7)}") == ["40"]
    assert found(alice, f"until:{today - timedelta(days=1)}") == ["1", "40"]
    assert found(alice, "on:today") == ["0"]
    assert found(alice, f"during:{today - timedelta(days=40):%Y-%m}")[-1:] == ["40"]
    assert found(alice, "heliotrope -on:today") == ["1", "40"]


def test_type_says_where_the_words_stand(alice: User, converse: Make) -> None:
    cite_title = "A violet tower"
    answer = add(converse(title="Violet"), 1, "Violet or blue?", "The violet one.")
    answer.sources.create(number=1, url="https://a.example/", title=cite_title, snippet="Of towers.")
    settle()

    def kinds(typed: str) -> list[str]:
        page = main(plain(alice).get(reverse("chat:search"), {"q": typed}).content.decode())
        places = page.split('class="quiet">')[2:]
        return [
            part.split("·")[0].strip()
            for part in places
            if part.split("·")[0].strip() in ("Question", "Answer", "Source")
        ]

    assert kinds("violet type:question") == ["Question"]
    assert kinds("violet type:answer") == ["Answer"]
    assert kinds("violet type:source") == ["Source"]
    assert kinds("violet type:title") == []
    assert sorted(kinds("violet type:question type:answer")) == ["Answer", "Question"]
    assert "Source" not in kinds("violet -type:source")


def test_sources_are_found_by_title_address_and_snippet(alice: User, charlie: User, converse: Make) -> None:
    answer = add(converse(title="Lights"), 1, "Who kept it?", "Nobody.")
    answer.sources.create(number=1, url="https://keepers.example/", title="Of zinnias", snippet="Marigolds grew there.")
    answer.sources.create(number=2, url="https://b.example/", title="Other", snippet="Nothing.", cited=True)

    for word in ("zinnias", "marigolds", "keepers.example"):
        assert found(alice, word) == ["Lights"]
        assert found(charlie, word) == []
    page = main(plain(alice).get(reverse("chat:search"), {"q": "marigolds"}).content.decode())
    assert "<mark>Marigolds</mark> grew there." in page
    assert "Of zinnias" in page
    assert f"#answer-{answer.pk}" in page

    Conversation.objects.all().delete()
    assert found(alice, "marigolds") == []


def test_a_text_that_changes_has_the_facts_of_its_new_form(alice: User, converse: Make) -> None:
    conversation = converse(("A heliotrope?", "Yes."), title="Heliotrope")
    answers = Answer.objects.filter(question__conversation=conversation)
    answers.update(html="<table>")
    assert found(alice, "has:table") == ["Heliotrope"]

    answers.update(text="No.", html="<p>No.</p>")

    assert found(alice, "has:table") == []


# --- What is wrong -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("has:cheese", "“has:cheese” isn’t a filter. Try has:table, has:code"),
        ("is:p", "“is:p” isn’t a filter. Try is:private, is:shared"),
        ("type:book", "Try type:title"),
        ("from:nobody", "Nobody on this team is called “nobody”."),
        ("in:nowhere", "There’s no space called “nowhere”."),
        ("after:tomorrow", "“tomorrow” isn’t a date."),
        ("site:%", "Enter a site, such as example.org."),
        ("model:gpt-0", "Your team has no model called “gpt-0”."),
    ],
)
def test_a_wrong_value_is_explained_and_narrows_nothing(alice: User, converse: Make, typed: str, said: str) -> None:
    converse(("A heliotrope?", "Yes."), title="Heliotrope")

    page = main(plain(alice).get(reverse("chat:search"), {"q": f"heliotrope {typed}"}).content.decode())

    assert said in page
    assert page.count('class="hit"') == 1


def test_nothing_found_says_which_filter_to_leave_out(alice: User, converse: Make) -> None:
    converse(("A heliotrope?", "Yes."))
    settle()

    page = main(plain(alice).get(reverse("chat:search"), {"q": "heliotrope has:code from:me"}).content.decode())

    assert "Without “Contains: Code”" in page
    assert 'href="/search/?q=heliotrope+from%3Ame"' in page
    assert 'href="/search/?q=heliotrope"' in page


# --- The fields and the text are one -----------------------------------------------------------------


def test_a_field_that_is_set_is_written_as_an_operator(alice: User, bob: User, converse: Make) -> None:
    converse(("A heliotrope?", "Yes."), owner=bob)
    settle()
    asked = {"q": "heliotrope", "by": str(bob.pk), "has": ["table", "code"], "state": "current", "was": ""}

    response = as_(alice, on="/search/").get(reverse("chat:search"), asked)

    address = "/search/?q=heliotrope+from%3Abob+-is%3Aarchived+has%3Atable+has%3Acode"
    assert response["HX-Replace-Url"] == address


def test_an_operator_is_shown_in_its_field_and_gone_when_the_text_has_it_no_more(alice: User) -> None:
    browser = plain(alice)
    page = main(browser.get(reverse("chat:search"), {"q": "lamp is:private has:table after:2026-01"}).content.decode())
    assert '<option value="private" selected>' in page
    assert 'name="since" value="2026-01-01"' in page

    sent = {"q": "lamp has:table", "visible": "private", "has": "table", "since": "2026-01-01"}
    sent["was"] = "visible=private&has=table&since=2026-01-01"  # as the fields were shown
    page = main(browser.get(reverse("chat:search"), sent).content.decode())

    assert 'value="lamp has:table"' in page
    assert '<option value="private" selected>' not in page


def test_a_field_that_is_changed_takes_the_place_of_its_operator(alice: User, bob: User) -> None:
    sent = {"q": "from:me during:2026-02 lamp", "by": str(bob.pk), "since": "2026-02-10", "until": "2026-02-28"}
    sent["was"] = "by=me&since=2026-02-01&until=2026-02-28"

    page = main(plain(alice).get(reverse("chat:search"), sent).content.decode())

    assert 'value="lamp from:bob after:2026-02-10 until:2026-02-28"' in page


def test_every_chip_leads_to_the_search_without_it(alice: User) -> None:
    page = main(plain(alice).get(reverse("chat:search"), {"q": "lamp from:me -has:table"}).content.decode())

    assert "Asked by: Me" in page
    assert "Not: Contains: Table" in page
    assert 'href="/search/?q=lamp+-has%3Atable"' in page
    assert 'href="/search/?q=lamp+from%3Ame"' in page


# --- Suggestions -------------------------------------------------------------------------------------


def test_suggestions_follow_what_is_typed(alice: User, bob: User, vera: User) -> None:
    membership = membership_of(alice)

    assert [one.text for one in suggestions("from:", membership)] == ["from:me", "from:bob", "from:vera"]
    assert [one.text for one in suggestions("-is:p", membership)] == ["-is:private", "-is:pinned"]
    assert [one.text for one in suggestions("has:ta", membership)] == ["has:table"]
    assert "from:" in [one.text for one in suggestions("", membership)]
    assert suggestions("foo:", membership) == []
    assert any(one.text == "model:sonar" for one in suggestions("model:sonar", membership))


def test_a_hundred_questions_have_their_facts_after_a_few_rounds(alice: User, converse: Make) -> None:
    conversation = converse(title="Many")
    asked = Question.objects.bulk_create(
        Question(conversation=conversation, author=alice, position=number, text="A lamp?", key=uuid.uuid4())
        for number in range(1, 101)
    )

    settle()

    assert found(alice, "from:me lamp") == ["Many"]
    assert len(asked) == 100
