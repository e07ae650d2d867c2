"""An answer held against all its sources, in a process of its own."""

import pytest

from chat.sources.checks.judging import Judged, JudgingFailed, judge_answer
from chat.sources.claims.judgements import SourceText

PAGE = "The light has 42 lamps. It was lit on 3 May 1890 by Ines Marlow. Nothing else is known of it."


def said(text: str, **sources: str) -> Judged:
    """What is said of the answer: `said("… [1].", n1="the page of [1]", d1="the passage of [D1]")`."""
    read = {name: [SourceText(page)] for name, page in sources.items()}
    return judge_answer(
        text,
        sources={int(name[1:]): texts for name, texts in read.items() if name.startswith("n")},
        documents={int(name[1:]): texts for name, texts in read.items() if name.startswith("d")},
        addresses={"https://light.example/page": 1},
    )


def test_each_mark_has_a_state_and_a_place_in_the_text() -> None:
    text = "The light has 42 lamps [1]. It was lit on 3 May 1891 [1][2]."
    judged = said(text, n1=PAGE, n2="A page about ships.")
    assert [(one["number"], one["position"]) for one in judged.marks] == [(1, 1), (1, 2), (2, 3)]
    assert [one["state"] for one in judged.marks] == ["found", "missing", "missing"]
    first = judged.marks[0]
    assert text[first["start"] : first["end"]] == "The light has 42 lamps [1]."
    assert "42 lamps" in first["passage"]


def test_a_number_without_a_source_is_no_mark_and_a_link_to_one_is() -> None:
    judged = said("The light has 42 lamps [9]. It has [42 lamps](https://light.example/page).", n1=PAGE)
    assert [(one["number"], one["state"]) for one in judged.marks] == [(1, "found")]


def test_figures_of_the_whole_text_say_where_they_stand() -> None:
    judged = said("The light has 42 lamps [2]. It cost 7,000 euros.", n1=PAGE, n2="A page about ships.")
    places = {fact["text"]: (fact["cited"], fact["others"], fact["apart"]) for fact in judged.facts}
    assert places["42"] == ([], ["1"], [])
    assert next(places[text] for text in places if text.startswith("7,000")) == ([], [], [])


def test_nothing_of_a_documents_words_leaves_the_process() -> None:
    judged = said("The light has 42 lamps [D1].", d1=PAGE)
    assert judged.marks == [
        {
            "position": 1,
            "sentence": "The light has 42 lamps.",
            "start": 0,
            "end": 28,
            "number": 1,
            "of_document": True,
            "state": "found",
        }
    ]
    assert judged.facts[0]["cited"] == ["D1"]
    assert "Marlow" not in str(judged.facts)


def test_five_hundred_marks_over_a_dozen_pages_are_all_judged() -> None:
    text = "\n\n".join(f"The light number {n} has {n * 7 + 1000} lamps [{n % 12 + 1}]." for n in range(500))
    judged = said(text, **{f"n{n}": f"{PAGE} {n}. " * 10 for n in range(1, 13)})
    assert len(judged.marks) == 500
    assert len(judged.facts) <= 1000


@pytest.mark.parametrize(
    "page", ["7" * 1_000_000, "a" * 2_000_000, "[1] " * 300_000, "“" * 500_000, "1.2.3.4-" * 200_000]
)
def test_a_hostile_page_ends_within_bounds(page: str) -> None:
    try:
        assert len(said("The light has 42 lamps [1].", n1=page).marks) == 1
    except JudgingFailed:
        pytest.fail("it took more than it may")
