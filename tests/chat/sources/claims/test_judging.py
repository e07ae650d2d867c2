"""A sentence held against a source: its state, the passage, and where each fact stands."""

import random

import pytest

from chat.sources.claims.judgements import JudgedFact, SourceText, State
from chat.sources.claims.judging import LONGEST_PASSAGE, judge

FILLER = (
    "The keeper wrote every signal down before evening came. Stone walls kept the lamps dry in winter. "
    "Later engines made steady power cheap, so towers lost their crews. "
)


def page(*said: str, before: int = 40, behind: int = 40) -> SourceText:
    """A long text with something in the middle of it."""
    return SourceText(FILLER * before + " ".join(said) + " " + FILLER * behind)


def test_the_passage_is_the_place_that_says_it() -> None:
    judgement = judge(
        "The bridge carries 43,000 cars a day.",
        [page("Opened in 1936, the bridge was built for trams.", "Today the bridge carries some 43,000 cars a day.")],
    )

    assert judgement.state == State.FOUND
    assert "43,000 cars" in judgement.passage
    assert len(judgement.passage) <= LONGEST_PASSAGE
    (start, end), *_ = judgement.highlights
    assert judgement.passage[start:end] == "43,000"


def test_a_figure_that_stands_among_other_words_is_not_found() -> None:
    source = page("The bridge was built for trams, and carries cars today.", behind=200)
    source = SourceText(source.text + " The bakery sold 43,000 loaves last year.")
    judgement = judge("The bridge carries 43,000 cars a day.", [source])

    assert judgement.state == State.MISSING
    assert judgement.facts[0].elsewhere


def test_a_small_number_has_to_stand_beside_what_it_counts() -> None:
    sentence = "The lake has 12 islands."

    assert judge(sentence, [page("There are 12 islands in the lake.")]).state == State.FOUND
    assert judge(sentence, [page("The lake has islands.", FILLER * 4, "It took 12 men to row.")]).state == State.MISSING


def test_what_is_missing_is_named() -> None:
    judgement = judge("In 2020 the tower was 330 m high.", [page("The tower was measured in 2020: 324 m.")])

    assert judgement.state == State.PARTLY
    assert [fact.text for fact in judgement.missing] == ["330 m"]


@pytest.mark.parametrize(
    ("sentence", "source", "state", "near"),
    [
        ("About 3.4 million people live there.", "In all 3,389,220 people live there.", State.FOUND, "3,389,220"),
        ("In all 3,389,220 people live there.", "About 3.4 million people live there.", State.PARTLY, "3.4 million"),
        ("The trail is 16 km long.", "The trail is 10 miles long.", State.FOUND, "10 miles"),
        ("The trail is 18 km long.", "The trail is 10 miles long.", State.MISSING, ""),
        ("It fell by 5% then.", "It fell by 5 percentage points then.", State.MISSING, ""),
        ("It cost 5 million euros.", "It cost 5 million dollars.", State.MISSING, ""),
        ("It grew to 8 trillion yen.", "It grew to 7.6 trillion yen.", State.PARTLY, "7.6 trillion yen"),
    ],
)
def test_what_the_source_says_instead_is_told(sentence: str, source: str, state: State, near: str) -> None:
    judgement = judge(sentence, [SourceText(source)], language="en")

    assert judgement.state == state
    assert judgement.facts[0].near == near


def test_a_sentence_without_facts_is_shown_with_its_passage() -> None:
    judgement = judge("Towers lost crews because engines were cheap.", [page("Nothing else is said here.")])

    assert judgement.state == State.SHOWN
    assert "engines" in judgement.passage


def test_a_source_without_text_is_unread() -> None:
    assert judge("It cost 5 euros.", []).state == State.UNREAD
    assert judge("It cost 5 euros.", [SourceText(" \n")]).state == State.UNREAD


def test_facts_may_stand_in_either_text_of_a_source() -> None:
    snippet = SourceText("The tower is 330 m high.", from_search=True)
    judgement = judge("The tower, 330 m high, opened in 1889.", [snippet, page("The tower opened in 1889.")])

    assert judgement.state == State.FOUND


def test_the_page_is_that_on_which_the_passage_begins() -> None:
    text = FILLER * 10 + "The tower is 330 m high. " + FILLER * 10
    pages = ((1, 0), (2, len(FILLER) * 5), (3, len(FILLER) * 15))

    assert judge("The tower is 330 m high.", [SourceText(text, pages)]).page == 2


def test_a_judged_fact_comes_back_from_json() -> None:
    for fact in judge("The trail is 16 km long.", [SourceText("The trail is 10 miles long.")]).facts:
        assert JudgedFact.from_json(fact.to_json()) == fact


@pytest.mark.parametrize("piece", ["1", "1,", "123 ", "“", "万1", "[", "[1]", "`a", " ", "A", "Aa ", "| ", "1 km to "])
def test_a_hostile_text_is_judged_all_the_same(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    sentence = 'In March 2023 "so many words here" by Marie Curie cost 3.4 million dollars in Berlin, the WHO said.'

    assert judge(sentence, [SourceText(text)]).state in (State.MISSING, State.UNREAD)
    assert judge(text[:64_000], [SourceText(sentence)]).state in (State.MISSING, State.SHOWN)


def test_random_texts_are_judged_and_highlights_are_in_order() -> None:
    chance = random.Random(7)
    pieces = [
        "In 2020",
        "5 km",
        "Berlin",
        "“a b c d”",
        "3 May",
        "\n",
        ". ",
        "12%",
        "東京",
        "3億",
        "the",
        "e\u0301",
        "€5",
    ]
    for _ in range(300):
        sentence = " ".join(chance.choices(pieces, k=8))
        judgement = judge(sentence, [SourceText(" ".join(chance.choices(pieces, k=60)))])
        at = 0
        for start, end in judgement.highlights:
            assert at <= start < end <= len(judgement.passage)
            at = end


@pytest.mark.parametrize(
    "snippet",
    [
        "### Python 3.14\n- Python 3.14.8, released on 30 September 2026\n- Python 3.14.7, released on 5 August 2026",
        "Releases by version number:\n1. Python 3.14.8 Sept. 30, 2026 Download\n2. Python 3.13.9 Sept. 2, 2026",
    ],
)
def test_lists_of_releases_as_searches_return_them_hold_their_own_dates(snippet: str) -> None:
    right = judge("Python 3.14.8 is the newest version, released September 30, 2026.", [SourceText(snippet)])
    wrong = judge("Python 3.14.9 is the newest version, released October 30, 2026.", [SourceText(snippet)])

    assert right.state == State.FOUND
    assert [judged.fact.text for judged in right.facts] == ["Python 3.14.8", "September 30, 2026"]
    assert wrong.state == State.MISSING
