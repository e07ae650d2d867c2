"""What the demo's Agent API finds with its other tools, and what its answers cost."""

import json
import re
from typing import Any

import pytest

from tests.upstream.demo.agent_calls import BARE, answered, got, ids, items, kinds, post, text
from tests.upstream.demo.demo_fixtures import QUESTION, in_process, quick
from upstream.demo.agent.models import PRICES

FINANCE = {"model": "openai/gpt-5.6-sol", "tools": [{"type": "finance_search"}]}


@pytest.mark.parametrize(("steps", "looked_up"), [(None, 0), (1, 0), (2, 1), (3, 2), (8, 2)])
async def test_finance_needs_steps(steps: int | None, looked_up: int) -> None:
    answer = await answered(**FINANCE, max_steps=steps)
    assert kinds(answer) == ["skill_loaded", *["finance_results"] * looked_up, "message"]
    assert ("Market data could not be had" in text(answer)) == (looked_up == 0)
    told = answer["usage"].get("tool_calls_details", {})
    assert told == ({"finance_search": {"invocation": looked_up}} if looked_up else {})


async def test_people_are_found_with_ids_of_their_own() -> None:
    tools = [{"type": "web_search"}, {"type": "people_search"}]
    answer = await answered(**{**BARE, "tools": tools})
    first = items(answer, "people_search_results")[0]["results"][0]
    assert first["id"] == len(ids(answer)[0]) + 1
    assert answer["usage"]["cost"]["tool_calls_cost_details"] == {"search_web": 0.0025, "search_people": 0.005}
    assert "made up" in text(answer)


async def test_pictures_come_from_their_tool() -> None:
    tools = [{"type": "image_search", "max_results": 1, "filters": {"format_filter": ["webp"]}}]
    found = items(await answered(**{**BARE, "tools": tools}), "image_search_results")[0]["results"]
    assert [re.search(r"\.webp$", picture["image_url"]) is not None for picture in found] == [True]


async def test_the_sandbox_drops_other_tools_and_shares_a_file() -> None:
    demo = quick()
    answer = await answered(demo=demo, **{**BARE, "tools": [{"type": "sandbox"}, {"type": "web_search"}]})
    assert kinds(answer) == ["sandbox_results", "share_file", "message"]
    listed = (await got(f"/v1/responses/{answer['id']}/files", demo)).json()
    file = listed["data"][0]
    assert (listed["object"], file["object"], file["filename"]) == ("list", "file", "answer.md")
    content = await got(f"/v1/responses/{answer['id']}/files/{file['id']}/content", demo)
    assert content.text == text(answer)
    assert "answer.md" in content.headers["content-disposition"]
    assert (await got(f"/v1/responses/{answer['id']}/files/file_x/content", demo)).status_code == 404


async def test_a_skill_switches_the_sandbox_on_and_is_not_echoed() -> None:
    answer = await answered(skills=[{"type": "builtin", "name": "office/pdf"}])
    assert "sandbox_results" in kinds(answer)
    assert "skills" not in answer


async def test_an_own_function_is_called_and_its_answer_taken() -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    tool = {"type": "function", "name": "weather", "parameters": schema}
    asking = {"model": "openai/gpt-6-luna", "tools": [tool]}
    answer = await answered("What is the weather?", **asking)
    call = answer["output"][0]
    assert (kinds(answer), call["name"], json.loads(call["arguments"])) == (
        ["function_call"],
        "weather",
        {"city": "demo"},
    )
    turns = [
        {"role": "user", "content": "What is the weather?"},
        {"type": "function_call", "call_id": call["call_id"], "name": "weather", "arguments": call["arguments"]},
        {"type": "function_call_output", "call_id": call["call_id"], "output": "Rain."},
    ]
    assert kinds(await answered(turns, **asking)) == ["message"]
    assert kinds(await answered(QUESTION, **asking)) == ["message"]
    assert kinds(await answered(QUESTION, **asking, tool_choice={"name": "weather"})) == ["function_call"]


# --- Models, limits, costs -------------------------------------------------------------------------------------------


async def test_the_models_are_listed_with_their_prices() -> None:
    listed = (await got("/v1/models", quick())).json()["data"]
    assert len(listed) == 52
    assert {model["owned_by"] for model in listed} == {"anthropic", "google", "openai", "perplexity", "xai"}
    assert listed[-8] == {
        "id": "perplexity/sonar",
        "object": "model",
        "created": 0,
        "owned_by": "perplexity",
        "pricing": {"input": 0.25, "output": 2.5, "cache_read": 0.0625, "unit": "usd_per_1m_tokens"},
    }


