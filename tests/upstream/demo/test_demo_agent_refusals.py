"""What the demo's Agent API refuses, in the recorded words where there are any, and what it takes."""

from typing import Any

import pytest

from tests.upstream.demo.agent_calls import answered, got, post
from tests.upstream.demo.demo_fixtures import QUESTION, in_process, quick

FAST = {"preset": "fast", "input": QUESTION}
NONE = "resp_00000000-0000-0000-0000-000000000000"


def search(**fields: Any) -> dict[str, Any]:
    return {**FAST, "tools": [{"type": "web_search", **fields}]}


def shaped(schema: Any) -> dict[str, Any]:
    return {**FAST, "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}}


async def refused(body: dict[str, Any], *, path: str = "/v1/agent") -> dict[str, Any]:
    response = await post(body, path=path)
    assert response.status_code == 400, response.text
    error: dict[str, Any] = response.json()["error"]
    assert error.pop("code") == 400
    return error


RECORDED = [
    ({**FAST, "input": ""}, "validation failed: input cannot be empty"),
    ({"preset": "fast"}, "validation failed: input array cannot be empty"),
    ({**FAST, "input": 3}, "validation failed: input array cannot be empty"),
    ({**FAST, "input": {}}, "validation failed: input array cannot be empty"),
    ({**FAST, "input": []}, "validation failed: input array cannot be empty"),
    ({**FAST, "max_steps": 0}, "validation failed: max steps must be at least 1"),
    (
        {"model": "anthropic/claude-haiku-4-5", "input": "hi"},
        "validation failed: max_output_tokens is required when using Anthropic models",
    ),
    (
        {"models": ["perplexity/sonar", "anthropic/claude-opus-5-5"], "input": "hi"},
        "validation failed: max_output_tokens is required when using Anthropic models",
    ),
    (
        search(filters={"search_recency_filter": "decade"}),
        "validation failed: tools[0]: search recency filter must be one of: hour day week month year",
    ),
    (search(max_results=0), "validation failed: tools[0]: max results must be at least 1"),
    ({**FAST, "previous_response_id": NONE}, "invalid request"),
    (
        {**FAST, "response_format": {"type": "json_schema"}},
        'validation failed: response_format.json_schema is required when type is "json_schema"',
    ),
    (shaped({"type": "object", "properties": {"a": {"type": "bogus"}}}), "invalid request"),
]


@pytest.mark.parametrize(("body", "message"), RECORDED)
async def test_what_was_recorded_is_refused_in_the_same_words(body: dict[str, Any], message: str) -> None:
    assert await refused(body) == {"message": message, "type": "invalid_request"}


async def test_a_schema_wants_an_object_as_its_root() -> None:
    error = await refused(shaped({"type": "bogus"}))
    assert error["type"] == "invalid_parameter"
    assert error["message"].startswith(
        "json_schema.schema must have a root type of 'object' (got type=\"bogus\"). Wrap"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**FAST, "messages": []}, "messages"),
        ({**FAST, "return_images": True}, "return_images"),
        ({**FAST, "top_k": 3}, "top_k"),
        ({**FAST, "text": {"format": {}}}, "text"),
        ({**FAST, "reasoning": {"much": True}}, "much"),
        (search(num_search_results=3), "num_search_results"),
        (search(filters={"search_mode": "sec"}), "search_mode"),
        ({**FAST, "input": [{"type": "message", "role": "user", "content": "x", "name": "y"}]}, "name"),
    ],
)
async def test_an_unknown_field_is_named(body: dict[str, Any], field: str) -> None:
    message = f'invalid request body: json: unknown field "{field}"'
    assert await refused(body) == {"message": message, "type": "invalid_request", "param": field}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"input": QUESTION}, "invalid_request"),
        ({"input": QUESTION, "model": "sonar"}, "invalid_model"),
        ({"input": QUESTION, "models": ["perplexity/sonar"] * 6}, "invalid_request"),
        ({"input": QUESTION, "preset": "sonar-pro"}, "invalid_request"),
        ({"input": QUESTION, "effort": "huge"}, "invalid_request"),
        ({**FAST, "profile": {"type": "custom", "id": "mine"}}, "invalid_request"),
        ({**FAST, "max_output_tokens": 0}, "invalid_request"),
        ({**FAST, "max_tool_calls": -1}, "invalid_request"),
        ({**FAST, "temperature": 2.1}, "invalid_request"),
        ({**FAST, "top_p": 1.1}, "invalid_request"),
        ({**FAST, "reasoning": {"effort": "most"}}, "invalid_request"),
        ({**FAST, "reasoning": "much"}, "invalid_request"),
        ({**FAST, "language_preference": "Korean"}, "invalid_request"),
        ({**FAST, "stream": "yes"}, "invalid_request"),
        ({**FAST, "service_tier": "first"}, "invalid_request"),
        ({**FAST, "metadata": {str(n): "x" for n in range(17)}}, "invalid_request"),
        ({**FAST, "tool_choice": "sometimes"}, "invalid_request"),
        ({**FAST, "tool_choice": {"name": "nobody"}}, "invalid_request"),
        ({**FAST, "tools": [{"type": "oracle"}]}, "invalid_request"),
        ({**FAST, "tools": [{"type": "function", "name": "search_web"}]}, "invalid_request"),
        ({**FAST, "tools": [{"type": "mcp", "server_label": "x", "server_url": "http://x"}]}, "invalid_request"),
        ({**FAST, "tools": [{"type": "fetch_url", "max_urls": 11}]}, "invalid_request"),
        (
            {**FAST, "tools": [{"type": "image_search", "filters": {"format_filter": ["jpg"]}}]},
            "invalid_request",
        ),
        (search(search_type="pro"), "invalid_request"),
        (search(max_results=51), "invalid_request"),
        (search(user_location={"country": "Korea"}), "invalid_request"),
        (search(filters={"search_after_date_filter": "last week"}), "invalid_date_format"),
        (
            search(filters={"search_after_date_filter": "01/31/2026", "search_recency_filter": "day"}),
            "invalid_request",
        ),
        (search(filters={"search_domain_filter": ["a.example"] * 21}), "invalid_search_domain_filter"),
        (search(filters={"search_domain_filter": ["https://a.example"]}), "invalid_search_domain_filter"),
        ({**FAST, "skills": [{"type": "builtin", "name": "cooking"}]}, "invalid_request"),
        ({**FAST, "input": [{"role": "user"}]}, "invalid_request"),
        (
            {**FAST, "input": [{"role": "user", "content": [{"type": "input_image", "image_url": "x"}]}]},
            "invalid_request",
        ),
        ({**FAST, "response_format": {"type": "regex"}}, "invalid_request"),
    ],
)
async def test_what_does_not_fit_is_refused(body: dict[str, Any], kind: str) -> None:
    assert (await refused(body))["type"] == kind


