"""What an answer of the Agent API costs and will cost (docs/agent.md, "Prices and cost")."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.catalog.agent_models import KNOWN, AgentModels, models_in
from upstream.catalog.agent_prices import PRESETS
from upstream.catalog.prices import Forecast, amount_to_reserve, estimate, forecast, price_line

LUNA, SONAR = "openai/gpt-6-luna", "perplexity/sonar"
TODAY = date(2026, 11, 26)


def cost(usage: dict[str, Any], *, model: str = LUNA, served: str = "", **options: Any) -> Decimal | None:
    found = estimate(model=model, usage=usage, options=options, provider="agent", served=served)
    return found.cost if found else None


def used(asked: int = 1000, answered: int = 100, **more: Any) -> dict[str, Any]:
    return {"prompt_tokens": asked, "completion_tokens": answered, **more}


def called(**tools: Any) -> dict[str, Any]:
    return {"tool_calls_details": {name: {"invocation": calls} for name, calls in tools.items()}}


def dollars(text: str) -> Decimal:
    return Decimal(text)


def test_tokens_cost_what_the_model_that_served_costs() -> None:
    assert cost(used()) == dollars("0.00015")  # 1000 at 0.1 and 100 at 0.5
    assert cost(used(), served="anthropic/claude-opus-5-5") == dollars("0.006")
    assert cost(used(), model="fast", served=SONAR) == dollars("0.0005")
    assert cost(used(), model="fast", served="fast") == dollars("0.00015")  # who served is told at the end only


def test_what_is_read_from_the_cache_and_kept_in_it_is_no_other_input() -> None:
    details = {"cache_creation_input_tokens": 500, "cache_read_input_tokens": 300, "cached_tokens": 300}
    # 200 at 0.1, 500 at 0.125, 300 at 0.01, 100 at 0.5
    assert cost(used(input_tokens_details=details)) == dollars("0.000136")  # 0.0001355
    assert cost(used(input_tokens_details={"cached_tokens": 300})) == dollars("0.000123")
    # of a model that names no price for keeping, and with more cached than was asked
    assert cost(used(input_tokens_details=details), model=SONAR) == dollars("0.000444")  # 0.00044375
    assert cost(used(10, 0, input_tokens_details=details)) == dollars("0.000000")


@pytest.mark.parametrize(
    ("tools", "fee"),
    [
        ({"search_web": 2}, "0.005"),
        ({"web_search": 2}, "0.005"),
        ({"finance_search": 3}, "0.015"),
        ({"search_people": 1}, "0.005"),
        ({"image_search": 1}, "0.0025"),
        ({"sandbox": 1}, "0.03"),
        ({"fetch_url": 2}, "0.007"),
        ({"something_new": 5}, "0"),
        ({"search_web": -1}, "0"),
        ({"search_web": 10**12}, "0"),
        ({"search_web": "2"}, "0"),
    ],
)
def test_calls_of_tools_have_fees(tools: dict[str, Any], fee: str) -> None:
    assert cost(used() | called(**tools)) == dollars("0.00015") + dollars(fee)


def test_a_search_is_cheaper_in_presets_and_of_the_fast_kind() -> None:
    searched = used() | called(search_web=3)
    assert cost(searched, model="medium", served=LUNA) == dollars("0.00315")
    assert cost(searched, web_search_options={"search_type": "fast"}) == dollars("0.00315")
    assert cost(searched, web_search_options={"search_type": "web"}) == dollars("0.00765")


def test_a_page_costs_a_fee_and_the_tokens_of_the_model_that_reads_it() -> None:
    reading = {
        "model": "openai/gpt-5.6-luna",
        "input_tokens": 11424,
        "input_tokens_details": {"cache_creation_input_tokens": 11421, "cached_tokens": 0},
        "output_tokens": 197,
    }
    usage = used(0, 100) | {"tool_calls_details": {"fetch_url": {"invocation": 1, "token_usage": [reading, None, 7]}}}
    page = dollars("0.0005") + (11421 * dollars("0.25") + 3 * dollars("0.2") + 197 * dollars("1.2")) / 1_000_000
    assert cost(usage) == (page + dollars("0.00005")).quantize(dollars("0.000001"))


@pytest.mark.parametrize("usage", [{}, used(0, 0), used(-1, -1), {"prompt_tokens": "7"}, {"prompt_tokens": 10**10}])
def test_without_tokens_there_is_no_estimate(usage: dict[str, Any]) -> None:
    assert cost(usage) is None


def test_without_a_price_there_is_no_estimate_and_an_estimate_says_of_which_day_its_prices_are() -> None:
    assert cost(used(), model="maker/nobody-knows") is None
    pricing = {"input": 7, "output": 0, "unit": "usd_per_1m_tokens"}
    listed = models_in({"data": [{"id": "maker/nobody-knows", "pricing": pricing}]}, heard=TODAY)
    assert listed
    found = estimate(model="maker/nobody-knows", usage=used(), options={}, provider="agent", listed=listed)
    assert found
    assert (found.cost, found.as_of) == (dollars("0.007"), TODAY)


def foreseen(model: str, characters: int = 0, **options: Any) -> Forecast:
    found = forecast(model=model, options=options, characters=characters, provider="agent")
    assert found
    return found


@pytest.mark.parametrize(
    ("preset", "measured", "most"),
    [
        ("fast", ("0.00105", "0.0018"), "0.002"),
        ("low", ("0.0039", "0.02"), "0.02"),
        ("medium", ("0.016", "0.05"), "0.05"),
        ("high", ("0.4", "0.9"), "0.9"),
    ],
)
def test_what_was_measured_of_a_preset_lies_within_what_is_foreseen(
    preset: str, measured: tuple[str, str], most: str
) -> None:
    found = foreseen(preset)
    assert found.low <= dollars(measured[0]) * dollars("1.1")
    assert found.high >= dollars(measured[1])
    assert amount_to_reserve(model=preset, options={}, provider="agent") == dollars(most)


def test_a_long_conversation_costs_more_with_each_preset_and_model() -> None:
    for model in (*PRESETS, SONAR):
        assert foreseen(model, characters=400_000).low > foreseen(model).low


def test_a_model_costs_its_search_and_its_text() -> None:
    usual = foreseen(SONAR)
    assert dollars("0.0025") < usual.low < dollars("0.004") < usual.high < dollars("0.02")
    assert foreseen(SONAR, disable_search=True).high == dollars("0.005")  # 2000 tokens at 2.5
    assert foreseen(SONAR, max_tokens=100).high < usual.high
    assert foreseen(SONAR, web_search_options={"search_context_size": "high"}).high > usual.high
    assert foreseen(SONAR, return_images=True).high == usual.high + dollars("0.0025")
    assert foreseen("low", sandbox=True, finance_search=True).high == dollars("0.065")
    assert forecast(model="maker/nobody-knows", options={}, provider="agent") is None


def test_a_limit_sets_aside_what_answers_have_usually_cost_once_that_is_known() -> None:
    def aside(usual: str, **more: Any) -> Decimal:
        return amount_to_reserve(model="medium", options={}, provider="agent", usual=dollars(usual), **more)

    assert aside("0.03") == dollars("0.03")
    assert aside("0.2") == dollars("0.2")
    assert aside("0.000001") == PRESETS["medium"].least
    assert aside("0.03", characters=4_000_000) == PRESETS["medium"].least + 1
    assert amount_to_reserve(model="maker/nobody-knows", options={}, provider="agent") == dollars("0.05")


def test_prices_are_told_in_one_line() -> None:
    assert price_line("fast", provider="agent") == "Usually $0.001 to $0.002 per question"
    assert price_line("high", provider="agent") == "Usually $0.40 to $0.90 per question"
    assert price_line(SONAR, provider="agent") == (
        "$0.25 in and $2.50 out per million tokens, $2.50 per 1,000 searches: about $0.003 to $0.01 per question"
    )
    assert price_line("maker/nobody-knows", provider="agent") == ("$2.50 per 1,000 searches; token price not listed")


ODD = st.none() | st.integers() | st.text() | st.lists(st.integers())
CALLED = st.dictionaries(
    st.sampled_from(["invocation", "token_usage"]),
    ODD | st.lists(st.dictionaries(st.sampled_from(["model", "input_tokens", "input_tokens_details"]), ODD)),
)
TOOLS = st.dictionaries(st.sampled_from(["search_web", "fetch_url", "cached_tokens"]), ODD | CALLED)
NAMES = st.sampled_from(["prompt_tokens", "completion_tokens", "input_tokens_details", "tool_calls_details"])
OPTIONS = st.dictionaries(st.sampled_from(["max_tokens", "web_search_options"]), ODD)


@given(usage=st.dictionaries(NAMES, ODD | TOOLS), options=OPTIONS, model=st.sampled_from(["fast", SONAR, "maker/x"]))
def test_whatever_is_reported_and_set_nothing_breaks(usage: Any, options: dict[str, Any], model: str) -> None:
    for reported in (usage, {**used(), **usage}):
        found = estimate(model=model, usage=reported, options=options, provider="agent")
        assert found is None or found.cost >= 0
    expected = forecast(model=model, options=options, provider="agent")
    assert expected is None or 0 <= expected.low <= expected.high


def test_a_list_of_another_day_has_prices_of_that_day() -> None:
    pricing = {"input": 1, "output": 1, "cache_read": 1, "unit": "usd_per_1m_tokens"}
    listed: AgentModels | None = models_in({"data": [{"id": SONAR, "pricing": pricing}]}, heard=TODAY)
    assert listed
    assert "$1 in and $1 out" in price_line(SONAR, provider="agent", listed=listed)
    assert "$0.10 in and $0.50 out" in price_line(LUNA, provider="agent", listed=listed)  # as last known
    assert KNOWN.price_of(LUNA)
