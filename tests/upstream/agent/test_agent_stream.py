"""The Agent API's streams become events, however they are cut and whatever is odd about them."""

from collections.abc import Callable, Sequence
from decimal import Decimal
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
    MediaFound,
    ReasoningDelta,
    SourcesFound,
    Started,
    StatusChanged,
    StepTaken,
    UsageReported,
    WebSource,
)
from upstream.sse import Messages
from upstream.translation.base import StreamFailed

SOURCES = (
    WebSource(str(VARN["url"]), "Varn harbour light", "2025-02-03", snippet="Automated in spring."),
    WebSource(str(LIST["url"]), "List of lights"),
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


def test_the_figures_have_the_names_that_they_have_everywhere() -> None:
    reported = last(UsageReported, heard(*whole_stream()))

    assert reported.cost == Decimal("0.005030")
    assert reported.usage == {
        "prompt_tokens": 40,
        "completion_tokens": 9,
        "total_tokens": 49,
        "num_search_queries": 2,
        "tool_calls_details": {"web_search": {"invocation": 2}},
        "cost": {
            "input_tokens_cost": 0.00001,
            "output_tokens_cost": 0.00002,
            "tool_calls_cost": 0.005,
            "total_cost": 0.00503,
        },
    }


def test_a_cost_of_nothing_is_no_cost() -> None:
    free = {**USAGE, "cost": {"currency": "USD", "input_cost": 0, "output_cost": 0, "total_cost": 0}}
    reported = last(UsageReported, heard(delta(TEXT), completed(usage=free)))
    assert reported.cost is None
    assert "cost" not in reported.usage


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


# --- Sources and pictures --------------------------------------------------------------------------------------------


def sources_of(*events: dict[str, Any]) -> list[str]:
    found = all_of(SourcesFound, heard(*events, completed(output=[message()])))
    return [source.url for source in found[-1].sources] if found else []


def results(*found: Any) -> dict[str, Any]:
    return told("reasoning.search_results", results=list(found))


def source(url: str, id: Any = None) -> dict[str, Any]:
    return {"url": url, "title": url, "snippet": "", **({} if id is None else {"id": id})}


@pytest.mark.parametrize(
    ("events", "urls"),
    [
        ([results(source("a", 1), source("b", 2))], ["a", "b"]),
        ([results(source("b", 2), source("a", 1))], ["a", "b"]),
        ([results(source("a", 1)), results(source("b", 2))], ["a", "b"]),
        ([results(source("a", 1)), results(source("a", 1))], ["a"]),
        ([results(source("a", 1), source("c", 3))], ["a", "", "c"]),
        ([results(source("a", 1)), results(source("b", 1))], ["a", "b"]),
        ([results(source("a"), source("b"))], ["a", "b"]),
        ([results(source("a", 0), source("b", "2"), source("c", True), source("d", 10**9))], ["a", "b", "c", "d"]),
        ([results("a", None, source("b"))], ["a", "", "b"]),
        (
            [results(source("a", 1)), told("reasoning.fetch_url_results", contents=[source("a"), source("p")])],
            ["a", "p"],
        ),
        ([told("reasoning.fetch_url_results", contents=[source("p")]), results(source("a", 1))], ["a", "p"]),
        ([told("reasoning.search_results", results=None)], []),
        ([told("reasoning.search_results", results="many")], []),
        (
            [told("output_item.done", output_index=0, item={"type": "search_results", "results": [source("a", 1)]})],
            ["a"],
        ),
    ],
)
def test_sources_stand_where_their_numbers_say(events: list[dict[str, Any]], urls: list[str]) -> None:
    assert sources_of(*events) == urls


def test_what_was_told_once_about_a_source_is_kept() -> None:
    bare = {"id": 1, "url": VARN["url"]}
    events = heard(results(VARN), completed(output=[{"type": "search_results", "results": [bare]}, message()]))
    assert last(SourcesFound, events).sources == SOURCES[:1]


def test_an_answer_without_a_search_has_no_sources_whatever_its_marks_say() -> None:
    events = heard(delta(TEXT), completed(output=[message()]))
    assert not all_of(SourcesFound, events)
    assert text_in(events) == TEXT


def test_pictures_are_found() -> None:
    image = {"image_url": "https://p.example/1.png", "origin_url": "https://p.example/", "width": 3, "height": 2}
    found = told("reasoning.image_search_results", call_id="c", results=[image, image])
    item = {"type": "image_search_results", "results": [image, {**image, "image_url": "https://p.example/2.png"}]}
    events = heard(
        told("reasoning.image_search_queries", call_id="c", queries=["a light"]),
        found,
        completed(output=[item, message()]),
    )
    assert [len(event.images) for event in all_of(MediaFound, events)] == [1, 2]
    assert StatusChanged("searching", "a light") in events


def test_reading_a_page_is_a_step() -> None:
    events = heard(told("reasoning.fetch_url_queries", urls=["https://a.example/x"], thought=" Read it. "), completed())
    step = last(StepTaken, events)
    assert (step.kind, step.thought, step.sources[0].url) == ("reading", "Read it.", "https://a.example/x")


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
        told("skill.loaded", name="office"),
        told("of_tomorrow", delta="no text"),
        told("output_item.done", output_index=0, item=None),
        told("output_item.done", output_index=0, item={"type": "sandbox_results"}),
        told("reasoning.search_queries", queries=[None, 3, " "]),
        {"type": 3},
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


def test_the_beginning_is_told_again_when_the_id_comes_late() -> None:
    events = heard(
        told("created", response=None), delta("A"), told("in_progress", response=response("in_progress")), completed()
    )
    assert [event.upstream_id for event in all_of(Started, events)] == ["", "resp_1"]


# --- In one piece ----------------------------------------------------------------------------------------------------


def test_a_whole_response_becomes_the_same_answer() -> None:
    events = heard_whole(response())
    assert kinds(events) == ["Started", "SourcesFound", "TextDelta", "UsageReported", "Finished"]
    assert text_in(events) == TEXT
    assert last(SourcesFound, events).sources == SOURCES


@pytest.mark.parametrize(
    "answer",
    [response("failed", error={"message": "no"}), response("cancelled"), response("requires_action"), {"error": "no"}],
)
def test_a_failed_run_with_status_200_is_a_failure(answer: Any) -> None:
    with pytest.raises(StreamFailed):
        heard_whole(answer)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b'{"status":"completed"}', b'{"status":"queued","output":[]}']
)
def test_what_is_no_response_becomes_nothing(body: bytes) -> None:
    assert heard_whole(body) == []


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from(
    ["response", "item", "delta", "text", "results", "queries", "urls", "contents", "item_id", "thought"]
)
_kinds = st.sampled_from(sorted(AgentTranslation()._handlers))


@given(st.lists(st.tuples(_kinds, st.dictionaries(_names, _json, max_size=4)), max_size=6))
def test_no_shape_of_any_event_does_harm(stream: list[tuple[str, dict[str, Any]]]) -> None:
    translation = AgentTranslation()
    take: Callable[[bytes], list[Event]] = lambda raw: [  # noqa: E731
        event for found in Messages().feed(raw) for event in translation.take(found)
    ]
    for kind, fields in stream:
        try:
            take(frame({**fields, "type": kind}))
        except StreamFailed:
            return
    translation.end()
