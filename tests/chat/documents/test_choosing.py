"""Which passages go along with a question: those that have to do with it, within the number and the budget."""

from dataclasses import dataclass, field
from itertools import count

import pytest

from chat.documents.choosing import MOST_PASSAGES, MOST_TOKENS, choose, query_terms, tokens_of
from tests.cpu_time import at_most

_numbers = count(1)


@dataclass(frozen=True)
class Found:
    text: str
    label: str = ""
    name: str = "annals.pdf"
    document: int = 1
    id: int = field(default_factory=lambda: next(_numbers) * 10)


NOISE = [
    Found(f"The harbour of Varn counts {number} boats in the year 18{number}.", document=2) for number in range(40)
]
LAMPS = Found("Three lamps burn in the lighthouse of Varn. Each needs two litres of oil for one night.")


def said(question: str) -> list[str]:
    return [" ".join(term.tokens) + "*" * term.grows for term in query_terms(question)]


def test_the_passage_that_answers_comes_first() -> None:
    assert choose([*NOISE, LAMPS], question="How much oil does a lamp need each night?")[0] is LAMPS


def test_a_word_is_found_in_its_other_forms() -> None:
    assert choose([LAMPS], question="lamp") == [LAMPS]
    assert choose([Found("A lampoon about the keeper.")], question="lamp") == []
    assert choose([Found("The deduction is limited.")], question="Which deductions are there?")
    assert choose([Found("Die Leuchttürme der Insel.")], question="Wie viele Leuchttürmen?")


def test_a_heading_counts_for_more_than_the_text() -> None:
    text, heading = Found("Oil is brought by boat."), Found("It is brought by boat.", label="Stores › Oil")
    assert choose([text, heading], question="Where does the oil come from?")[0] is heading


def test_a_phrase_counts_for_more_than_its_words_apart() -> None:
    apart = Found("The north has a tower, and this light stands far away from any harbour of the coast.")
    together = Found("The north light stands far away, and the harbour has a tower as well, at the coast.")
    assert choose([apart, together], question="north light")[0] is together


def test_a_list_of_contents_gives_way_to_what_it_lists() -> None:
    contents = Found("\n".join(f"{n}.{m} Lamps and oil … {n * 10 + m}" for n in range(3) for m in range(4)))
    assert choose([contents, LAMPS], question="lamps and oil")[0] is LAMPS


def test_no_more_go_along_than_wanted() -> None:
    found = choose(NOISE, question="How many boats are in the harbour of Varn?")
    assert len(found) <= MOST_PASSAGES
    assert len(choose(NOISE, question="How many boats are in the harbour of Varn?", most=3)) == 3


@pytest.mark.parametrize("sentence", ["The lamps of Varn burn. ", "灯塔的灯在燃烧。lamps "])
def test_no_more_go_along_than_the_budget_has_room_for(sentence: str) -> None:
    found = [Found(f"{number} {sentence * 40}", document=number) for number in range(20)]
    for tokens in (100, 1_000, MOST_TOKENS):
        chosen = choose(found, question="lamps", tokens=tokens)
        assert sum(tokens_of(one.text) for one in chosen) <= tokens


def test_what_does_not_fit_leaves_its_room_to_what_does() -> None:
    long = Found("The lamps of Varn burn. " * 200)
    assert choose([long, LAMPS], question="lamps of Varn", tokens=200) == [LAMPS]


def test_the_same_passage_of_two_documents_goes_along_once() -> None:
    twin = Found(LAMPS.text, document=9)
    assert choose([LAMPS, twin], question="lamps") == [LAMPS]


def test_one_document_does_not_take_all_the_places() -> None:
    many = [Found(f"Lamps of Varn, report {number}: all well.", document=1) for number in range(20)]
    other = Found("Lamps of Varn, seen by a visitor: one flickers.", document=2)
    assert other in choose([*many, other], question="lamps of Varn")


def test_nothing_goes_along_that_has_nothing_to_do_with_the_question() -> None:
    assert choose(NOISE, question="photosynthesis") == []
    assert choose([], question="lamps") == []
    assert choose(NOISE, question="?!") == []
    assert all("harbour" in one.text for one in choose([*NOISE, Found("Nothing.")], question="harbour"))


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("How many deductions may I claim in 2007?", {"2007", "deduct*", "claim*"}),
        ("Wie installiere ich die Software?", {"installier*", "softwar*"}),
        ("Quelles sont les plateformes ?", {"plateform*"}),
        ("Who won the war?", {"war"}),
        ("May options begin with a plus sign?", {"option*", "begin*", "plus*", "sign*"}),
        ("疎なデータの問題とは何ですか", {"疎", "デ ー", "ー タ", "問 題", "何"}),
        ("灯塔的灯", {"灯 塔", "灯"}),
        ("C++ and .NET", {"c＋＋", "net"}),
        ("where is it", {"where", "is", "it"}),
        ("", set()),
    ],
)
def test_a_question_is_looked_for_by_the_words_that_say_something(question: str, terms: set[str]) -> None:
    assert set(said(question)) == terms


def test_numbers_and_long_words_come_first() -> None:
    assert said("The tax on 79,800 for a corporation") == ["800", "79", "corporat*", "tax"]


def test_any_question_and_any_passages_take_a_bounded_time() -> None:
    hostile = [
        Found(text * 1_500, label=text * 200, name=text * 200) for text in ("a", "灯", "a ", "\n", "1 ", "ß", "กา")
    ]
    for question in ("a" * 100_000, "灯塔" * 50_000, "lamp " * 20_000, "\0" * 1_000, "กา" * 20_000, '"*()-:' * 5_000):
        with at_most(2):
            choose(hostile * 20, question=question)
        assert len(query_terms(question)) <= 16
