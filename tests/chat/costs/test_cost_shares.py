"""What the cost of an answer consists of, as its details tell it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context
from django.template.loader import render_to_string

from accounts.models import Team, TeamInstructions, User
from chat.catalog import offers
from chat.models import Answer, Conversation
from chat.templatetags.cost_shares import cost_shares, forecast, usage_figures
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


def details_of(told: Answer) -> str:
    """The details below an answer, in some conversation."""
    conversation = Conversation(title="Costs")
    return render_to_string("chat/answer/_details.html", {"answer": told, "conversation": conversation})


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
    told = words(details_of(estimated()))
    assert "Cost $0.409393, estimated" in told
    assert "Reasoning 73,997 $0.221991" in told
    assert "Searches 18 $0.09" in told


def test_figures_are_told_where_no_part_of_the_cost_tells_them():
    known = {"total_cost": 0.1, "output_tokens_cost": 0.1}
    found = usage_figures(answer(cost=Decimal("0.1"), cost_source="reported", usage={**USAGE, "cost": known}))
    assert found == [("Reasoning tokens", 73997), ("Citation tokens", 20016), ("Searches", 18)]
    assert usage_figures(answer(cost=Decimal("0.4"), cost_source="reported", usage={**USAGE, "cost": REPORTED})) == []
    assert usage_figures(Answer(provider="gateway", model="search/sonar", usage={"num_search_queries": 2})) == [
        ("Searches", 2)
    ]


def test_figures_of_other_servers_are_found_where_they_put_them():
    usage = {
        "completion_tokens_details": {"reasoning_tokens": 7},
        "prompt_tokens_details": {"cached_tokens": 9},
        "num_search_queries": True,
    }
    assert usage_figures(answer(usage=usage)) == [("Reasoning tokens", 7), ("Cached tokens", 9)]


TOOLS = {
    "search_web": {"invocation": 3, "cost_usd": 0.003},
    "fetch_url": {"invocation": 2},
    "finance_search": {"invocation": 4},
    "read_mind": {"invocation": 1},
}


def test_every_tool_is_told_with_its_calls_and_its_cost():
    costs = {"search_web": 0.003, "fetch_url": 0.0105, "finance_search": 0.02, "read_mind": 0.1}
    cost = {"input_tokens_cost": 0, "tool_calls_cost": 0.1335, "tool_calls_cost_details": costs, "total_cost": 0.1335}
    usage = {"num_search_queries": 3, "num_pages_read": 2, "tool_calls_details": TOOLS, "cost": cost}
    told = Answer(provider="agent", model="low", cost=Decimal("0.1335"), cost_source="reported", usage=usage)
    assert [(share.label, str(share.cost), share.of) for share in cost_shares(told)] == [
        ("Searches", "0.003000", 3),
        ("Pages read", "0.010500", 2),
        ("Financial data lookups", "0.020000", 4),
        ("Read mind", "0.100000", 1),
    ]
    assert usage_figures(told) == []


@pytest.mark.parametrize("details", [None, {}, "many", {"search_web": None}, {"search_web": "0.1"}])
def test_tools_whose_costs_are_not_told_are_told_in_one_sum_and_by_their_calls(details: Any):
    cost = {"tool_calls_cost": 0.1335, "tool_calls_cost_details": details, "total_cost": 0.1335}
    usage = {"num_search_queries": 3, "tool_calls_details": TOOLS, "cost": cost}
    told = Answer(provider="agent", model="low", cost=Decimal("0.1335"), cost_source="reported", usage=usage)
    assert [(share.label, share.of) for share in cost_shares(told)] == [("Tools", 0)]
    assert usage_figures(told) == [
        ("Searches", 3),
        ("Pages read", 2),
        ("Financial data lookups", 4),
        ("Read mind", 1),
    ]


@pytest.mark.parametrize(
    ("provider", "asked", "served", "words_for_it"),
    [
        ("agent", "fast", "openai/gpt-6-luna", "openai/gpt-6-luna (OpenAI), through Perplexity"),
        ("agent", "low", "maker/small-6", "maker/small-6 (Maker), through Perplexity"),
        ("agent", "perplexity/sonar", "", "perplexity/sonar, run by Perplexity"),
        ("agent", "fast", "fast", "the model isn’t known"),
        ("agent", "fast", "", "the model isn’t known"),
    ],
)
def test_the_details_say_where_a_question_went(provider: str, asked: str, served: str, words_for_it: str):
    told = Answer(provider=provider, model=asked, resolved_model=served, started_at=datetime.now(UTC))
    assert words_for_it in words(details_of(told))


def test_a_question_to_the_demo_is_said_to_have_stayed_here():
    told = Answer(provider="agent", model="fast", resolved_model="openai/gpt-6-luna", started_at=datetime.now(UTC))
    told.request = {"demo": True}
    shown = words(details_of(told))
    assert "This server only; the demo answered" in shown
    assert "OpenAI" not in shown


@pytest.mark.parametrize("fields", [{"provider": "agent", "started_at": None}, {"provider": "sonar"}])
def test_a_question_that_went_nowhere_else_is_not_said_to(fields: dict[str, Any]):
    told = Answer(model="fast", **{"started_at": datetime.now(UTC), **fields})
    assert "Sent to" not in words(details_of(told))


@pytest.mark.parametrize(("effort", "expected"), [("low", "0.41"), ("high", "1.32")])
def test_a_research_is_foreseen_by_its_effort(effort: str, expected: str):
    found = forecast(Context(), offers.offer_of("sonar-deep-research", "sonar"), {"reasoning_effort": effort})
    assert found is not None
    assert found.typical == Decimal(expected)


def test_no_other_model_is_announced_with_what_it_will_cost():
    assert forecast(Context(), offers.offer_of("sonar", "sonar"), {}) is None
    assert forecast(Context(), offers.offer_of("tiny-local", "sonar"), {}) is None


def test_the_instructions_that_go_along_are_foreseen_too(harbour: Team, alice: User):
    research = offers.offer_of("sonar-deep-research", "sonar")
    context = Context({"membership": harbour.memberships.get(user=alice)})
    bare = forecast(context, research, {})
    TeamInstructions.objects.create(team=harbour, number=1, text="x" * 8000, author=alice)
    stands = forecast(context, research, {})
    with_own = forecast(context, research, {"instructions": "y" * 8000})
    assert bare is not None
    assert stands is not None
    assert with_own is not None
    assert bare.high < stands.high < with_own.high
