"""What the cost of an answer consists of, as its details tell it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string

from chat.catalog import offers
from chat.models import Answer
from chat.templatetags.cost_shares import cost_shares, forecast
from tests.questions import words
from upstream.catalog.prices import AS_OF

USAGE = {
    "prompt_tokens": 33,
    "completion_tokens": 7163,
    "total_tokens": 7196,
    "citation_tokens": 20016,
    "reasoning_tokens": 73997,
    "num_search_queries": 18,
}
REPORTED = {
    "input_tokens_cost": 0.00007,
    "output_tokens_cost": 0.0573,
    "citation_tokens_cost": 0.04003,
    "reasoning_tokens_cost": 0.22199,
    "search_queries_cost": 0.09,
    "total_cost": 0.40939,
}


def answer(**fields: Any) -> Answer:
    return Answer(provider="sonar", model="sonar-deep-research", **fields)


def estimated(**fields: Any) -> Answer:
    return answer(cost=Decimal("0.409393"), cost_source="estimated", **{"price_date": AS_OF, "usage": USAGE, **fields})


def test_reported_parts_are_told_as_reported():
    found = cost_shares(answer(cost=Decimal("0.40939"), cost_source="reported", usage={**USAGE, "cost": REPORTED}))
    assert [(share.label, str(share.cost), share.of) for share in found] == [
        ("Question", "0.000070", 33),
        ("Answer", "0.057300", 7163),
        ("Reasoning", "0.221990", 73997),
        ("Citations", "0.040030", 20016),
        ("Searches", "0.090000", 18),
    ]


def test_the_parts_of_an_estimate_are_those_of_the_vendors_example():
    found = {share.label: share.cost for share in cost_shares(estimated())}
    assert found == {
        "Question": Decimal("0.000066"),
        "Answer": Decimal("0.057304"),
        "Reasoning": Decimal("0.221991"),
        "Citations": Decimal("0.040032"),
        "Searches": Decimal("0.090000"),
    }
    assert sum(found.values()) == Decimal("0.409393")


def test_an_estimate_by_an_older_price_list_is_not_told_in_parts():
    assert cost_shares(estimated(price_date=date(2025, 1, 1))) == []


@pytest.mark.parametrize("cost", [None, [], "much", {"input_tokens_cost": "1"}, {"input_tokens_cost": True}, {"x": 1}])
def test_parts_that_cannot_be_read_are_left_out(cost: Any):
    assert cost_shares(answer(cost=Decimal(1), cost_source="reported", usage={"cost": cost})) == []


def test_the_details_name_every_part_with_its_figure():
    told = words(render_to_string("chat/answer/_details.html", {"answer": estimated()}))
    assert "Cost $0.409393, estimated" in told
    assert "Reasoning 73997 $0.221991" in told
    assert "Searches 18 $0.09" in told


@pytest.mark.parametrize(("effort", "expected"), [("low", "0.41"), ("high", "1.32")])
def test_a_research_is_foreseen_by_its_effort(effort: str, expected: str):
    found = forecast(offers.offer_of("sonar-deep-research", "sonar"), {"reasoning_effort": effort})
    assert found is not None
    assert found.typical == Decimal(expected)


def test_no_other_model_is_announced_with_what_it_will_cost():
    assert forecast(offers.offer_of("sonar", "sonar"), {}) is None
    assert forecast(offers.offer_of("tiny-local", "sonar"), {}) is None
