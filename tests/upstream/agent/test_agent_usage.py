"""The figures of an answer have the names that they have everywhere, and a cost is what the service says."""

from decimal import Decimal
from typing import Any

import pytest

from tests.upstream.agent.agent_fixtures import TEXT, USAGE, completed, delta, heard, whole_stream
from tests.upstream.conftest import all_of, last
from upstream.events import UsageReported


def test_the_figures_have_the_names_that_they_have_everywhere() -> None:
    reported = last(UsageReported, heard(*whole_stream()))

    assert reported.cost == Decimal("0.005030")
    assert reported.usage == {
        "prompt_tokens": 40,
        "completion_tokens": 9,
        "total_tokens": 49,
        "cached_tokens": 12,
        "reasoning_tokens": 4,
        "num_search_queries": 2,
        "num_pages_read": 1,
        "input_tokens_details": USAGE["input_tokens_details"],
        "output_tokens_details": USAGE["output_tokens_details"],
        "tool_calls_details": USAGE["tool_calls_details"],
        "cost": {
            "input_tokens_cost": 0.00001,
            "output_tokens_cost": 0.00002,
            "tool_calls_cost": 0.005,
            "tool_calls_cost_details": {"search_web": 0.002, "fetch_url": 0.003},
            "total_cost": 0.00503,
        },
    }


def test_a_cost_of_nothing_is_a_cost_too() -> None:
    free = {**USAGE, "cost": {"currency": "USD", "input_cost": 0, "output_cost": 0, "total_cost": 0}}
    reported = last(UsageReported, heard(delta(TEXT), completed(usage=free)))
    assert reported.cost == 0
    assert reported.usage["cost"]["total_cost"] == 0


@pytest.mark.parametrize("cost", [None, {}, {"total_cost": None}, {"total_cost": -1}, {"total_cost": True}, "much"])
def test_figures_without_a_readable_cost_have_none(cost: Any) -> None:
    reported = last(UsageReported, heard(delta(TEXT), completed(usage={**USAGE, "cost": cost})))
    assert reported.cost is None
    assert "cost" not in reported.usage


def test_an_answer_without_figures_reports_none() -> None:
    assert not all_of(UsageReported, heard(delta(TEXT), completed(usage=None)))