async def test_a_key_is_wanted_everywhere() -> None:
    refused = {
        "message": "Invalid API key provided. Ensure your API key is correct and active.",
        "type": "invalid_api_key",
        "code": 401,
    }
    async with in_process() as client:
        for method, path in (("POST", "/v1/agent"), ("GET", "/v1/models"), ("GET", "/v1/agent/resp_x")):
            for key in ("", "Bearer pplx-bad", "Bearer pplx-no-credits"):
                response = await client.request(method, path, headers={"Authorization": key})
                assert (response.status_code, response.json()) == (401, {"error": refused})


async def test_an_organisations_key_may_list_the_models_and_nothing_else() -> None:
    async with in_process() as client:
        key = {"Authorization": "Bearer pplx-organisation"}
        assert (await client.get("/v1/models", headers=key)).status_code == 200
        refused = await client.post("/v1/agent", headers=key, json={})
    assert (refused.status_code, refused.json()["error"]["type"]) == (403, "forbidden")


async def test_every_answer_tells_what_is_left_for_now() -> None:
    demo = quick()
    first = (await post({"preset": "fast", "input": "x"}, demo=demo)).headers
    second = (await got("/v1/models", demo)).headers
    assert (first["x-ratelimit-limit"], first["x-ratelimit-remaining"], first["x-ratelimit-used"]) == ("50", "49", "1")
    assert int(second["x-ratelimit-remaining"]) < 50
    told = (await post({"preset": "fast", "input": "#demo:remaining=0 x"}, demo=demo)).headers
    assert told["x-ratelimit-remaining"] == "0"


@pytest.mark.parametrize(
    "body",
    [
        {"effort": "fast"},
        {"effort": "low"},
        {"effort": "medium"},
        {"effort": "high"},
        BARE,
        {"model": "openai/gpt-6-luna"},
        {**BARE, "model": "anthropic/claude-opus-5-5", "max_output_tokens": 8192},
        {**FINANCE, "max_steps": 3},
    ],
)
async def test_costs_are_what_the_list_of_prices_says(body: dict[str, Any]) -> None:
    answer = await answered(**body)
    usage, price = answer["usage"], PRICES[answer["model"]]
    cost, details = usage["cost"], usage["input_tokens_details"]
    created, cached = details.get("cache_creation_input_tokens", 0), details["cached_tokens"]
    fresh = usage["input_tokens"] - created - cached
    expected = {
        "input_cost": fresh * price.input,
        "output_cost": usage["output_tokens"] * price.output,
        "cache_creation_cost": created * (price.cache_write or 0),
        "cache_read_cost": cached * price.cache_read,
    }
    assert {name: round(figure / 1e6, 5) for name, figure in expected.items()} == {
        name: cost.get(name, 0) for name in expected
    }
    tools = cost.get("tool_calls_cost_details", {})
    assert round(sum(tools.values()), 5) == cost.get("tool_calls_cost", 0)
    parts = sum(figure for name, figure in cost.items() if name.endswith("_cost") and name != "total_cost")
    assert cost["total_cost"] == round(parts, 5)
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]


async def test_a_page_costs_what_its_reader_costs() -> None:
    answer = await answered(effort="low")
    told = answer["usage"]["tool_calls_details"]["fetch_url"]
    read, reader = told["token_usage"][0], PRICES["openai/gpt-5.6-luna"]
    created = read["input_tokens_details"]["cache_creation_input_tokens"]
    fresh = read["input_tokens"] - created
    tokens = fresh * reader.input + created * (reader.cache_write or 0) + read["output_tokens"] * reader.output
    assert (read["model"], told["invocation"]) == ("openai/gpt-5.6-luna", 1)
    assert told["cost_usd"] == round(0.0005 + tokens / 1e6, 5)


@pytest.mark.parametrize(("kind", "fee"), [("web", 0.0025), ("fast", 0.001)])
async def test_the_kind_of_a_search_decides_what_it_costs(kind: str, fee: float) -> None:
    answer = await answered(**{**BARE, "tools": [{"type": "web_search", "search_type": kind}]})
    assert answer["usage"]["cost"]["tool_calls_cost"] == fee