@pytest.mark.parametrize(
    "field",
    [
        *({"effort": level} for level in ("fast", "low", "medium", "high", "xhigh", "low@2026-10-16.0")),
        {"models": ["perplexity/sonar", "openai/gpt-6-luna"]},
        {"temperature": 2, "top_p": 0, "max_steps": 101, "max_tool_calls": 3, "parallel_tool_calls": False},
        *({"reasoning": {"effort": effort}} for effort in ("none", "minimal", "xhigh", "max")),
        *({"tool_choice": choice} for choice in ("none", "auto", "required", {"type": "web_search"})),
        {"service_tier": "priority", "truncation": "auto", "prompt_cache_key": "k", "step_budget_reminder": True},
        {"metadata": {"a": "b"}, "store": False, "stream_options": {"include_usage": True}},
        {"language_preference": "ko", "instructions": None, "previous_response_id": None},
        {"skills": [{"type": "inline", "name": "of-ours", "description": "x", "instructions": "y"}]},
        {"skills": [{"type": "custom", "id": "skill-1"}]},
        {
            "tools": [
                {
                    "type": "web_search",
                    "search_type": "fast",
                    "search_context_size": "high",
                    "max_results": 50,
                    "max_tokens": 1000,
                    "max_tokens_per_page": 100,
                    "filters": {
                        "search_domain_filter": ["docs.python.org", "-example.com"],
                        "last_updated_before_filter": "12/31/2030",
                        "search_before_date_filter": "2030-12-31",
                    },
                    "user_location": {"latitude": 1.5, "longitude": 2, "country": "KR", "region": "x", "city": "y"},
                },
                {"type": "fetch_url", "max_urls": 10, "total_budget_tokens": 120_000},
                {"type": "mcp", "server_label": "x", "server_url": "https://x.example", "require_approval": "never"},
                {"type": "connector", "id": "mail", "require_approval": {"always": {"tool_names": ["send"]}}},
                {"type": "function", "name": "weather", "strict": True},
            ]
        },
    ],
)
async def test_every_field_is_taken(field: dict[str, Any]) -> None:
    assert (await answered(**{"preset": "fast", **field}))["status"] == "completed"


