"""Sonar streams, heard over real HTTP, become events: framing, both stream modes, the end."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.upstream.conftest import (
    Play,
    ScriptedServer,
    all_of,
    chunk,
    collect,
    done,
    frame,
    head,
    last,
    question,
    reasoning_in,
    text_in,
    told,
)
from upstream.client import Client
from upstream.errors import CutOff
from upstream.events import (
    Event,
    Finished,
    RelatedFound,
    SourcesFound,
    Started,
    StatusChanged,
    StepTaken,
    UsageReported,
    WebSource,
)
from upstream.sonar.stream import SonarTranslation
from upstream.sse import Messages

Heard = Callable[..., Awaitable[list[Event]]]

VARN = {
    "title": "Varn harbour light",
    "url": "https://harbour.example/varn",
    "date": "2025-02-03",
    "last_updated": "2025-06-01",
    "snippet": "Automated in spring.",
    "source": "web",
}
LIST = {
    "title": "List of lights",
    "url": "https://lights.example/list",
    "date": None,
    "last_updated": None,
    "snippet": "",
    "source": "web",
}
SOURCES = (
    WebSource(VARN["url"], VARN["title"], "2025-02-03", "2025-06-01", "Automated in spring.", "web"),  # type: ignore[arg-type]
    WebSource(LIST["url"], LIST["title"], origin="web"),  # type: ignore[arg-type]
)


def usage(completion: int, *, cost: dict[str, float] | None = None) -> dict[str, Any]:
    zeros = {"input_tokens_cost": 0.0, "output_tokens_cost": 0.0, "total_cost": 0.0}
    tokens = {"prompt_tokens": 12, "completion_tokens": completion, "total_tokens": 12 + completion}
    return {**tokens, "search_context_size": "low", "cost": cost or zeros}


def full_mode() -> list[dict[str, Any]]:
    """An answer in the default stream mode, with letters outside ASCII."""
    found = {"citations": [VARN["url"], LIST["url"]], "search_results": [VARN, LIST]}
    cost = {"input_tokens_cost": 0.00001, "output_tokens_cost": 0.00001, "request_cost": 0.005, "total_cost": 0.00503}
    related = {"related_questions": ["Who kept the Varn light before?", "Which lights are still manned?"]}
    return [
        chunk("The Vårn 灯", message="The Vårn 灯", usage=usage(3), **found),
        chunk(" was automated", message="The Vårn 灯 was automated", usage=usage(7), **found),
        chunk(" in 1998.[1][2]", message="The Vårn 灯 was automated in 1998.[1][2]", usage=usage(14), **found),
        done("The Vårn 灯 was automated in 1998.[1][2]", usage=usage(14, cost=cost), **found, **related),
    ]


async def test_full_mode_becomes_text_sources_related_questions_and_figures(heard: Heard):
    events = await heard(*full_mode(), "[DONE]")

    assert told(events) == [
        *("Started", "SourcesFound", "TextDelta", "TextDelta", "TextDelta", "RelatedFound", "UsageReported", "Finished")
    ]
    assert events[0] == Started("a1", "sonar", "req-7")
    assert events[1] == SourcesFound(SOURCES)
    assert text_in(events) == "The Vårn 灯 was automated in 1998.[1][2]"
    assert last(RelatedFound, events).questions[1] == "Which lights are still manned?"
    assert last(UsageReported, events).cost == Decimal("0.005030")
    assert last(UsageReported, events).usage["completion_tokens"] == 14
    assert events[-1] == Finished("stop")


async def test_the_cumulative_message_is_never_added_to_the_text(heard: Heard):
    events = await heard(*full_mode())
    assert text_in(events).count("The Vårn") == 1


def test_a_stream_cut_at_any_byte_becomes_the_same_events():
    stream = b": ping\r\n\r\n" + b"".join(map(frame, full_mode())) + frame("[DONE]").replace(b"\n", b"\r\n")

    def events(*pieces: bytes) -> list[Event]:
        messages, translation = Messages(), SonarTranslation()
        found: list[Event] = []
        for piece in pieces:
            assert translation.take_all(messages.feed(piece), found) is None
        translation.take_all(messages.close(), found)
        return found + translation.end()

    whole = events(stream)
    assert whole[-1] == Finished("stop")
    for cut in range(1, len(stream)):
        assert events(stream[:cut], stream[cut:]) == whole, f"cut at byte {cut}"
    assert events(*(stream[place : place + 1] for place in range(len(stream)))) == whole


async def test_a_stream_sent_byte_by_byte_reads_the_same(scripted: ScriptedServer, client: Client):
    stream = b"".join(map(frame, full_mode()))
    scripted.plays(head(), *(stream[place : place + 1] for place in range(len(stream))))
    events = [event async for event in client.ask(question())]
    assert text_in(events) == "The Vårn 灯 was automated in 1998.[1][2]"


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n"])
async def test_every_line_end_is_understood(heard: Heard, end: bytes):
    events = await heard(*(frame(item).replace(b"\n", end) for item in (chunk("A"), chunk("B", finish="stop"))))
    assert (text_in(events), events[-1]) == ("AB", Finished("stop"))


async def test_comments_blank_data_and_lines_that_are_not_json_are_passed_over(heard: Heard):
    noise = b": ping\n\ndata:\n\ndata: ping\n\ndata: {broken\n\ndata: [1, 2]\n\ndata: null\n\nid: 3\n\nretry: 5\n\n"
    events = await heard(noise, chunk("A"), noise, chunk("B"), noise, "[DONE]", noise)
    assert text_in(events) == "AB"


async def test_json_may_be_spread_over_several_lines_of_data(heard: Heard):
    pretty = json.dumps(chunk("A", finish="stop"), indent=2)
    events = await heard("".join(f"data: {line}\n" for line in pretty.split("\n")).encode() + b"\n")
    assert text_in(events) == "A"


async def test_a_missing_space_after_the_colon_is_no_matter(heard: Heard):
    events = await heard(b"data:" + json.dumps(chunk("A")).encode() + b"\n\ndata:[DONE]\n\n")
    assert (text_in(events), events[-1]) == ("A", Finished("stop"))


async def test_a_last_message_without_its_blank_line_counts(heard: Heard):
    events = await heard(frame(chunk("A")), frame(chunk("B", finish="length")).rstrip(b"\n"))
    assert (text_in(events), events[-1]) == ("AB", Finished("length"))


@pytest.mark.parametrize(
    "ending",
    [
        ["[DONE]"],
        ["[DONE] "],
        [done("AB")],
        [done("AB"), "[DONE]"],
        [chunk("", finish="stop")],
        [chunk("", finish="stop"), "[DONE]"],
        [chunk("", finish="stop", object="chat.completion", type="end_of_stream", status="COMPLETED")],
    ],
)
async def test_each_mark_ends_the_answer_once(heard: Heard, ending: list[Any]):
    events = await heard(chunk("A"), chunk("B"), *ending)
    assert text_in(events) == "AB"
    assert [event for event in events if isinstance(event, Finished)] == [Finished("stop")]
    assert events[-1] == Finished("stop")


async def test_an_end_without_any_mark_is_cut_off_and_the_text_is_kept(scripted: ScriptedServer, client: Client):
    scripted.plays(head(X_Request_ID="req-9"), frame(chunk("Half an ans", usage=usage(3))))
    events: list[Event] = []
    with pytest.raises(CutOff) as caught:
        await collect(client, events)
    assert text_in(events) == "Half an ans"
    assert last(UsageReported, events).usage["completion_tokens"] == 3
    assert caught.value.request_id == "req-9"
    assert len(scripted.received) == 1


async def test_the_last_object_ends_the_answer_at_once(scripted: ScriptedServer, client_of: Callable[..., Client]):
    scripted.plays(head(), frame(done("A", finish=None)), Play.HANG)
    events: list[Event] = []
    await asyncio.wait_for(collect(client_of(grace=60), events), 5)
    assert events[-1] == Finished("stop")


async def test_nothing_counts_after_the_end_mark(heard: Heard):
    events = await heard(chunk("A"), "[DONE]", chunk("B"), done("C"))
    assert text_in(events) == "A"
    assert told(events).count("Finished") == 1


async def test_sources_that_come_after_the_reason_to_finish_are_heard(heard: Heard):
    events = await heard(chunk("A"), chunk("", finish="stop"), done("A", search_results=[VARN]))
    assert last(SourcesFound, events).sources == SOURCES[:1]


async def test_every_chunk_may_call_itself_a_completion(heard: Heard):
    legacy = [{**item, "object": "chat.completion"} for item in full_mode()]
    events = await heard(*legacy)
    assert text_in(events) == "The Vårn 灯 was automated in 1998.[1][2]"
    assert events[-1] == Finished("stop")


async def test_concise_mode_tells_the_steps_and_then_the_answer(heard: Heard):
    step = {
        "thought": "Look for the automation date.",
        "type": "web_search",
        "web_search": {"search_keywords": ["Varn light", "automation year"], "search_results": [VARN]},
    }
    answer = "It was automated in spring 1998.[1]"
    reasoning = chunk("", message="", object="chat.reasoning", type="message")
    reasoning["choices"][0]["delta"]["reasoning_steps"] = [step]
    reasoned = chunk("", message="", object="chat.reasoning.done", search_results=[VARN], images=[])
    reasoned["id"] = "c1a1"
    reasoned["choices"][0]["message"]["reasoning_steps"] = [step]
    reasoned["usage"] = {"prompt_tokens": 12, "completion_tokens": 0, "total_tokens": 12}
    finished = done(answer, search_results=[VARN], images=[], usage=usage(11, cost={"total_cost": 0.0142}))
    finished["choices"][0]["message"]["reasoning_steps"] = []

    events = await heard(reasoning, reasoned, chunk(answer, message=""), finished, "[DONE]")

    assert told(events) == [
        *("Started", "StatusChanged", "StepTaken", "SourcesFound", "TextDelta", "UsageReported", "Finished")
    ]
    assert events[1] == StatusChanged("searching", "Varn light, automation year")
    assert isinstance(events[2], StepTaken)
    assert (events[2].kind, events[2].thought) == ("searching", "Look for the automation date.")
    assert events[2].terms == ("Varn light", "automation year")
    assert [source.url for source in events[2].sources] == [VARN["url"]]
    assert text_in(events) == answer
    assert last(UsageReported, events).cost == Decimal("0.0142")


async def test_steps_that_come_only_with_the_last_object_are_told(heard: Heard):
    steps = [
        {"thought": "Read it.", "fetch_url_content": {"contents": [VARN]}},
        {"thought": "Count.", "execute_python": {"code": "1+1", "result": "2"}},
        {"thought": "So it is."},
        {"type": "web_search", "web_search": {"search_keywords": [None, "Varn"]}},
        "odd",
        {"thought": None},
    ]
    finished = done("Two.")
    finished["choices"][0]["message"]["reasoning_steps"] = steps

    events = await heard(finished)

    doing = [(event.doing, event.about) for event in events if isinstance(event, StatusChanged)]
    assert doing == [
        ("reading", "Varn harbour light"),
        ("calculating", ""),
        ("thinking", ""),
        ("searching", "Varn"),
    ]
    taken = all_of(StepTaken, events)
    assert [step.thought for step in taken] == ["Read it.", "Count.", "So it is.", ""]
    assert [[source.url for source in step.sources] for step in taken] == [[VARN["url"]], [], [], []]
    assert reasoning_in(events) == ""


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"type": "web_search"}, ("searching", ())),
        ({"type": "fetch_url_content", "fetch_url_content": None}, ("reading", ())),
        ({"type": "execute_python", "execute_python": {}}, ("calculating", ())),
        ({"type": "unheard_of", "thought": "Hm."}, ("thinking", ())),
        (
            {"type": "fetch_url_content", "fetch_url_content": {"contents": [VARN, VARN, 7, {}]}},
            ("reading", (VARN["url"],)),
        ),
        ({"type": "web_search", "web_search": {"search_keywords": 7, "search_results": "odd"}}, ("searching", ())),
        ({"type": ["web_search"], "thought": 7, "web_search": []}, None),
    ],
)
async def test_a_step_is_told_by_what_it_holds_however_little_that_is(
    heard: Heard, step: dict[str, Any], expected: tuple[str, tuple[str, ...]] | None
):
    reasoning = chunk("", message="", object="chat.reasoning")
    reasoning["choices"][0]["delta"]["reasoning_steps"] = [step]
    taken = all_of(StepTaken, await heard(reasoning, done("Two.")))
    assert [(one.kind, tuple(source.url for source in one.sources)) for one in taken] == (
        [expected] if expected else []
    )
