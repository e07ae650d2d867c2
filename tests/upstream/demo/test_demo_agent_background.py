"""Runs in the background of the demo's Agent API: they go on by themselves, and a broken stream can be resumed."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.upstream.demo.agent_calls import answered, events, got, post, streamed, text
from tests.upstream.demo.demo_fixtures import QUESTION, in_process, quick
from upstream.demo.perplexity import Demo

BACKGROUND = {"effort": "fast", "background": True}


async def begun(switches: str, demo: Demo, **body: Any) -> list[dict[str, Any]]:
    """What a streamed run in the background says before its stream breaks."""
    return events(await streamed(f"{switches} {QUESTION}", demo=demo, **BACKGROUND, **body))


async def resumed(name: str, demo: Demo, after: int) -> list[dict[str, Any]]:
    response = await got(f"/v1/agent/{name}", demo, stream="true", starting_after=str(after))
    assert response.status_code == 200, response.text
    return events(response.content)


def named(told: list[dict[str, Any]]) -> str:
    return str(told[0]["response"]["id"])


async def counted(demo: Demo) -> dict[str, Any]:
    return dict((await got("/demo/calls", demo, question=QUESTION)).json())


async def test_a_submission_is_queued_whatever_it_asks_and_then_ready_to_fetch() -> None:
    demo = quick()
    submitted = await answered(f"#demo:fast {QUESTION}", demo=demo, **BACKGROUND)
    assert (submitted["status"], submitted["output"]) == ("queued", [])
    done = (await got(f"/v1/responses/{submitted['id']}", demo)).json()
    assert (done["status"], text(done)) == ("completed", text(await answered()))


async def test_a_run_is_paid_for_once_however_often_it_is_looked_at() -> None:
    demo = quick()
    submitted = await answered(f"#demo:fast {QUESTION}", demo=demo, **BACKGROUND)
    for _ in range(3):
        await got(f"/v1/agent/{submitted['id']}", demo)
    found = await counted(demo)
    assert (found["calls"], found["jobs"], found["runs"]) == (1, 1, 1)
    await answered(demo=demo)
    found = await counted(demo)
    assert (found["calls"], found["jobs"], found["runs"]) == (2, 1, 2)


async def test_a_refused_request_is_not_paid_for() -> None:
    demo = quick()
    await post({"input": f"#demo:503 {QUESTION}", **BACKGROUND}, demo=demo)
    assert ((await counted(demo))["calls"], (await counted(demo))["runs"]) == (1, 0)


async def test_a_broken_stream_goes_on_after_the_last_event_that_was_read() -> None:
    demo = quick()
    first = await begun("#demo:close_midway=9", demo)
    later = await resumed(named(first), demo, first[-1]["sequence_number"])
    numbers = [event["sequence_number"] for event in (*first, *later)]
    assert numbers == sorted(set(numbers))
    assert later[-1]["type"] == "response.completed"
    deltas = [event["delta"] for event in (*first, *later) if event["type"] == "response.output_text.delta"]
    assert "".join(deltas) == text(later[-1]["response"])
    assert (await counted(demo))["runs"] == 1


async def test_a_stream_that_was_read_to_its_end_has_nothing_but_the_end_to_resume() -> None:
    demo = quick()
    told = await begun("", demo)
    assert [event["type"] for event in await resumed(named(told), demo, told[-1]["sequence_number"])] == [
        "response.completed"
    ]


async def test_what_is_due_comes_at_once_and_the_rest_at_its_time() -> None:
    demo = quick()
    async with in_process(demo) as client:
        request = {"input": "#demo:slow=5 #demo:close_midway=3 #demo:lines=8", "stream": True, **BACKGROUND}
        first = events((await client.post("/v1/agent", json=request)).content)
        working = (await client.get(f"/v1/agent/{named(first)}")).json()
    assert (working["status"], working["usage"]) == ("in_progress", None)
    later = await resumed(named(first), demo, 4)
    done = (await got(f"/v1/agent/{named(first)}", demo)).json()
    assert (later[-1]["type"], done["status"]) == ("response.completed", "completed")


@pytest.mark.parametrize(
    ("switches", "query"),
    [
        ("#demo:resume_expired", {"stream": "true", "starting_after": "3"}),
        ("", {"stream": "true"}),
        ("", {"stream": "true", "starting_after": "-1"}),
        ("", {"format": "long"}),
    ],
)
async def test_what_cannot_be_resumed_is_refused(switches: str, query: dict[str, str]) -> None:
    demo = quick()
    name = named(await begun(switches, demo))
    response = await got(f"/v1/agent/{name}", demo, **query)
    assert (response.status_code, response.json()["error"]["type"]) == (400, "invalid_request")


async def test_only_streams_in_the_background_can_be_resumed() -> None:
    demo = quick()
    query = {"stream": "true", "starting_after": "0"}
    for name in (named(events(await streamed(demo=demo))), (await answered(demo=demo, **BACKGROUND))["id"]):
        assert (await got(f"/v1/agent/{name}", demo, **query)).status_code == 400


async def test_a_resumed_stream_may_repeat_and_may_break_again() -> None:
    demo = quick()
    first = await begun("#demo:close_midway=5 #demo:resume_overlap #demo:resume_drop", demo)
    after = first[-1]["sequence_number"]
    again = await resumed(named(first), demo, after)
    assert again[0]["sequence_number"] <= after
    assert again[-1]["type"] != "response.completed"
    assert (await resumed(named(first), demo, after))[-1]["type"] == "response.completed"


async def test_a_stream_tells_that_its_run_was_stopped() -> None:
    demo = quick()
    async with in_process(demo) as client:
        request = {"input": f"#demo:slow=30 {QUESTION}", "stream": True, **BACKGROUND}
        async with client.stream("POST", "/v1/agent", json=request) as response:
            lines = (line async for line in response.aiter_lines() if line)
            first = json.loads((await anext(lines)).removeprefix("data: "))
            stopped = await client.post(f"/v1/agent/{first['response']['id']}/cancel")
            *_, end = [line async for line in lines]
    last = json.loads(end.removeprefix("data: "))
    assert stopped.json()["status"] == "cancelling"
    assert (last["type"], last["response"]["usage"]) == ("response.cancelled", None)
    assert last["response"]["error"]["code"] == "cancelled"


async def test_a_run_may_go_on_for_a_while_after_it_was_told_to_stop() -> None:
    demo = quick()
    submitted = await answered(f"#demo:cancelling=150 {QUESTION}", demo=demo, **BACKGROUND)
    await post({}, path=f"/v1/agent/{submitted['id']}/cancel", demo=demo)
    assert (await got(f"/v1/agent/{submitted['id']}", demo)).json()["status"] == "queued"
    await asyncio.sleep(0.2)
    assert (await got(f"/v1/agent/{submitted['id']}", demo)).json()["status"] == "cancelled"


@pytest.mark.parametrize("state", ["running", "stopped", "failed"])
async def test_only_from_a_completed_run_one_can_go_on(state: str) -> None:
    demo = quick()
    switch = "#demo:run_failed #demo:fast" if state == "failed" else ""
    earlier = await answered(f"{switch} {QUESTION}", demo=demo, **BACKGROUND)
    if state == "stopped":
        await post({}, path=f"/v1/agent/{earlier['id']}/cancel", demo=demo)
    response = await post({"effort": "fast", "input": "And?", "previous_response_id": earlier["id"]}, demo=demo)
    assert (response.status_code, response.json()["error"]["message"]) == (400, "invalid request")


@pytest.mark.parametrize(
    ("switch", "statuses"),
    [("poll_500=2", [500, 500, 200]), ("poll_429=1", [429, 200]), ("vanish", [404])],
)
async def test_looks_at_a_run_may_fail(switch: str, statuses: list[int]) -> None:
    demo = quick()
    name = (await answered(f"#demo:fast #demo:{switch} {QUESTION}", demo=demo, **BACKGROUND))["id"]
    assert [(await got(f"/v1/agent/{name}", demo)).status_code for _ in statuses] == statuses


async def test_a_reply_may_be_lost_though_the_run_is_paid_for() -> None:
    demo = quick()
    with pytest.raises(httpx.ReadError):
        await answered(f"#demo:lost_reply {QUESTION}", demo=demo, **BACKGROUND)
    assert (await counted(demo))["runs"] == 1


async def test_what_is_not_stored_cannot_be_looked_at_again() -> None:
    demo = quick()
    submitted = await answered(demo=demo, **BACKGROUND, store=False)
    assert (await got(f"/v1/agent/{submitted['id']}", demo)).status_code == 404
