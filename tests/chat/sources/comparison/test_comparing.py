"""What one answer says that another does not."""

import random
import string
from collections.abc import Sequence

import pytest

from chat.sources.claims.facts import Fact, FactKind
from chat.sources.comparison.agreement import MOST_ROWS, Stance, agreement
from chat.sources.comparison.comparing import compare
from chat.sources.comparison.difference import Change, Difference, Reason
from chat.sources.comparison.views import AnswerView, Sentence, SourceView
from tests.cpu_time import at_most


def figure(text: str, kind: FactKind = FactKind.FIGURE) -> Fact:
    number, _blank, unit = text.partition(" ")
    return Fact(kind, text, 0, len(text), (kind.value, unit, number))


def says(text: str, *facts: str, kind: FactKind = FactKind.FIGURE) -> Sentence:
    return Sentence(text, [figure(one, kind) for one in facts])


def view(*sentences: Sentence, sources: str = "", uncited: str = "") -> AnswerView:
    shown = [SourceView(key, key, f"https://{key}.example/", cited=key not in uncited) for key in sources]
    return AnswerView(sentences=sentences, sources=shown)


def changes(difference: Difference) -> list[tuple[str, str]]:
    return [(str(one.change), one.text) for one in difference.sentences]


TUNNEL = says("The tunnel is 8.9 km long and was opened in spring.", "8.9 km")
LONGER = says("The tunnel is 9.8 km long and was opened in spring.", "9.8 km")
LANES = says("It has two lanes in each direction.", "two")
TOLL = says("Lorries pay a toll of 12 euros.", "12 euros")


def test_the_same_answer_does_not_differ() -> None:
    difference = compare(view(TUNNEL, LANES, sources="ab"), view(TUNNEL, LANES, sources="ab"))
    assert {one.change for one in difference.sentences} == {Change.SAME}
    assert not difference.facts
    assert not difference.is_real_change
    assert not difference.changed_sentences


def test_a_figure_that_changed_is_told_with_what_it_was() -> None:
    difference = compare(view(LANES, TUNNEL), view(LANES, LONGER))
    (change,) = difference.facts
    assert change.old
    assert change.new
    assert (change.old.text, change.new.text, change.sentence) == ("8.9 km", "9.8 km", LONGER.text)
    changed = difference.changed_sentences[0]
    assert [piece.text for piece in changed.old_pieces if piece.differs] == ["8.9"]
    assert [piece.text for piece in changed.new_pieces if piece.differs] == ["9.8"]
    assert "".join(piece.text for piece in changed.new_pieces) == LONGER.text
    assert difference.reasons == {Reason.FIGURES}


def test_two_figures_that_change_places_are_told_though_both_are_still_there() -> None:
    old = view(says("Rents rose by 4%.", "4%"), says("Wages rose by 6%.", "6%"))
    new = view(says("Rents rose by 6%.", "6%"), says("Wages rose by 4%.", "4%"))
    found = [(one.old and one.old.text, one.new and one.new.text) for one in compare(old, new).facts]
    assert found == [("4%", "6%"), ("6%", "4%")]


def test_what_came_and_what_went_stands_where_it_is() -> None:
    difference = compare(view(TUNNEL, LANES), view(TUNNEL, TOLL))
    assert changes(difference) == [("same", TUNNEL.text), ("added", TOLL.text), ("gone", LANES.text)]
    assert difference.reasons == {Reason.FIGURES, Reason.STATEMENTS}


def test_other_words_for_the_same_are_no_real_change() -> None:
    old = view(says("The tunnel is 8.9 km long, and it was opened in the spring.", "8.9 km"))
    new = view(says("Opened in the spring, the tunnel is 8.9 km long.", "8.9 km"))
    difference = compare(old, new)
    assert [one.change for one in difference.sentences] == [Change.CHANGED]
    assert not difference.is_real_change


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The tunnel is open to cyclists.", "The tunnel is not open to cyclists."),
        ("Der Tunnel ist für Radfahrer offen.", "Der Tunnel ist für Radfahrer nicht offen."),
        ("Le tunnel est ouvert aux cyclistes.", "Le tunnel n’est pas ouvert aux cyclistes."),
        ("トンネルは自転車で通れる。", "トンネルは自転車で通れない。"),
    ],
)
def test_a_sentence_that_is_denied_is_a_real_change(old: str, new: str) -> None:
    assert compare(view(says(old)), view(says(new))).reasons == {Reason.STATEMENTS}


def test_a_sentence_at_another_place_is_the_same_sentence() -> None:
    difference = compare(view(TUNNEL, LANES, TOLL), view(TOLL, TUNNEL, LANES))
    assert [(one.text, one.moved) for one in difference.sentences] == [
        (TOLL.text, True),
        (TUNNEL.text, False),
        (LANES.text, False),
    ]
    assert not difference.is_real_change


