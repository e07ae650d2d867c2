"""Dates and times, in every usual form."""

import pytest

from chat.sources.claims.facts import FactKind
from chat.sources.claims.finding import facts_of
from chat.sources.claims.judgements import SourceText, State
from chat.sources.claims.judging import judge


def dates_of(text: str, language: str = "en") -> list[str]:
    facts = facts_of(text, language=language)
    return [str(tuple(fact.value)[1]) for fact in facts if fact.kind == FactKind.DATE and isinstance(fact.value, tuple)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("on 3 May 2024", "en"),
        ("on May 3rd, 2024", "en"),
        ("on the 3rd of May, 2024", "en"),
        ("on 2024-05-03", "en"),
        ("am 3. Mai 2024", "de"),
        ("am 03.05.2024", "de"),
        ("le 3 mai 2024", "fr"),
        ("el 3 de mayo de 2024", "es"),
        ("em 3 de maio de 2024", "pt"),
        ("2024年5月3日に", "ja"),
        ("令和6年5月3日に", "ja"),
        ("في 3 مايو 2024", "ar"),
    ],
)
def test_one_day_is_the_same_in_all_forms(text: str, language: str) -> None:
    assert dates_of(f"{text}.", language) == ["2024-05-03"]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("It opened in May 2024.", ["2024-05"]),
        ("It opened in 2024.", ["2024"]),
        ("It opened on May 3.", ["--05-03"]),
        ("It was there from 1914 to 1918.", ["1914", "1918"]),
        ("It is on from July 3–5, 2024.", ["2024-07-03", "2024-07-05"]),
        ("It was common in the 1990s.", ["1990"]),
        ("It begins at 2:30 pm.", ["14:30"]),
    ],
)
def test_what_is_said_of_a_date_is_what_is_read(text: str, dates: list[str]) -> None:
    assert dates_of(text) == dates


@pytest.mark.parametrize(
    ("sentence", "source", "state"),
    [
        ("It opened in May 2024.", "Opened to the public: 3 May 2024.", State.FOUND),
        ("It opened in 2024.", "Opened to the public: 3 May 2024.", State.FOUND),
        ("It opened on 3 May 2024.", "Opened to the public in May 2024.", State.PARTLY),
        ("It opened on 3 May 2024.", "Opened to the public on 4 May 2024.", State.MISSING),
        ("It opened on 3 May 2024.", "Opened to the public: 03/05/2024.", State.FOUND),
        ("It opened on 5 March 2024.", "Opened to the public: 03/05/2024.", State.FOUND),
        ("It opened on 3 May 2024.", "News of 2024. On May 3 it opened to the public.", State.FOUND),
        ("It begins at 2:30 pm.", "It begins at 14:30 in the hall.", State.FOUND),
    ],
)
def test_a_date_is_found_where_the_source_says_all_of_it(sentence: str, source: str, state: State) -> None:
    assert judge(sentence, [SourceText(source)], language="en").state == state
