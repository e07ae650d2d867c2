"""What the Agent API lists becomes models with names and prices, whatever is odd about it (docs/agent.md, "Models")."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.catalog.agent_models import (
    KNOWN,
    AgentModels,
    TokenPrice,
    family_of,
    label_of,
    maker_of,
    models_in,
)
from upstream.catalog.models import model_named, model_with_id

TODAY = date(2026, 11, 26)
PRICING = {"input": 2, "output": 10.5, "cache_read": 0.2, "cache_write": 2.5, "unit": "usd_per_1m_tokens"}


def listed(*entries: Any) -> AgentModels:
    found = models_in({"object": "list", "data": list(entries)}, heard=TODAY)
    assert found is not None
    return found


def entry(name: str = "maker/one-1", **pricing: Any) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "maker", "pricing": PRICING | pricing}


def test_a_model_has_the_price_that_is_listed() -> None:
    found = listed(entry())
    assert found.names() == ["maker/one-1"]
    assert found.price_of("maker/one-1") == TokenPrice(
        Decimal(2), Decimal("10.5"), cached=Decimal("0.2"), kept=Decimal("2.5")
    )
    assert found.as_of == TODAY


def test_where_nothing_is_said_about_the_cache_its_tokens_cost_what_others_do() -> None:
    pricing = {"input": 3, "output": 9, "unit": "usd_per_1m_tokens"}
    assert listed({"id": "maker/one-1", "pricing": pricing}).price_of("maker/one-1") == TokenPrice(
        Decimal(3), Decimal(9), cached=Decimal(3), kept=Decimal(3)
    )


@pytest.mark.parametrize(
    "pricing",
    [
        None,
        "2",
        [],
        {},
        {"input": 2, "output": 10},
        PRICING | {"unit": "eur_per_1m_tokens"},
        PRICING | {"input": -1},
        PRICING | {"input": float("nan")},
        PRICING | {"output": float("inf")},
        PRICING | {"output": 10**400},
        PRICING | {"output": 10_001},
        PRICING | {"output": "10"},
        PRICING | {"input": True},
        PRICING | {"input": None},
    ],
)
def test_a_price_that_cannot_be_believed_counts_as_none_and_the_model_stays(pricing: Any) -> None:
    found = listed({"id": "maker/one-1", "pricing": pricing})
    assert found.names() == ["maker/one-1"]
    assert found.price_of("maker/one-1") is None


def test_a_model_that_was_known_costs_what_it_did_while_the_list_does_not_say() -> None:
    assert listed({"id": "perplexity/sonar"}).price_of("perplexity/sonar") == KNOWN.price_of("perplexity/sonar")
    assert listed(entry()).price_of("perplexity/sonar") == KNOWN.price_of("perplexity/sonar")


@pytest.mark.parametrize(
    "name",
    [None, 7, "", "fast", "/x", "maker/", "ma ker/x", "maker/x y", "maker/\u202ex", "maker/" + "x" * 100, "a/b/c", {}],
)
def test_what_no_model_can_be_called_is_passed_over(name: Any) -> None:
    assert listed({"id": name, "pricing": PRICING}, entry(), 7, None, "maker/two").names() == ["maker/one-1"]


def test_the_first_of_two_of_the_same_name_counts_and_ten_thousand_are_cut() -> None:
    assert listed(entry(input=1), entry(input=9)).price_of("maker/one-1") == TokenPrice(
        Decimal(1), Decimal("10.5"), cached=Decimal("0.2"), kept=Decimal("2.5")
    )
    assert len(listed(*(entry(f"maker/m-{number}") for number in range(10_000))).names()) == 300


@pytest.mark.parametrize("found", [None, [], {}, {"data": {}}, {"data": []}, {"data": [{"id": 7}]}, "list"])
def test_what_is_no_list_is_none(found: Any) -> None:
    assert models_in(found, heard=TODAY) is None


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["data", "id", "pricing", "input", "output", "unit", "as_of"]), x)))  # fmt: skip # noqa: E501
def test_whatever_is_answered_nothing_breaks(found: Any) -> None:
    models_in(found, heard=TODAY)
    models_in(found)


def test_a_kept_copy_is_the_list_again_with_its_day() -> None:
    found = listed(entry(), entry("maker/two-2", unit="?"))
    for one in (found, KNOWN):
        again = models_in(one.as_json())
        assert again
        assert (again.listed, again.as_of) == (one.listed, one.as_of)
    assert models_in(found.as_json() | {"as_of": "yesterday"}) is None


def test_what_was_known_in_october_has_prices_and_names() -> None:
    assert len(KNOWN.listed) == 52
    assert all(model.price for model in KNOWN.listed)
    assert KNOWN.as_of == date(2026, 10, 9)
    makers = list(dict.fromkeys(map(maker_of, KNOWN.names())))
    assert makers == ["Perplexity", "Anthropic", "OpenAI", "Google", "xAI"]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("openai/gpt-6-luna", "GPT-6 Luna"),
        ("openai/gpt-6.1-sol", "GPT-6.1 Sol"),
        ("anthropic/claude-opus-5-5", "Claude Opus 5.5"),
        ("anthropic/claude-opus-5", "Claude Opus 5"),
        ("google/gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview"),
        ("xai/grok-4.20-non-reasoning", "Grok 4.20 Non-Reasoning"),
        ("perplexity/kimi-k3", "Kimi K3"),
        ("perplexity/deepseek-v4-pro-0813", "DeepSeek V4 Pro 0813"),
        ("perplexity/nemotron-3-ultra-550b-a55b", "Nemotron 3 Ultra 550B A55B"),
        ("perplexity/sonar", "Sonar"),
        ("new-maker/x", "X"),
    ],
)
def test_people_call_models_by_names_that_follow_from_their_ids(name: str, label: str) -> None:
    assert label_of(name) == label
    assert model_named(name, provider="agent").label == f"{label} · {maker_of(name)}"


def test_any_name_with_a_maker_is_a_model_also_one_that_is_not_listed() -> None:
    model = model_with_id("agent:some-maker/thing-9")
    assert (model.id, model.provider, model.name) == ("agent:some-maker/thing-9", "agent", "some-maker/thing-9")
    assert model.label == "Thing 9 · Some Maker"


def test_each_maker_s_newest_models_come_first() -> None:
    names = KNOWN.names()
    order = ["claude-opus-5-5", "claude-opus-5", "claude-opus-4-8", "claude-opus-4-7"]
    assert [name for name in names if "opus" in name][:4] == [f"anthropic/{name}" for name in order]
    openai = [name for name in names if name.startswith("openai/")]
    assert (openai[0], openai[-1]) == ("openai/gpt-6.1-sol", "openai/gpt-5-nano")
    assert listed(entry("zed/one-1"), entry("acme/one-1"), entry("xai/grok-1")).names() == [
        "xai/grok-1",
        "acme/one-1",
        "zed/one-1",
    ]


def test_versions_of_one_model_are_a_family() -> None:
    assert family_of("anthropic/claude-opus-4-8") == family_of("anthropic/claude-opus-5-5")
    assert family_of("openai/gpt-6-sol") == family_of("openai/gpt-6.1-sol")
    assert family_of("openai/gpt-6-sol") != family_of("openai/gpt-6-luna")
    assert family_of("openai/gpt-5") != family_of("openai/gpt-5-mini")
    assert family_of("xai/sol-1") != family_of("openai/sol-1")