def test_a_name_said_once_more_is_wording_and_another_one_in_its_place_is_not() -> None:
    one = says("Anna Lind designed it for the town.", "Anna Lind", kind=FactKind.NAME)
    other = says("Karl Berg designed it for the town.", "Karl Berg", kind=FactKind.NAME)
    without = says("She designed it for the town.")
    assert Reason.NAMES in compare(view(one), view(other)).reasons
    assert not compare(view(one), view(without)).is_real_change


def test_a_date_that_says_less_is_no_other_date() -> None:
    day = Sentence("It was opened on 3 May 1990.", [Fact(FactKind.DATE, "3 May 1990", 0, 0, ("date", "1990-05-03"))])
    month = Sentence("It was opened in May 1990.", [Fact(FactKind.DATE, "May 1990", 0, 0, ("date", "1990-05"))])
    other = Sentence("It was opened in June 1990.", [Fact(FactKind.DATE, "June 1990", 0, 0, ("date", "1990-06"))])
    assert not compare(view(day), view(month)).is_real_change
    assert compare(view(day), view(other)).reasons == {Reason.DATES}
    assert [row.is_agreed for row in agreement([view(day), view(month)]).rows] == [True]
    assert [row.is_disputed for row in agreement([view(day), view(other)]).rows] == [True]


def test_sources_are_told_apart_by_their_page() -> None:
    sources = compare(view(sources="ab"), view(sources="bcb")).sources
    assert [[one.key for one in found] for found in (sources.gone, sources.added, sources.kept)] == [
        ["a"],
        ["c"],
        ["b"],
    ]


def test_only_a_source_that_is_cited_makes_a_real_change() -> None:
    assert compare(view(sources="a"), view(sources="ab", uncited="b")).is_real_change is False
    assert compare(view(sources="a"), view(sources="ab")).reasons == {Reason.SOURCES}


def test_what_is_kept_of_a_difference_is_plain_and_short() -> None:
    many = [
        says(f"Sentence number {n} about the letter {string.ascii_letters[n % 52] * 9}.", str(n)) for n in range(200)
    ]
    kept = compare(view(TUNNEL), view(LONGER, *many, sources="a")).to_json(most=5)
    assert kept["facts"][0] == {"kind": "figure", "old": "8.9 km", "new": "9.8 km", "sentence": LONGER.text}
    assert len(kept["facts"]) == len(kept["sentences"]) == 5
    assert kept["sources"]["added"] == [{"title": "a", "url": "https://a.example/"}]
    assert kept["reasons"] == ["figures", "sources", "statements"]


def _words(count: int) -> Sequence[str]:
    chance = random.Random(7)
    return ["".join(chance.choices(string.ascii_lowercase, k=6)) for _ in range(count)]


def _prose(seed: int) -> list[str]:
    chance, words = random.Random(seed), _words(300)
    return [" ".join(chance.choices(words, k=20)) + "." for _ in range(450)]


WORST = {
    "prose and other prose": (_prose(1), _prose(2)),
    "prose in another order, changed": (_prose(1), [one.replace("a", "b", 1) for one in reversed(_prose(1))]),
    "one sentence again and again": (["a."] * 21_000, ["b."] * 21_000),
    "two in turns": (["a.", "b."] * 10_000, ["b.", "c."] * 10_000),
    "the other way round": ([f"w{n}." for n in range(9_000)], [f"w{n}." for n in reversed(range(9_000))]),
    "one that never ends": (["a b " * 16_000], ["b a " * 16_000]),
    "signs alone": (["!? " * 20_000], ["?! " * 20_000]),
}


@pytest.mark.parametrize("name", WORST)
def test_two_answers_of_64_kilobytes_take_a_bounded_share_of_a_thread(name: str) -> None:
    old, new = (view(*(says(text, text[:4]) for text in texts)) for texts in WORST[name])
    with at_most(3):
        compare(old, new)


def test_models_agree_differ_or_say_nothing_of_a_figure() -> None:
    figures = agreement([view(TUNNEL, LANES), view(LONGER), view(TUNNEL, TOLL)])
    told = [[(cell.stance, cell.text) for cell in row.cells] for row in figures.rows]
    silent = (Stance.SILENT, "")
    assert told == [
        [(Stance.SAYS, "8.9 km"), (Stance.OTHERWISE, "9.8 km"), (Stance.SAYS, "8.9 km")],
        [(Stance.SAYS, "two"), silent, silent],
        [silent, silent, (Stance.SAYS, "12 euros")],
    ]
    assert (figures.agreed, figures.disputed) == (0, 1)


def test_another_measure_is_not_another_figure() -> None:
    heavy = says("The tunnel is 8 t heavy and was opened in spring.", "8 t")
    rows = agreement([view(TUNNEL), view(heavy)]).rows
    assert not any(row.is_disputed for row in rows)


def test_no_more_figures_are_told_than_a_page_can_have() -> None:
    many = view(*(says(f"Number {n} of them all.", str(n)) for n in range(100)))
    figures = agreement([many, many])
    assert len(figures.rows) == MOST_ROWS
    assert figures.left_out == 100 - MOST_ROWS
    assert figures.agreed == MOST_ROWS
