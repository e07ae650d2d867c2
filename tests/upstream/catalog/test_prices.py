"""What an answer costs when nobody says (docs/sonar.md, "Usage and cost")."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.catalog.models import MODELS
from upstream.catalog.prices import (
    AS_OF,
    PRICES,
    Forecast,
    amount_to_reserve,
    cost_shares,
    estimate,
    forecast,
    price_line,
)


def cost(model: str, usage: dict[str, Any], **search: Any) -> Decimal:
    found = estimate(model=model, usage=usage, options={"web_search_options": search} if search else {})
    assert found is not None
    return found.cost


TOKENS = {"prompt_tokens": 500, "completion_tokens": 200}


@pytest.mark.parametrize(("size", "expected"), [("low", "0.0057"), ("medium", "0.0087"), ("high", "0.0127")])
def test_sonar_costs_what_the_vendor_computes(size: str, expected: str):
    assert cost("sonar", {**TOKENS, "search_context_size": size}) == Decimal(expected)


def test_deep_research_costs_what_the_vendor_computes():
    usage = {
        "prompt_tokens": 33,
        "completion_tokens": 7163,
        "citation_tokens": 20016,
        "reasoning_tokens": 73997,
        "num_search_queries": 18,
    }
    assert cost("sonar-deep-research", usage) == Decimal("0.409393")


@pytest.mark.parametrize(
    ("usage", "asked", "expected"),
    [
        ({"search_context_size": "high"}, {"search_context_size": "medium"}, "0.0127"),
        ({}, {"search_context_size": "medium"}, "0.0087"),
        ({"search_context_size": None}, {}, "0.0057"),
        ({"search_context_size": "vast"}, {}, "0.0057"),
    ],
)
def test_the_fee_goes_by_the_reported_size_then_by_the_one_asked_for(
    usage: dict[str, Any], asked: dict[str, Any], expected: str
):
    assert cost("sonar", {**TOKENS, **usage}, **asked) == Decimal(expected)


@pytest.mark.parametrize(
    ("asked", "used", "expected"),
    [("fast", None, "0.0105"), ("pro", None, "0.0185"), ("auto", "pro", "0.0185"), ("auto", None, "0.0105")],
)
def test_a_search_in_several_steps_has_a_fee_of_its_own(asked: str, used: str | None, expected: str):
    usage = {**TOKENS, "search_type_used": used}
    assert cost("sonar-pro", usage, search_type=asked) == Decimal(expected)


def test_a_pro_search_makes_no_difference_to_other_models():
    assert cost("sonar", TOKENS, search_type="pro") == Decimal("0.0057")


@pytest.mark.parametrize(("model", "expected"), [("sonar-reasoning", "0.0065"), ("sonar-reasoning-pro", "0.0086")])
def test_reasoning_models_have_their_own_prices(model: str, expected: str):
    assert cost(model, TOKENS) == Decimal(expected)


def test_reasoning_tokens_are_not_taken_off_the_completion():
    assert cost("sonar-reasoning-pro", {**TOKENS, "reasoning_tokens": 150}) == Decimal("0.0086")


@pytest.mark.parametrize(
    "usage",
    [{}, {"prompt_tokens": None}, {"prompt_tokens": "500"}, {"completion_tokens": -3}, {"prompt_tokens": 10**30}],
)
def test_without_tokens_there_is_no_estimate(usage: dict[str, Any]):
    assert estimate(model="sonar", usage=usage, options={}) is None


def test_a_model_without_a_price_has_no_estimate():
    assert estimate(model="tiny-local", usage=TOKENS, options={}) is None


def test_odd_options_do_no_harm():
    assert estimate(model="sonar", usage=TOKENS, options={"web_search_options": 3}) is not None


def test_an_estimate_has_six_places_and_the_date_of_the_prices():
    found = estimate(model="sonar", usage={"prompt_tokens": 1}, options={})
    assert found is not None
    assert (str(found.cost), found.as_of) == ("0.005001", AS_OF)
    assert isinstance(AS_OF, date)


def test_every_model_has_a_price_in_one_line():
    assert set(PRICES) == set(MODELS)
    assert MODELS["sonar"].price_line == "$1 in and $1 out per million tokens, $5 to $12 per 1,000 questions"
    assert "$6 to $22" in MODELS["sonar-pro"].price_line
    assert "per 1,000 searches" in MODELS["sonar-deep-research"].price_line
    assert price_line("tiny-local") == ""


def foreseen(model: str, options: dict[str, Any] | None = None, characters: int = 0) -> Forecast:
    found = forecast(model=model, options=options or {}, characters=characters)
    assert found is not None
    assert found.as_of == AS_OF
    assert Decimal(0) < found.low <= found.high
    return found


@pytest.mark.parametrize(
    ("effort", "example"), [("low", "0.41"), ("medium", "1.19"), ("high", "1.32"), (None, "1.19"), ("vast", "1.19")]
)
def test_a_research_is_foreseen_around_the_example_that_the_vendor_gives_for_its_effort(
    effort: str | None, example: str
):
    found = foreseen("sonar-deep-research", {"reasoning_effort": effort} if effort else {})
    assert found.typical == Decimal(example)
    assert found.low < found.typical < found.high


def test_the_vendors_own_example_of_a_research_lies_within_what_is_foreseen():
    found = foreseen("sonar-deep-research", {"reasoning_effort": "low"}, characters=132)
    assert found.low < Decimal("0.409393") < found.high


def test_what_a_chat_costs_grows_with_the_conversation_the_longest_answer_and_the_size_of_the_search():
    usual = foreseen("sonar")
    assert usual.low >= Decimal("0.005")
    assert foreseen("sonar", characters=40_000).low == usual.low + Decimal("0.01")
    assert foreseen("sonar", {"max_tokens": 100_000}).high > usual.high
    assert foreseen("sonar", {"max_tokens": 100}).high < usual.high
    assert foreseen("sonar", {"web_search_options": {"search_context_size": "high"}}).low == usual.low + Decimal(
        "0.007"
    )


def test_a_search_whose_kind_the_model_decides_may_cost_as_much_as_the_dearest_kind():
    fast, pro, either = (
        foreseen("sonar-pro", {"web_search_options": {"search_type": kind}}) for kind in ("fast", "pro", "auto")
    )
    assert (either.low, either.high) == (fast.low, pro.high)


def test_nothing_is_foreseen_for_a_model_without_a_known_price():
    assert forecast(model="somebody-elses", options={}) is None


def test_a_limit_sets_aside_the_most_that_is_foreseen_and_a_careful_guess_where_nothing_is():
    foreseen = forecast(model="sonar-pro", options={}, characters=400)

    assert foreseen
    assert amount_to_reserve(model="sonar-pro", options={}, characters=400) == foreseen.high
    presets = [
        amount_to_reserve(model=name, options={}, provider="agent") for name in ("fast", "low", "medium", "high")
    ]
    assert Decimal(0) < presets[0] < presets[1] < presets[2] < presets[3]
    assert amount_to_reserve(model="somebody/elses", options={}, provider="agent") > 0
    assert amount_to_reserve(model="somebody-elses", options={}) == 0
    assert amount_to_reserve(model="search/sonar", options={}, provider="gateway") == 0


@given(
    model=st.sampled_from(sorted(PRICES)),
    usage=st.dictionaries(
        st.sampled_from(
            ["prompt_tokens", "completion_tokens", "citation_tokens", "reasoning_tokens", "num_search_queries"]
        ),
        st.one_of(st.none(), st.integers(-1, 10**7)),
    ),
)
def test_the_parts_of_an_estimate_add_up_to_it(model: str, usage: dict[str, Any]):
    parts = cost_shares(model=model, usage=usage, options={})
    whole = estimate(model=model, usage=usage, options={})
    assert sum(parts.values(), Decimal(0)).quantize(Decimal("0.000001")) == (whole.cost if whole else 0)
    assert all(part >= 0 for part in parts.values())


@given(
    model=st.sampled_from(sorted(PRICES)),
    characters=st.integers(-1, 10**9),
    tokens=st.one_of(st.none(), st.integers(), st.text(), st.booleans()),
    search=st.one_of(st.none(), st.text(), st.dictionaries(st.text(), st.text())),
)
def test_whatever_the_options_hold_a_range_is_foreseen(model: str, characters: int, tokens: Any, search: Any):
    found = forecast(model=model, options={"max_tokens": tokens, "web_search_options": search}, characters=characters)
    assert found is not None
    assert Decimal(0) <= found.low <= found.high