async def test_a_profile_is_taken_alone() -> None:
    response = await post({"profile": {"type": "custom", "id": "mine", "version": "1"}, "input": QUESTION})
    assert response.json()["status"] == "completed"


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/v1/agent", 405, "method_not_allowed"),
        ("POST", f"/v1/responses/{NONE}", 405, "method_not_allowed"),
        ("GET", f"/v1/responses/{NONE}", 404, "not_found"),
        ("GET", "/v1/responses/resp_none", 400, "invalid_request"),
        ("GET", f"/v1/responses/{NONE}/files", 404, "not_found"),
        ("POST", "/v1/responses/resp_none/cancel", 400, "invalid_request"),
        ("POST", "/v1/agents", 404, "not_found"),
    ],
)
async def test_other_ways_lead_nowhere(method: str, path: str, status: int, kind: str) -> None:
    async with in_process() as client:
        response = await client.request(method, path, json={})
    assert (response.status_code, response.json()["error"]["type"]) == (status, kind)


async def test_an_unknown_run_cannot_be_stopped_as_one_that_has_ended() -> None:
    demo = quick()
    ended = await answered(demo=demo)
    for name in (NONE, ended["id"]):
        response = await post({}, path=f"/v1/responses/{name}/cancel", demo=demo)
        message = "the run is already terminal and cannot be cancelled"
        assert (response.status_code, response.json()["error"]["message"]) == (400, message)


async def test_an_answer_that_is_not_stored_cannot_be_fetched() -> None:
    demo = quick()
    answer = await answered(demo=demo, store=False)
    assert (await got(f"/v1/agent/{answer['id']}", demo)).json()["error"] == {
        "message": "resource not found",
        "type": "not_found",
        "code": 404,
    }


async def test_a_body_may_have_32_mebibytes() -> None:
    response = await post({**FAST, "input": "x" * (32 * 1024 * 1024)})
    assert (response.status_code, response.json()["error"]["type"]) == (413, "payload_too_large")


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
async def test_a_body_is_an_object(content: bytes) -> None:
    async with in_process() as client:
        assert (await client.post("/v1/agent", content=content)).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {**FAST, "tools": [None]},
        {**FAST, "input": [None]},
        {**FAST, "input": [{"role": "user", "content": [None]}]},
        {**FAST, "models": [None]},
        {**FAST, "tool_choice": {"type": "function", "name": {}}},
        search(filters={"search_after_date_filter": "02/31/2026"}),
        search(filters={"search_domain_filter": [3]}),
        shaped({"type": "object", "properties": {"a": {"type": [{}]}}}),
        shaped({"type": "object", "properties": {"a": {"anyOf": [{"type": "bogus"}]}}}),
    ],
)
async def test_nonsense_is_refused(body: dict[str, Any]) -> None:
    await refused(body)


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "reasoning", "summary": []}],
        [{"type": "function_call_output", "call_id": "x", "output": "y"}],
        [{"role": "assistant", "content": QUESTION}],
        [{"role": "user", "content": []}],
        [{"role": "user", "content": [{"type": "input_image", "image_url": "https://a.example/b,c.png"}]}],
    ],
)
async def test_input_without_a_question_is_answered(content: list[Any]) -> None:
    assert (await answered(content))["status"] == "completed"
