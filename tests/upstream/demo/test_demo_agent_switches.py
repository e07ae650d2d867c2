"""Every switch of the demo's Agent API does on the wire what its table promises."""

import json
from typing import Any

import httpx
import pytest

from tests.upstream.demo.agent_calls import MARKED, answered, events, ids, kinds, post, streamed, text
from tests.upstream.demo.demo_fixtures import QUESTION, in_process
from upstream.demo.agent.events import _NULLABLE


async def told(switches: str, **body: Any) -> list[dict[str, Any]]:
    return events(await streamed(f"{switches} {QUESTION}", **body))


async def refused(switches: str) -> httpx.Response:
    return await post({"effort": "fast", "input": f"{switches} {QUESTION}"})


# --- How a run ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("switch", "status", "details"),
    [
        ("run_failed", "failed", None),
        ("cancelled", "cancelled", {"reason": "cancelled"}),
        ("requires_action", "requires_action", None),
        ("incomplete", "incomplete", {"reason": "max_output_tokens"}),
        ("incomplete_empty", "incomplete", {"reason": "max_output_tokens"}),
        ("content_filter", "incomplete", {"reason": "content_filter"}),
    ],
)
async def test_a_run_may_end_otherwise_with_status_200(switch: str, status: str, details: Any) -> None:
    answer = await answered(f"#demo:{switch} {QUESTION}")
    assert (answer["status"], answer["incomplete_details"], answer["completed_at"]) == (status, details, None)
    assert bool(answer["error"]) == (status in ("failed", "cancelled"))
    assert (answer["output"] == []) == (switch in ("run_failed", "incomplete_empty"))
    assert (answer["usage"] is None) == (status in ("failed", "cancelled"))
    last = (await told(f"#demo:{switch}"))[-1]
    kind = "completed" if status == "requires_action" else status
    assert last["type"] == f"response.{kind}"
    assert (await told(f"#demo:{switch} #demo:status_in_completed"))[-1]["type"] == "response.completed"


async def test_the_event_of_a_failed_run_has_its_error_and_no_response() -> None:
    error = {"message": "Out of luck", "type": "internal_error", "code": "server_error"}
    last = events(await streamed("#demo:run_failed #demo:echo Out of luck"))[-1]
    assert (last["error"], "response" in last) == (error, False)
    inside = events(await streamed("#demo:run_failed #demo:failed_inside #demo:echo Out of luck"))[-1]
    assert (inside["response"]["error"], "error" in inside) == (error, False)


async def test_thinking_may_leave_a_stream_without_text() -> None:
    found = await told("#demo:incomplete_empty")
    assert "response.output_text.delta" not in [event["type"] for event in found]
    assert found[-1]["response"]["output"] == []


@pytest.mark.parametrize("switch", ["error_event", "error_data", "error_flat"])
async def test_a_bare_error_ends_a_stream(switch: str) -> None:
    raw = await streamed(f"#demo:{switch}=8 {QUESTION}")
    last = json.loads(raw.rstrip().rpartition(b"data: ")[2])
    assert (raw.count(b"data: "), b"event: error" in raw) == (9, switch == "error_event")
    assert (last.get("error") or last)["message"] == "Internal error while generating"
    assert last["type"] == "error"


@pytest.mark.parametrize("switch", ["close_midway", "no_done_marker"])
async def test_a_stream_may_close_without_an_end(switch: str) -> None:
    found = await told(f"#demo:{switch}")
    assert not {event["type"] for event in found} & {"response.completed", "response.failed"}


# --- Events and items ------------------------------------------------------------------------------------------------


async def test_numbers_may_have_wider_holes() -> None:
    numbers = [event["sequence_number"] for event in await told("#demo:holes=5")]
    assert numbers[:4] == [0, 5, 15, 20]


async def test_what_may_be_null_is_null() -> None:
    found = await told("#demo:null_fields", effort="low")
    assert all(event[name] is None for event in found for name in _NULLABLE if name in event)
    assert {name for event in found for name in _NULLABLE if name in event} == set(_NULLABLE)
    assert text(found[-1]["response"])


async def test_the_first_events_may_have_no_response() -> None:
    assert [event["response"] for event in (await told("#demo:null_response"))[:2]] == [None, None]


async def test_events_and_items_that_nobody_knows() -> None:
    names = [event["type"] for event in await told("#demo:unknown_events")]
    assert {"response.keepalive", "response.skill.loaded", "response.of_tomorrow"} <= set(names)
    assert kinds(await answered(f"#demo:unknown_items {QUESTION}")) == [
        "search_results",
        "unknown",
        "item_of_tomorrow",
        "message",
    ]


async def test_thinking_may_be_told_of() -> None:
    names = [event["type"] for event in await told("#demo:reasoning_events")]
    assert names.index("response.reasoning.started") < names.index("response.reasoning.stopped")


