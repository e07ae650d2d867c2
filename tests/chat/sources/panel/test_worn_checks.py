"""What an answer and its panel show of a check, to whom."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from chat.conversations.exchanges import answer_for
from chat.live.shown_checks import marks_in, state_word
from chat.models import Answer, CheckedMark, CitationCheck, OpinionRequest
from chat.notifications.news import news_since
from chat.rendering import to_html
from tests.chat.conversations.conftest import as_, plain
from tests.chat.sources.panel import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(harbour: Team, alice: User) -> Answer:
    """An answer with citations that nobody has checked."""
    return made.answered(team=harbour, by=alice)


def page_of(answer: Answer, client: Client) -> str:
    address = reverse("chat:conversation", args=[answer.question.conversation_id])
    return client.get(address).content.decode()


def address(answer: Answer, name: str = "answer_check") -> str:
    return reverse(f"chat:{name}", args=[answer.question.conversation_id, answer.pk])


def test_an_answer_with_citations_offers_a_check_to_those_who_may_ask(answer: Answer, bob: User, vera: User) -> None:
    assert "Check citations" in page_of(answer, plain(bob))
    assert "Check citations" not in page_of(answer, plain(vera))


def test_an_answer_without_marks_offers_none(harbour: Team, alice: User) -> None:
    answer = made.answered(team=harbour, by=alice, text="It is tall.")
    assert "check-line" not in page_of(answer, plain(alice))


def test_a_check_begins_at_once_and_once(answer: Answer, bob: User) -> None:
    first, second = (as_(bob).post(address(answer, "begin_check")).content.decode() for _ in range(2))
    assert "Checking citations…" in first
    assert 'hx-trigger="every 1500ms"' in second
    assert CitationCheck.objects.count() == 1
    assert plain(bob).post(address(answer, "begin_check")).headers["location"] == address(answer)
    CitationCheck.objects.update(pages=12, pages_done=3)
    assert "Checking… 3 of 12 pages read" in as_(bob).get(address(answer, "check_line")).content.decode()


def test_the_line_says_what_was_found_and_marks_wear_their_states(answer: Answer, vera: User) -> None:
    made.check_of(answer)
    page = page_of(answer, plain(vera))
    assert "2 of 4 citations found · 2 figures in no source · 1 page could not be read" in page
    assert 'aria-label="2: The keepers’ log, Partly" data-check="partly" data-mark="3" data-word="partly"' in page
    assert page.count('data-check="found" data-mark') == 2
    assert Answer.objects.get(pk=answer.pk).html == answer.html
    assert "data-check" not in answer.html


def test_a_check_of_another_text_says_so_and_colours_nothing(answer: Answer, alice: User) -> None:
    made.check_of(answer, text_sha256="0" * 64)
    page = page_of(answer, plain(alice))
    assert "The text has changed since." in page
    assert 'data-check="found" data-mark' not in page


def test_a_check_by_older_rules_says_so(answer: Answer, alice: User) -> None:
    made.check_of(answer, rules=0)
    assert "Checked by an earlier version’s rules." in page_of(answer, plain(alice))


def test_a_check_that_failed_can_be_tried_again(answer: Answer, alice: User) -> None:
    made.check_of(answer, marks=(), state=CitationCheck.State.FAILED)
    page = page_of(answer, plain(alice))
    assert "The citations couldn’t be checked." in page
    assert "Try again" in page


def test_the_panel_shows_sentence_and_passage_side_by_side(answer: Answer, vera: User) -> None:
    made.check_of(answer)
    panel = as_(vera).get(address(answer)).content.decode()
    assert '<mark class="missing">203 steps</mark> and a light that reaches <mark>18 nautical miles</mark>' in panel
    assert "The answer says “203 steps”; the source says “199”." in panel
    assert "only shown to people who sign in" in panel
    assert panel.count('class="checked-mark"') == 5
    assert "second opinion" not in panel  # Vera may not spend
    assert "In [1] [2], which its sentence cites" in panel
    assert panel.count("In no source that could be read") == 2
    for word in ("false", "✓", "correct"):
        assert word not in panel.casefold()


def test_the_panel_is_filtered_by_state(answer: Answer, alice: User) -> None:
    made.check_of(answer)
    panel = as_(alice).get(address(answer), {"state": "unread"}).content.decode()
    assert panel.count('class="checked-mark"') == 1
    assert 'id="mark-5"' in panel
    assert as_(alice).get(address(answer), {"state": "shown"}).content.decode().count('class="checked-mark"') == 1


def test_what_sources_say_is_data(answer: Answer, alice: User) -> None:
    hostile = "<script>alert(1)</script> & <b>203 steps</b>"
    marks = [{**made.MARKS[1], "passage": hostile, "facts": [made.fact(made.MARKS[1]["sentence"], "203 steps")]}]
    made.check_of(answer, marks=marks)
    for page in (page_of(answer, plain(alice)), plain(alice).get(address(answer)).content.decode()):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_panel_of_many_citations_comes_in_pieces(answer: Answer, alice: User) -> None:
    made.check_of(answer, marks=[made.MARKS[0]] * 500)
    panel = as_(alice).get(address(answer), {"around": "130"}).content.decode()
    assert panel.count('class="checked-mark"') == 50
    assert 'id="mark-130"' in panel
    assert "Earlier citations" in panel
    assert "More citations" in panel


def test_strangers_and_those_who_may_not_see_the_conversation_get_nothing(
    harbour: Team, alice: User, bob: User, charlie: User
) -> None:
    answer = made.answered(team=harbour, by=alice, visibility="private")
    made.check_of(answer)
    for person in (bob, charlie):
        for name in ("answer_check", "check_line"):
            assert plain(person).get(address(answer, name)).status_code == 404
        for name in ("begin_check", "ask_opinion"):
            assert plain(person).post(address(answer, name)).status_code == 404


def test_a_second_opinion_is_asked_for_with_its_price(answer: Answer, alice: User) -> None:
    made.check_of(answer)
    assert "At most $0.00" in as_(alice).get(address(answer)).content.decode()
    panel = as_(alice).post(address(answer, "ask_opinion")).content.decode()
    assert "A model is reading the sentences and passages…" in panel


def test_a_second_opinion_that_failed_says_why(answer: Answer, alice: User) -> None:
    check = made.check_of(answer)
    why = {"message": "The answer service couldn’t answer."}
    OpinionRequest.objects.create(check_of=check, provider="agent", model="nano", state="failed", problem=why)
    assert "The answer service couldn’t answer." in as_(alice).get(address(answer)).content.decode()


def test_a_second_opinion_is_marked_as_a_models(answer: Answer, alice: User) -> None:
    made.check_of(answer)
    said = {"verdict": "does_not_say", "reason": "It names 199 steps.", "model": "nano", "cost": "0.000120"}
    CheckedMark.objects.filter(position=3).update(opinion=said)
    panel = as_(alice).get(address(answer)).content.decode()
    assert "Opinion of a model: nano" in panel
    assert "The passage doesn’t say." in panel
    assert "It names 199 steps." in panel
    assert 'class="check-state" data-check="partly">Partly' in panel


def test_people_who_follow_the_conversation_are_told_that_it_is_being_checked(answer: Answer, alice: User) -> None:
    before = timezone.now()
    made.check_of(answer)
    [notice] = [one for one in news_since(before, {alice.pk})[alice.pk] if one.kind == "check"]
    assert notice.answer == answer.pk


def test_the_history_says_where_a_figure_is_in_no_source(answer: Answer, alice: User) -> None:
    history = reverse("chat:history")
    assert "Figure in no source" not in plain(alice).get(history).content.decode()
    made.check_of(answer)
    assert "Figure in no source" in plain(alice).get(history).content.decode()
    made.check_of(answer, figures_missing=0)
    assert "Figure in no source" not in plain(alice).get(history).content.decode()


def test_a_conversation_of_checked_answers_takes_no_more_queries(
    answer: Answer, alice: User, django_assert_max_num_queries: Any
) -> None:
    made.check_of(answer)
    with django_assert_max_num_queries(5):
        answer_for(Answer.objects.prefetch_related("sources").get(pk=answer.pk), alice.pk)


# --- which mark is which --------------------------------------------------------------------------------------


def rows(*marks: tuple[str, str, str]) -> list[CheckedMark]:
    """Rows of marks: label, state, sentence; the same sentence follows itself in one place."""
    starts: dict[str, int] = {}
    return [
        CheckedMark(
            position=position,
            number=int(label.removeprefix("D")),
            of_document=label.startswith("D"),
            state=state,
            sentence=sentence,
            start=starts.setdefault(sentence, len(starts)),
        )
        for position, (label, state, sentence) in enumerate(marks, start=1)
    ]


def worn(text: str, checked: Sequence[CheckedMark], **how: Any) -> list[tuple[int, str, str]]:
    class Named:
        """A source as the renderer wants it."""

        def __init__(self, number: int) -> None:
            self.number, self.title, self.url = number, "T", f"https://s{number}.example/"

    html = to_html(text, sources=[Named(1), Named(2)], documents=2, anchor="a")
    return [(mark.ordinal, mark.state, mark.word) for mark in marks_in(html, checked, **how)]


@pytest.mark.parametrize(
    ("text", "checked", "expected"),
    [
        pytest.param(
            "One ship [1]. Two ships [1].",
            [("1", "found", "One ship"), ("1", "missing", "Two ships")],
            [(0, "found", "found"), (1, "missing", "not found")],
            id="the same source at two sentences",
        ),
        pytest.param(
            "One ship [1][2].",
            [("1", "found", "One ship"), ("2", "found", "One ship")],
            [(0, "found", ""), (1, "found", "found")],
            id="one word for neighbours that say the same",
        ),
        pytest.param(
            "One ship [D1][2].",
            [("2", "partly", "One ship"), ("D1", "found", "One ship")],
            [(0, "found", "found")],
            id="in another order, the first can be told",
        ),
        pytest.param(
            "An unknown boat [1]. Two ships [1].",
            [("1", "missing", "Two ships")],
            [(1, "missing", "not found")],
            id="a mark that was not looked at wears nothing",
        ),
        pytest.param("One ship [1].", [], [], id="nothing was looked at"),
    ],
)
def test_each_mark_wears_its_own_state(
    text: str, checked: Sequence[tuple[str, str, str]], expected: list[tuple[int, str, str]]
) -> None:
    assert worn(text, rows(*checked))[: len(expected)] == expected


def test_marks_of_documents_wear_nothing_for_those_who_may_not_see_them() -> None:
    checked = rows(("D1", "found", "One ship"), ("1", "found", "Two ships"))
    text = "One ship [D1]. Two ships [1]."
    assert worn(text, checked, hides_documents=True) == [(1, "found", "found")]


def test_every_state_but_that_without_one_has_a_word() -> None:
    words = {state: state_word(state) for state in CheckedMark.State.values}
    assert words.pop("") == ""
    assert all(words.values())
