"""Our client asks the demo's Agent API: what is odd changes nothing, and what goes wrong is told."""

import json
from typing import Any

import httpx
import pytest

from tests.upstream.conftest import all_of, last, text_in
from tests.upstream.demo.demo_fixtures import KEY, QUESTION, quick
from upstream.client import Client, Endpoint
from upstream.demo.perplexity import Demo
from upstream.errors import CutOff, UpstreamDown, UpstreamError, WorkFailed
from upstream.events import Finished, MediaFound, SourcesFound, StepTaken, UsageReported
from upstream.requests import AskRequest, Turn


def client_of(demo: Demo) -> Client:
    return Client(endpoint=Endpoint("http://demo", api_key="x"), transport=httpx.MockTransport(demo.handle), backoff=0)


async def asked(switches: str = "", *, model: str = "fast", demo: Demo | None = None, **options: Any) -> Any:
    """The events that our client hears, or the error that it raises."""
    turns = [Turn("user", f"{switches} {QUESTION}".strip())]
    request = AskRequest(model=model, provider="agent", turns=turns, options=options)
    try:
        return [event async for event in client_of(demo or quick()).ask(request)]
    except UpstreamError as error:
        return error


@pytest.mark.parametrize("model", ["fast", "low", "medium", "high", "perplexity/sonar"])
async def test_an_answer_has_text_sources_steps_and_a_cost(model: str) -> None:
    events = await asked(model=model)
    assert text_in(events)
    assert last(SourcesFound, events).sources
    assert [step.kind for step in all_of(StepTaken, events)]
    assert last(UsageReported, events).cost > 0
    assert events[-1] == Finished("stop")


async def test_pictures_are_heard_of() -> None:
    assert len(last(MediaFound, await asked(return_images=True, num_images=1)).images) == 1


@pytest.mark.parametrize(
    "switches",
    [
        *("#demo:crlf", "#demo:cr", "#demo:split_bytes=3", "#demo:pings", "#demo:bad_json_line", "#demo:named_events"),
        *("#demo:unknown_events", "#demo:unknown_items", "#demo:null_response", "#demo:null_fields", "#demo:text_once"),
        *("#demo:holes", "#demo:reasoning_events", "#demo:done_marker", "#demo:finance", "#demo:status_in_completed"),
        *("#demo:null_usage", "#demo:no_cost", "#demo:ids_missing", "#demo:ids_repeat"),
    ],
)
async def test_what_is_odd_changes_nothing(switches: str) -> None:
    words = text_in(await asked(switches)).partition("*This is Parley's demo.")[0]
    assert words == text_in(await asked()).partition("*This is Parley's demo.")[0]


@pytest.mark.parametrize(
    ("switches", "error"),
    [
        ("#demo:run_failed", CutOff),
        ("#demo:run_failed #demo:failed_inside", CutOff),
        ("#demo:requires_action", CutOff),
        ("#demo:error_event", CutOff),
        ("#demo:error_data", CutOff),
        ("#demo:error_flat", CutOff),
        ("#demo:drop_midway", CutOff),
        ("#demo:close_midway", CutOff),
        ("#demo:no_done_marker", CutOff),
        ("#demo:error_event=0", UpstreamDown),
        ("#demo:503", UpstreamDown),
        ("#demo:5xx", UpstreamDown),
    ],
)
async def test_what_goes_wrong_is_told(switches: str, error: type[UpstreamError]) -> None:
    assert type(await asked(switches)) is error


@pytest.mark.parametrize("switch", ["run_failed", "requires_action"])
async def test_a_run_that_fails_does_so_with_status_200(switch: str) -> None:
    request = AskRequest(model="low", provider="agent", turns=[Turn("user", f"#demo:{switch} {QUESTION}")])

    async def whole(streamed: httpx.Request) -> httpx.Response:
        """The demo's answer to the same question without a stream."""
        body = {**json.loads(streamed.content), "stream": False}
        return await quick().handle(httpx.Request("POST", streamed.url, headers=KEY, json=body))

    client = Client(endpoint=Endpoint("http://demo", api_key="x"), transport=httpx.MockTransport(whole), backoff=0)
    with pytest.raises(WorkFailed):
        [event async for event in client.ask(request)]


@pytest.mark.parametrize("switch", ["incomplete", "incomplete_empty"])
async def test_an_incomplete_answer_ends_by_its_length(switch: str) -> None:
    assert (await asked(f"#demo:{switch}"))[-1] == Finished("length")


async def test_marks_without_sources() -> None:
    events = await asked("#demo:no_sources")
    assert "[1]" in text_in(events)
    assert not all_of(SourcesFound, events)


async def test_the_final_text_may_be_another_one() -> None:
    assert text_in(await asked("#demo:final_differs")) == "The final text is another one.[1]"


async def test_the_agent_is_there_when_sonar_has_ended() -> None:
    demo = Demo(chunks_per_second=0, sonar="410")
    assert text_in(await asked(demo=demo))
    assert [await client_of(demo).offers(provider) for provider in ("sonar", "agent")] == [False, True]
