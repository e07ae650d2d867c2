"""The demo's bodies and streams have the shapes of the recorded ones: the same keys in the same order, and their types.

The tables are facts about the recordings (docs/agent.md says which); none of their words are here.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from tests.upstream.demo.agent_calls import answered, events, got, items, kinds, post, streamed, text
from tests.upstream.demo.demo_fixtures import QUESTION, quick

RESPONSE = {
    "background": False,
    "completed_at": int,
    "created_at": int,
    "error": None,
    "frequency_penalty": 0,
    "id": str,
    "incomplete_details": None,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "metadata": {},
    "model": str,
    "object": "response",
    "output": list,
    "parallel_tool_calls": True,
    "presence_penalty": 0,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "reasoning": None,
    "safety_identifier": None,
    "service_tier": str,
    "status": "completed",
    "store": True,
    "temperature": 1,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": list,
    "top_logprobs": 0,
    "top_p": 1,
    "truncation": "",
    "usage": dict,
    "user": None,
}
RESULT = ("date", "id", "last_updated", "snippet", "source", "title", "url")
ITEMS: Mapping[str, tuple[str, ...]] = {
    "search_results": ("queries", "results", "type"),
    "fetch_url_results": ("contents", "type"),
    "message": ("content", "id", "role", "status", "type"),
    "skill_loaded": ("name", "type"),
    "finance_results": ("categories", "results", "tickers", "type"),
}
USAGE = ("cost", "input_tokens", "input_tokens_details", "output_tokens", "output_tokens_details", "total_tokens")
COST = ("currency", "input_cost", "output_cost", "total_cost")
CACHED = ("cache_creation_input_tokens", "cache_read_input_tokens", "cached_tokens")
READING = ("input_tokens", "input_tokens_details", "model", "output_tokens", "output_tokens_details")
# One row for each event of the recorded stream, the portions of its text once: the number, the type, the other keys.
STREAM = (
    (0, "response.created", ("response",)),
    (1, "response.in_progress", ("response",)),
    (3, "response.output_item.added", ("item", "output_index")),
    (4, "response.reasoning.search_queries", ("call_id", "queries", "thought")),
    (5, "response.reasoning.search_results", ("call_id", "results", "thought")),
    (6, "response.output_item.done", ("item", "output_index")),
    (7, "response.output_item.added", ("item", "output_index")),
    (8, "response.output_text.delta", ("content_index", "delta", "item_id", "output_index")),
    (42, "response.output_text.done", ("content_index", "item_id", "output_index", "text")),
    (43, "response.output_item.done", ("item", "output_index")),
    (44, "response.completed", ("response",)),
)
LONG_ENOUGH = "#demo:echo " + " ".join(["word"] * 30) + ".[7]"  # as many portions as the recorded text has


def assert_response(found: Mapping[str, Any], **different: Any) -> None:
    """The response object has every key in order; values that are types stand for any value of theirs."""
    assert list(found) == list(RESPONSE)
    for name, expected in {**RESPONSE, **different}.items():
        fits = isinstance(found[name], expected) if isinstance(expected, type) else found[name] == expected
        assert fits, (name, found[name], expected)


async def test_an_answer_has_the_recorded_keys_in_their_order() -> None:
    answer = await answered()
    assert_response(answer, service_tier="fast", model="openai/gpt-6-luna", tools=[{"type": "web_search"}])
    assert kinds(answer) == ["search_results", "message"]
    for item in answer["output"]:
        assert tuple(item) == ITEMS[item["type"]]
    assert tuple(answer["output"][0]["results"][0]) == RESULT
    assert tuple(answer["output"][1]["content"][0]) == ("annotations", "text", "type")
    assert answer["output"][1]["content"][0]["annotations"] == []


async def test_what_was_sent_is_repeated() -> None:
    tools = [{"type": "web_search", "max_results": 5, "filters": {"search_domain_filter": ["-example.com"]}}]
    sent = {"instructions": "Cite.", "max_output_tokens": 4000, "store": False, "temperature": 0.5, "tools": tools}
    answer = await answered(**sent, reasoning={"effort": "low"}, metadata={"a": "b"}, tool_choice="auto")
    reasoning = {"effort": "low", "summary": None}
    assert_response(answer, **sent, reasoning=reasoning, metadata={"a": "b"}, service_tier="fast")


async def test_usage_says_what_there_is_and_no_more() -> None:
    usage = (await answered())["usage"]
    assert sorted(usage) == sorted([*USAGE, "tool_calls_details"])
    costs = [*COST, "cache_creation_cost", "cache_read_cost", "tool_calls_cost", "tool_calls_cost_details"]
    assert sorted(usage["cost"]) == sorted(costs)
    assert tuple(usage["input_tokens_details"]) == CACHED
    assert tuple(usage["output_tokens_details"]) == ("reasoning_tokens",)
    assert usage["tool_calls_details"] == {"search_web": {"cost_usd": 0.001, "invocation": 1}}


async def test_usage_of_a_bare_model_is_short() -> None:
    answer = await answered(model="openai/gpt-6-luna")
    assert_response(answer, tools=[], service_tier="default")
    assert tuple(answer["usage"]) == USAGE
    assert tuple(answer["usage"]["cost"]) == COST
    assert answer["usage"]["input_tokens_details"] == {"cached_tokens": 0}


async def test_pages_that_were_read_are_items_of_their_own() -> None:
    answer = await answered(effort="medium")
    assert kinds(answer) == [*["search_results"] * 3, *["fetch_url_results"] * 3, "message"]
    for item in items(answer, "fetch_url_results"):
        assert [tuple(page) for page in item["contents"]] == [("snippet", "title", "url")]
    told = answer["usage"]["tool_calls_details"]["fetch_url"]
    assert tuple(told) == ("cost_usd", "invocation", "token_usage")
    assert [tuple(page) for page in told["token_usage"]] == [READING] * 3


async def test_finance_comes_as_tables_without_ids() -> None:
    answer = await answered(model="openai/gpt-5.6-sol", tools=[{"type": "finance_search"}], max_steps=3)
    assert [tuple(item) for item in answer["output"]] == [ITEMS[kind] for kind in kinds(answer)]
    quote, lookup = (item["results"][0] for item in items(answer, "finance_results"))
    assert tuple(quote) == ("category", "content", "sources", "tickers")
    assert tuple(lookup) == ("category", "content", "tickers")
    assert lookup["tickers"] is None


async def test_an_incomplete_answer() -> None:
    answer = await answered("Write an essay.", model="openai/gpt-6-luna", max_output_tokens=16)
    details = {"reason": "max_output_tokens"}
    different = {"status": "incomplete", "output": [], "incomplete_details": details, "completed_at": None}
    assert_response(answer, **different, max_output_tokens=16, service_tier="default", tools=[])
    assert tuple(answer["usage"]) == USAGE


async def test_a_run_in_the_background_at_each_of_its_times() -> None:
    demo = quick()
    begun = {"background": True, "completed_at": None, "usage": None, "tools": [], "service_tier": "default"}
    submitted = await answered(f"#demo:slow=400 {QUESTION}", demo=demo, effort="medium", background=True)
    assert_response(submitted, **begun, status="queued", output=[], model="medium")

    await asyncio.sleep(0.15)
    working = (await got(f"/v1/agent/{submitted['id']}", demo)).json()
    assert_response(working, **begun, status="in_progress", model="medium")
    assert set(kinds(working)) <= {"search_results", "fetch_url_results"}

    await asyncio.sleep(0.3)
    done = (await got(f"/v1/responses/{submitted['id']}", demo, format="short")).json()
    tools = [{"type": "web_search"}, {"type": "fetch_url"}]
    assert_response(done, background=True, model="openai/gpt-6-luna", tools=tools, service_tier="default")
    assert kinds(done)[-1] == "message"


async def test_a_run_that_was_stopped() -> None:
    demo = quick()
    begun = await answered(f"#demo:slow=2000 {QUESTION}", demo=demo, effort="medium", background=True)
    await asyncio.sleep(0.5)
    assert (await post({}, path=f"/v1/agent/{begun['id']}/cancel", demo=demo)).json() == {
        "response_id": begun["id"],
        "status": "cancelling",
    }
    stopped = (await got(f"/v1/agent/{begun['id']}", demo)).json()
    error = dict.fromkeys(("code", "message", "type"), "cancelled")
    different = {"background": True, "completed_at": None, "usage": None, "tools": [], "service_tier": "default"}
    details = {"reason": "cancelled"}
    assert_response(stopped, **different, status="cancelled", error=error, incomplete_details=details, model="medium")
    assert set(kinds(stopped)) == {"search_results"}


# --- Streams ---------------------------------------------------------------------------------------------------------


async def test_a_stream_has_the_recorded_events_numbers_and_keys() -> None:
    told = events(await streamed(LONG_ENOUGH))
    found: list[dict[str, Any]] = []
    for event in told:
        if not found or event["type"] != found[-1]["type"] or event["type"] != "response.output_text.delta":
            found.append(event)
    assert [event["sequence_number"] for event in told] == [n for n in range(45) if n not in (2, 41)]
    assert [
        (event["sequence_number"], event["type"], tuple(key for key in event if key not in ("sequence_number", "type")))
        for event in found
    ] == list(STREAM)
    assert all(list(event) == sorted(event) for event in told)


async def test_the_events_of_a_search_and_of_the_text() -> None:
    told = events(await streamed())
    created, _, call, queries, results, block, message = told[:7]
    *_, whole, item, completed = told
    assert_response(created["response"], status="in_progress", output=[], usage=None, completed_at=None, model="fast")
    assert call["item"]["type"] == "function_call"
    assert call["item"]["name"] == "search_web"
    assert call["item"]["arguments"] == f'{{"queries":["{QUESTION}"]}}'
    assert call["item"]["call_id"] == queries["call_id"] == results["call_id"]
    assert call["output_index"] == block["output_index"] == 0
    assert block["item"]["results"] == results["results"]
    assert (queries["thought"], results["thought"]) == (
        "Searching the web...",
        f"Found {len(results['results'])} results",
    )
    assert message["item"]["content"] is None
    assert_response(completed["response"], model="openai/gpt-6-luna", service_tier="fast")
    assert item["item"] == completed["response"]["output"][1]
    assert whole["text"] == text(completed["response"])
    deltas = [event["delta"] for event in told if event["type"] == "response.output_text.delta"]
    assert "".join(deltas) == whole["text"]


async def test_marks_and_words_are_cut() -> None:
    told = events(await streamed("#demo:echo The TypeScript.[7][web:31]"))
    deltas = [event["delta"] for event in told if event["type"] == "response.output_text.delta"]
    assert deltas == ["The", " TypeScri", "pt", ".[", "7", "][", "web", ":", "31", "]"]


async def test_a_stream_and_a_whole_answer_say_the_same() -> None:
    for body in ({"effort": "fast"}, {"effort": "medium"}):
        whole, completed = await answered(**body), events(await streamed(**body))[-1]["response"]
        assert text(completed) == text(whole)
        assert completed["output"][:-1] == whole["output"][:-1]
        assert completed["usage"] == whole["usage"]


async def test_searches_begin_together_and_end_out_of_order() -> None:
    told = events(await streamed(effort="medium"))
    begun = [event["output_index"] for event in told if event.get("item", {}).get("type") == "function_call"]
    ended = [event["output_index"] for event in told if event.get("item", {}).get("type") == "search_results"]
    assert (begun, ended) == ([2, 0, 1], [0, 1, 2])
    fetched = [event for event in told if event["type"].startswith("response.reasoning.fetch_url")]
    assert [len(event.get("urls") or event["contents"]) for event in fetched] == [1] * 6


async def test_usage_can_be_left_out_of_a_stream() -> None:
    told = events(await streamed(preset="fast", stream_options={"include_usage": False}))
    assert told[-1]["response"]["usage"] is None


@pytest.mark.parametrize("kind", ["people_search", "image_search", "finance_search"])
async def test_other_tools_tell_of_themselves_while_they_work(kind: str) -> None:
    told = events(await streamed(model="perplexity/sonar", tools=[{"type": kind}], max_steps=3))
    family = {"people_search": "search"}.get(kind, kind)
    names = [event["type"] for event in told]
    assert f"response.reasoning.{family}_queries" in names
    assert f"response.reasoning.{family}_results" in names
    assert ("response.skill.loaded" in names) == (kind == "finance_search")