async def test_the_text_may_come_as_deltas_alone_or_differ_at_the_end() -> None:
    found = await told("#demo:text_once")
    assert "response.output_text.done" not in [event["type"] for event in found]
    assert found[-1]["response"]["output"] == []
    assert text((await told("#demo:final_differs"))[-1]["response"]) == "The final text is another one.[1]"


async def test_usage_and_cost_may_be_missing() -> None:
    assert (await answered(f"#demo:null_usage {QUESTION}"))["usage"] is None
    assert "cost" not in (await answered(f"#demo:no_cost {QUESTION}"))["usage"]


@pytest.mark.parametrize(
    ("switch", "begins", "ends"),
    [
        ("named_events", b"event: response.created\ndata: {", b"}\n\n"),
        ("done_marker", b"data: {", b"data: [DONE]\n\n"),
        ("crlf", b"data: {", b"}\r\n\r\n"),
        ("pings", b": ping\n\ndata: {", b"}\n\n"),
    ],
)
async def test_the_lines_may_be_others(switch: str, begins: bytes, ends: bytes) -> None:
    raw = await streamed(f"#demo:{switch} {QUESTION}")
    assert raw.startswith(begins)
    assert raw.endswith(ends)


async def test_pieces_of_a_stream_may_cut_characters() -> None:
    async with in_process() as client:
        body = {"effort": "fast", "input": "#demo:split_bytes=3 #demo:echo ünï😀 [1]", "stream": True}
        response = await client.post("/v1/agent", json=body)
    assert text(events(response.content)[-1]["response"]) == "ünï😀 [1]"


# --- Sources and marks -----------------------------------------------------------------------------------------------


async def test_marks_may_be_of_other_forms_or_none() -> None:
    assert "](https://" in text(await answered(f"#demo:markdown_links {QUESTION}"))
    assert "[1]" not in text(await answered(f"#demo:no_marks {QUESTION}"))
    zeros = text(await answered(f"#demo:web_zero {QUESTION}"))
    assert "[web:0]" in zeros
    assert "[1]" not in zeros
    assert text(await answered(f"#demo:mark_beyond {QUESTION}")).endswith("[99]")


async def test_ids_may_be_missing_or_repeat() -> None:
    assert set(ids(await answered(f"#demo:ids_missing {QUESTION}"))[0]) == {None}
    blocks = ids(await answered(f"#demo:ids_repeat {QUESTION}", effort="medium"))
    assert {number for block in blocks for number in block} == {1}


async def test_marks_may_point_to_nothing() -> None:
    answer = await answered(f"#demo:no_sources {QUESTION}", **MARKED)
    assert (kinds(answer), "[1]" in text(answer)) == (["message"], True)


async def test_sources_may_be_given() -> None:
    given = [{"title": "<i>", "url": "javascript:1"}, {"id": 7, "title": "x", "url": "https://x.example"}]
    answer = await answered(f"#demo:echo_sources {json.dumps(given)}\nText [1][7]")
    assert (ids(answer), text(answer)) == ([[1, 7]], "Text [1][7]")


async def test_finance_may_come_unasked_and_pictures_may_fail() -> None:
    assert "finance_results" in kinds(await answered(f"#demo:finance {QUESTION}"))
    tools = [{"type": "image_search"}]
    answer = await answered(f"#demo:image_search_error {QUESTION}", model="perplexity/sonar", tools=tools)
    assert answer["output"][0]["error"]["message"]
    assert answer["output"][0]["results"] == []


# --- Failures before the answer --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("switch", "status", "kind"),
    [
        ("400", 400, "invalid_request"),
        ("400=too_many_prompt_tokens", 400, "too_many_prompt_tokens"),
        ("needs_length", 400, "invalid_request"),
        ("401", 401, "invalid_api_key"),
        ("403", 403, "forbidden"),
        ("organisation_key", 403, "forbidden"),
        ("404", 404, "not_found"),
        ("413", 413, "payload_too_large"),
        ("424", 424, "external_connector_error"),
        ("429", 429, "request_rate_limit_exceeded"),
        ("5xx", 500, "internal_error"),
        ("5xx=bad_gateway", 502, "bad_gateway"),
        ("5xx=gateway_timeout", 504, "gateway_timeout"),
        ("5xx=upstream_structured_output_failed", 502, "upstream_structured_output_failed"),
    ],
)
async def test_a_request_may_be_refused(switch: str, status: int, kind: str) -> None:
    response = await refused(f"#demo:{switch}")
    error = response.json()["error"]
    assert (response.status_code, error["type"], error["code"]) == (status, kind, status)
    assert error["message"]


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_trouble_in_front_of_the_service_is_a_page(status: int) -> None:
    response = await refused(f"#demo:{status}")
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")


async def test_too_many_requests_say_when_it_goes_on_or_leave_it_to_the_limits() -> None:
    assert (await refused("#demo:429=4")).headers["retry-after"] == "4"
    response = await refused("#demo:429")
    assert "retry-after" not in response.headers
    assert response.headers["x-ratelimit-remaining"] == "0"
    assert int(response.headers["x-ratelimit-reset"]) > 1_700_000_000
