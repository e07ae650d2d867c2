"""The labelled sentences: no state is said wrongly more often than it may be."""

from collections.abc import Sequence

import pytest

from benchmarks.claims import Item, labelled_sentences, rates_of, state_of

SIZES = {"1": 150, "2": 150, "3": 120}


@pytest.mark.parametrize("half", SIZES)
def test_states_are_hardly_ever_wrong(half: str) -> None:
    items = labelled_sentences(half)
    rates = rates_of(items)

    assert len(items) == SIZES[half]
    assert rates["found"] <= 1
    assert rates["missing"] <= 10


@pytest.mark.parametrize("half", SIZES)
def test_what_has_no_facts_never_gets_a_state(half: str) -> None:
    shown = [item for item in labelled_sentences(half) if item["expected"] == "shown"]

    assert [item["id"] for item in shown if state_of(item) != "shown"] == []


def test_of_hard_cases_that_no_rule_was_adjusted_to_most_are_right() -> None:
    items = labelled_sentences("4")

    assert len(items) == 100
    assert rates_of(items)["right"] >= 70


def test_a_long_page_changes_nothing() -> None:
    items = labelled_sentences("2")
    amid = [item | {"passage": _page(items, item, own=True)} for item in items]
    rates = rates_of(amid)

    assert rates["found"] <= 1
    assert rates["missing"] <= 10


def test_a_page_of_other_things_holds_hardly_anything() -> None:
    items = [item for item in labelled_sentences("2") if item["expected"] != "shown"]
    states = [state_of(item | {"passage": _page(items, item, own=False)}) for item in items]

    assert states.count("found") <= len(states) / 100


def _page(items: Sequence[Item], item: Item, *, own: bool) -> str:
    """All passages in the language of an item, in order, with its own or without."""
    return "\n\n".join(
        other["passage"]
        for other in items
        if other["language"] == item["language"] and (other["passage"] != item["passage"] or own)
    )
