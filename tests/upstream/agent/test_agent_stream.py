"""The Agent API's streams become events, however they are cut and whatever is odd about them."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.upstream.agent.agent_fixtures import (
    LIST,
    TEXT,
    USAGE,
    VARN,
    completed,
    created,
    delta,
    heard,
    heard_whole,
    kinds,
    message,
    response,
    told,
    whole_stream,
)
from tests.upstream.conftest import all_of, frame, last, text_in
from upstream.agent.stream import AgentTranslation
from upstream.events import (
    Event,
    Finished,
    ReasoningDelta,
    SourcesFound,
    Started,
    StatusChanged,
    StepTaken,
    WebSource,
)
from upstream.sse import Messages
from upstream.translation.base import StreamFailed

SOURCES = (
    WebSource(str(VARN["url"]), "Varn harbour light", "2025-02-03", snippet="Automated in spring.", number=1),
    WebSource(str(LIST["url"]), "List of lights", number=2),
)


def test_a_stream_becomes_steps_sources_text_and_figures() -> None:
    events = heard(*whole_stream())

    assert kinds(events) == [
        *("Started", "StatusChanged", "StepTaken", "StatusChanged", "StepTaken", "SourcesFound", "SourcesFound"),
        *("TextDelta", "TextDelta", "TextDelta", "UsageReported", "Finished"),
    ]
    assert events[0] == Started("resp_1", "perplexity/sonar", "req-7")
    assert last(SourcesFound, events).sources == SOURCES
    assert text_in(events) == TEXT
    assert all_of(StepTaken, events) == [
        StepTaken("thinking", "Look it up."),
        StepTaken("searching", "", ("varn light", "varn automation")),
    ]
    assert all_of(StatusChanged, events)[1] == StatusChanged("searching", "varn light, varn automation")
    assert events[-1] == Finished("stop")


def _events(pieces: Sequence[bytes]) -> list[Event]:
    messages, translation = Messages(), AgentTranslation()
    found: list[Event] = []
    for piece in pieces:
        assert translation.take_all(messages.feed(piece), found) is None
    assert translation.finished
    return found


STREAM = b": ping\r\n\r\n" + b"".join(b"event: any\n" + frame(event) for event in whole_stream())


def test_a_stream_cut_at_any_byte_becomes_the_same_events() -> None:
    expected = _events([STREAM])
    for at in range(len(STREAM)):
        assert _events([STREAM[:at], STREAM[at:]]) == expected


@given(st.lists(st.integers(0, len(STREAM)), max_size=20))
def test_a_stream_cut_into_many_pieces_becomes_the_same_events(cuts: list[int]) -> None:
    ends = sorted({0, *cuts, len(STREAM)})
    assert _events([STREAM[a:b] for a, b in pairwise(ends)]) == _events([STREAM])


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_kind_of_line_end_will_do(end: bytes) -> None:
    assert text_in(heard(STREAM.replace(b"\r\n", b"\n").replace(b"\n", end))) == TEXT


# --- The text, which comes several times -----------------------------------------------------------------------------

AT = {"item_id": "msg_1", "output_index": 1, "content_index": 0}


@pytest.mark.parametrize(
    ("events", "text"),
    [
        ([delta(TEXT), completed()], TEXT),
        ([completed()], TEXT),
        ([delta("The Vårn"), completed()], TEXT),
        ([delta("Something else entirely, and longer than the text"), completed()], TEXT),
        ([delta(TEXT), completed(output=[])], TEXT),
        ([delta(TEXT), told("completed", response=None)], TEXT),
        ([told("output_text.done", **AT, text=TEXT), completed(output=[])], TEXT),
        ([delta("The"), told("output_text.done", **AT, text=TEXT), completed()], TEXT),
        ([delta("The"), told("output_item.done", output_index=1, item=message()), completed()], TEXT),
        ([delta(TEXT), told("output_item.done", output_index=0, item=message()), completed()], TEXT),
        ([delta(TEXT), told("output_item.done", item=message()), completed()], TEXT),
        ([delta(TEXT), told("output_text.done", item_id="msg_1", text=TEXT), completed()], TEXT),
        ([delta(""), delta(TEXT), told("output_text.delta", delta=None), completed()], TEXT),
        (
            [
                delta("First.", item="msg_0", index=0),
                delta("Then.", item="msg_1", index=1),
                completed(output=[message("First.", id="msg_0"), message("Then.")]),
            ],
            "First.\n\nThen.",
        ),
        (
            [
                delta("Fir", item="msg_0", index=0),
                delta("Then.", item="msg_1", index=1),
                delta("st.", item="msg_0", index=0),
                completed(output=[message("First.", id="msg_0"), message("Then.")]),
            ],
            "First.\n\nThen.",
        ),
    ],
)
def test_the_text_is_told_once_and_the_final_one_wins(events: list[dict[str, Any]], text: str) -> None:
    assert text_in(heard(created(), *events)) == text


def test_messages_stand_in_the_order_of_the_output_whichever_is_written_first() -> None:
    events = [
        delta("Then.", item="msg_1", index=2),
        delta("First.", item="msg_0", index=1),
        told("output_text.delta", item_id="msg_0", output_index=1, content_index=2, delta=" third"),
        told("output_text.delta", item_id="msg_0", output_index=1, content_index=1, delta=" second"),
    ]
    assert text_in(heard(created(), *events)) == "First. second third\n\nThen."


def test_several_parts_of_one_message_are_one_text() -> None:
    parts = [{"type": "output_text", "text": "Two "}, {"type": "refusal", "text": "no"}, {"text": "parts."}]
    item = {**message(), "content": parts}
    second = told("output_text.delta", item_id="msg_1", output_index=1, content_index=1, delta="parts.")
    done = told("output_text.done", item_id="msg_1", output_index=1, content_index=0, text="Two ")
    assert text_in(heard(delta("Two "), second, done, completed(output=[item]))) == "Two parts."


def test_reasoning_in_tags_is_told_apart() -> None:
    events = heard(
        delta("<thi"), delta("nk>Hm.</think>\n\nYes."), completed(output=[message("<think>Hm.</think>\n\nYes.")])
    )
    assert text_in(events) == "Yes."
    assert last(ReasoningDelta, events).text == "Hm."


# --- How it ends -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (completed(), "stop"),
        (told("incomplete", response=response("incomplete")), "length"),
        (completed(status="incomplete"), "length"),
        (
            told("incomplete", response=response("incomplete", incomplete_details={"reason": "max_output_tokens"})),
            "length",
        ),
        (
            told("incomplete", response=response("incomplete", incomplete_details={"reason": "content_filter"})),
            "content_filter",
        ),
    ],
)
def test_why_it_ends(event: dict[str, Any], reason: str) -> None:
    assert heard(delta("The"), event)[-1] == Finished(reason)


@pytest.mark.parametrize("last_words", [[], [b"data: [DONE]\n\n"], [told("reasoning.stopped")]])
def test_a_stream_without_its_closing_event_has_not_ended(last_words: list[Any]) -> None:
    assert not all_of(Finished, heard(*whole_stream()[:-1], *last_words))


@pytest.mark.parametrize(
    "event",
    [
        told("failed", error={"message": "no"}),
        told("cancelled", response=response("cancelled")),
        {"type": "error", "error": {"message": "no"}},
        {"type": "error", "message": "no", "code": "server_error"},
        {"error": {"message": "no", "code": 500}},
        completed(status="failed", output=[]),
        completed(status="requires_action"),
        b'event: error\ndata: {"message":"no"}\n\n',
        b"event: error\ndata: no\n\n",
    ],
)
def test_a_failure_in_the_stream_is_told(event: Any) -> None:
    with pytest.raises(StreamFailed):
        heard(created(), event)


@pytest.mark.parametrize(
    "odd",
    [
        told("output_item.added", output_index=0, item={"type": "message", "content": None}),
        told("output_item.done", output_index=1, item={"type": "message", "id": "msg_1", "content": None}),
        told("output_text.done", item_id="msg_1", output_index=1, content_index=None, text=None),
        told("keepalive"),
        told("reasoning.of_tomorrow", thought="Hm..."),
        told("of_tomorrow", delta="no text"),
        told("output_item.done", output_index=0, item=None),
        told("output_item.done", output_index=0, item={"type": "sandbox_results"}),
        told("reasoning.search_queries", queries=[None, 3, " "]),
        {"type": 3},
        {"type": [1]},
        {"type": {}},
        {"type": None},
        {},
        [1],
        b"data: not json\n\n",
        b"data: [DONE]\n\n",
        b": comment\n\n",
    ],
)
def test_what_nobody_knows_is_passed_over(odd: Any) -> None:
    stream = whole_stream()
    assert text_in(heard(*stream[:9], odd, *stream[9:])) == TEXT


def test_the_model_that_answered_is_the_last_one_that_was_named() -> None:
    preset = told("created", response=response("in_progress", output=[], model="fast"))
    events = heard(preset, delta("A"), told("in_progress", response=None), completed(model="maker/small-6"))
    assert [event.model for event in all_of(Started, events)] == ["fast", "maker/small-6"]


def test_the_beginning_is_told_again_when_the_id_comes_late() -> None:
    events = heard(
        told("created", response=None), delta("A"), told("in_progress", response=response("in_progress")), completed()
    )
    assert [event.upstream_id for event in all_of(Started, events)] == ["", "resp_1"]


def test_holes_in_the_numbers_and_events_without_one_are_nothing_odd() -> None:
    stream = whole_stream()
    for number, event in enumerate(stream):
        event["sequence_number"] = None if number == 4 else number * 3
    keepalive = {"type": "response.keepalive", "sequence_number": None}
    assert text_in(heard(*stream[:9], keepalive, *stream[9:])) == TEXT


@pytest.mark.parametrize("repeated", [0, 1, 4, 10])
def test_what_a_resumed_stream_repeats_is_told_once(repeated: int) -> None:
    stream = [{**event, "sequence_number": 2 * number} for number, event in enumerate(whole_stream())]
    translation, found = AgentTranslation(), list[Event]()
    translation.take_all(Messages().feed(b"".join(map(frame, stream[:11]))), found)
    assert translation.sequence == 20

    translation.resume()
    translation.take_all(Messages().feed(b"".join(map(frame, stream[11 - repeated :]))), found)

    assert found == heard_plainly(stream)
    assert text_in(found) == TEXT


def heard_plainly(stream: list[dict[str, Any]]) -> list[Event]:
    translation, found = AgentTranslation(), list[Event]()
    translation.take_all(Messages().feed(b"".join(map(frame, stream))), found)
    return found


def test_a_search_shows_first_as_a_call_that_is_none_of_ours() -> None:
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "search_web", "arguments": "{}"}
    stream = whole_stream()
    events = heard(*stream[:3], told("output_item.added", output_index=0, item=call), *stream[3:])
    assert events == heard(*stream)


# --- In one piece ----------------------------------------------------------------------------------------------------


def test_a_whole_response_becomes_the_same_answer() -> None:
    events = heard_whole(response())
    assert kinds(events) == ["Started", "StepTaken", "SourcesFound", "TextDelta", "UsageReported", "Finished"]
    assert text_in(events) == TEXT
    assert last(SourcesFound, events).sources == SOURCES


@pytest.mark.parametrize(
    "answer",
    [response("failed", error={"message": "no"}), response("cancelled"), response("requires_action"), {"error": "no"}],
)
def test_a_failed_run_with_status_200_is_a_failure(answer: Any) -> None:
    with pytest.raises(StreamFailed):
        heard_whole(answer)


def test_a_run_that_failed_still_tells_what_it_had_found() -> None:
    translation = AgentTranslation()
    found = {"type": "search_results", "queries": ["varn"], "results": [VARN]}
    error = {"code": "cancelled", "message": "cancelled", "type": "cancelled"}
    with pytest.raises(StreamFailed) as failed:
        translation.whole(json.dumps(response("cancelled", output=[found], usage=None, error=error)).encode())
    assert failed.value.data == b'{"status":"cancelled"}'
    assert kinds(translation.end()) == ["Started", "StepTaken", "SourcesFound"]


def test_work_that_is_looked_at_again_and_again_tells_what_is_new() -> None:
    found = {"type": "search_results", "queries": ["varn"], "results": [VARN]}
    page = {"type": "fetch_url_results", "contents": [{"url": "https://harbour.example/log", "title": "Log"}]}
    translation = AgentTranslation()

    def look(status: str, *output: Any, **more: Any) -> list[str]:
        answer = response(status, output=list(output), **{"model": "medium", "usage": None, **more})
        return kinds(translation.look(json.dumps(answer).encode()))

    assert look("queued") == ["Started"]
    assert look("in_progress") == []
    assert look("in_progress", found) == ["StepTaken", "SourcesFound"]
    assert look("in_progress", found, page) == ["StepTaken", "SourcesFound"]
    assert look("in_progress", found, page) == []
    assert not translation.finished
    done = look("completed", found, page, message("So.[1]"), model="maker/small-6", usage=USAGE)
    assert done == ["Started", "TextDelta", "UsageReported", "Finished"]
    assert translation.finished


@pytest.mark.parametrize(
    "body",
    [
        b'{"status":["completed"],"output":[]}',
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"status":"completed"}',
        b'{"status":"queued","output":[]}',
    ],
)
def test_what_is_no_response_becomes_nothing(body: bytes) -> None:
    assert heard_whole(body) == []
