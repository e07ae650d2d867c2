"""The gateway's snapshots become events, however they come and whatever is odd about them."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.upstream.conftest import last, text_in
from tests.upstream.gateway.gateway_fixtures import (
    Scripted,
    done,
    error,
    frame,
    heard,
    json,
    on_demo,
    question,
    result,
    snapshot,
    streamed,
)
from upstream.demo.gateway.routes import DemoGateway
from upstream.errors import CutOff, SessionExpired, TooManyRequests, UpstreamDown
from upstream.events import (
    Event,
    Finished,
    FollowUp,
    SourcesFound,
    Started,
    TextDelta,
    TextReplaced,
    UsageReported,
    WebSource,
)
from upstream.gateway.request import gateway_body
from upstream.gateway.stream import GatewayTranslation
from upstream.sse import Messages
from upstream.translation.base import StreamFailed

KEEP_ALIVE = b":\n\n"
LIGHT = "The Varn light was automated in spring 1998.[1]"


def translated(*pieces: bytes) -> tuple[list[Event], GatewayTranslation]:
    messages, translation, events = Messages(), GatewayTranslation(request_id="req-7"), []
    for piece in (*pieces, b""):
        failed = translation.take_all(messages.feed(piece) if piece else messages.close(), events)
        if failed:
            raise failed
    return events, translation


def test_a_stream_becomes_text_sources_and_the_state_to_go_on_from() -> None:
    events, translation = translated(
        snapshot(None),
        KEEP_ALIVE,
        snapshot("The Varn light"),
        snapshot(LIGHT, result(1)),
        snapshot(LIGHT, result(1)),
        done(LIGHT, result(1), attachments=["https://a.example/1"]),
    )
    assert events == [
        Started(request_id="req-7"),
        TextDelta("The Varn light"),
        SourcesFound([WebSource("https://harbour.example/1", "Light 1", snippet="No. 1")]),
        TextDelta(LIGHT.removeprefix("The Varn light")),
        Started("req_1", "search/sonar", "req-7"),
        FollowUp({"backend_uuid": "0b7f", "attachments": ["https://a.example/1"]}),
        Finished(),
    ]
    assert translation.finished
    assert not [event for event in events if isinstance(event, UsageReported)]


def test_a_snapshot_that_says_something_else_replaces_everything() -> None:
    events, _ = translated(snapshot("The light is old"), snapshot("A light, and old."), done("A light, and old. Very."))
    assert [event for event in events if isinstance(event, TextDelta | TextReplaced)] == [
        TextDelta("The light is old"),
        TextReplaced("A light, and old."),
        TextDelta(" Very."),
    ]


def test_what_a_later_snapshot_forgets_stays() -> None:
    events, _ = translated(snapshot(LIGHT, result(1), result(2)), snapshot(None), snapshot(""), done(None, uuid=None))
    assert text_in(events) == LIGHT
    assert len(last(SourcesFound, events).sources) == 2
    assert isinstance(events[-1], Finished)
    assert not [event for event in events if isinstance(event, FollowUp)]


def test_one_late_snapshot_is_enough() -> None:
    events, _ = translated(snapshot(None), snapshot(None), done(LIGHT, result(1)))
    assert text_in(events) == LIGHT
    assert last(SourcesFound, events).sources[0].title == "Light 1"


@pytest.mark.parametrize(
    "data",
    [b"event: message\ndata: nonsense\n\n", b"event: ping\ndata: {}\n\n", frame("message", [1]), frame("message", {})],
)
def test_what_cannot_be_read_is_passed_over(data: bytes) -> None:
    events, translation = translated(snapshot("The light"), data, done("The light."))
    assert text_in(events) == "The light."
    assert translation.finished


def test_the_form_for_terminals_can_be_read_too() -> None:
    pretty = b'event: message\ndata: {\ndata:   "answer": "The light",\ndata:   "web_results": []\ndata: }\ndata: \n\n'
    assert text_in(translated(pretty, done("The light."))[0]) == "The light."


def test_odd_results_keep_their_place() -> None:
    events, _ = translated(
        done(LIGHT, "https://a.example", {"url": "https://b.example/x"}, None, {"name": 7, "url": 8})
    )
    assert [(one.url, one.title) for one in last(SourcesFound, events).sources] == [
        ("https://a.example", "a.example"),
        ("https://b.example/x", "b.example"),
        ("", ""),
        ("", ""),
    ]


def test_an_error_in_the_middle_ends_it() -> None:
    with pytest.raises(StreamFailed):
        translated(snapshot("The"), frame("error", {"error": {"code": "upstream_timeout", "message": "the stream"}}))


texts = st.one_of(st.none(), st.text(max_size=12))
lists = st.lists(st.integers(0, 3).map(result), max_size=3)


@given(st.lists(st.tuples(texts, lists), max_size=12), texts, lists, st.integers(1, 9))
def test_any_sequence_of_snapshots_ends_with_the_last_good_text(
    snapshots: list[tuple[str | None, list[Any]]], final: str | None, final_results: list[Any], size: int
) -> None:
    said = [*snapshots, (final, final_results)]
    data = b"".join([*(snapshot(text, *found) for text, found in snapshots), done(final, *final_results)])
    good = [text.replace("\x00", "") for text, _ in said if text and text.replace("\x00", "")]
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    if not good:
        with pytest.raises(StreamFailed):
            translated(*pieces)
        return
    events, translation = translated(*pieces)

    shown = ""
    for event in events:
        if isinstance(event, TextDelta):
            assert event.text
            shown += event.text
        elif isinstance(event, TextReplaced):
            assert not event.text.startswith(shown)
            shown = event.text
    assert shown == good[-1]
    found = [found for _, found in said if found]
    sources = [event for event in events if isinstance(event, SourcesFound)]
    assert [one.url for one in sources[-1].sources] == [one["url"] for one in found[-1]] if found else not sources
    assert translation.finished
    assert isinstance(events[-1], Finished)


@pytest.mark.parametrize("switch", ["done_null_answer", "single_late_snapshot", "shrinking_results", "keepalive"])
async def test_the_demo_s_oddities_change_nothing(switch: str) -> None:
    gateway = on_demo()
    plain, _ = await heard(gateway, question("What is a list?"))
    odd, failure = await heard(gateway, question(f"What is a list? #demo:{switch}"))
    assert failure is None
    assert text_in(odd) == text_in(plain)
    assert last(SourcesFound, odd).sources


async def test_an_answer_that_comes_whole_is_the_same() -> None:
    asked = question("What is a list?")
    search = httpx.Request("POST", "http://gateway.example/v1/search", json=gateway_body(asked))
    whole, _ = await heard(Scripted(await DemoGateway().handle(search)).gateway(), asked)
    plain, _ = await heard(on_demo(), asked)
    assert text_in(whole) == text_in(plain)
    assert last(SourcesFound, whole) == last(SourcesFound, plain)
    assert {"backend_uuid", "attachments", "gateway"} == set(last(FollowUp, whole).state)


NO_ANSWER = {"id": "req_1", "mode": "search", "model": "sonar", "answer": None, "web_results": []}


async def test_an_answer_without_a_word_is_none() -> None:
    script = Scripted(json(NO_ANSWER))
    _events, failure = await heard(script.gateway(), question())
    assert type(failure) is UpstreamDown
    assert "without giving a reason" in str(failure)
    assert [asked.url.path for asked in script.asked] == ["/v1/search/stream"]

    script = Scripted(streamed(snapshot(None), done(None)))
    _events, failure = await heard(script.gateway(), question())
    assert type(failure) is UpstreamDown
    assert "without giving a reason" in str(failure)
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ([snapshot("The")], "The answer was cut off."),
        (
            [snapshot("The"), frame("error", {"error": {"code": "upstream_timeout", "message": "x longer than 30s"}})],
            "30",
        ),
        (
            [
                snapshot("The"),
                frame("error", {"error": {"code": "perplexity_error", "message": "perplexity returned 429"}}),
            ],
            "used up its limit",
        ),
        ([snapshot("The"), frame("error", {})], "The gateway is having problems"),
        ([snapshot("The"), frame("error", "boo")], "The gateway is having problems"),
    ],
)
async def test_what_breaks_off_is_not_asked_again(pieces: list[bytes], words: str) -> None:
    script = Scripted(streamed(*pieces))
    events, failure = await heard(script.gateway(), question())
    assert isinstance(failure, CutOff)
    assert words in str(failure)
    assert text_in(events) == "The"
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("reply", "attempts", "kind"),
    [
        (httpx.ConnectError("refused"), 2, UpstreamDown),
        (httpx.ConnectTimeout("slow"), 2, UpstreamDown),
        (error("perplexity_error", "perplexity returned 503: down", 502), 2, UpstreamDown),
        (httpx.ReadError("broken"), 1, UpstreamDown),
        (httpx.ReadTimeout("silent"), 1, UpstreamDown),
        (error("perplexity_error", "perplexity returned 429: x", 502), 1, TooManyRequests),
        (error("perplexity_error", "perplexity returned 401: x", 502), 1, SessionExpired),
        (error("perplexity_error", "request to Perplexity failed: x", 502), 1, UpstreamDown),
        (error("upstream_timeout", "the request took longer than 30s", 504), 1, UpstreamDown),
        (httpx.Response(502, text="<html>Bad gateway</html>", headers={"Content-Type": "text/html"}), 1, UpstreamDown),
    ],
)
async def test_a_question_is_repeated_once_and_only_where_it_cannot_have_been_asked(
    reply: Any, attempts: int, kind: type
) -> None:
    script = Scripted(reply)
    _events, failure = await heard(script.gateway(), question())
    assert type(failure) is kind
    assert len(script.asked) == attempts


async def test_the_second_attempt_can_succeed() -> None:
    script = Scripted(error("perplexity_error", "perplexity returned 502: x", 502), streamed(done("A.")))
    events, failure = await heard(script.gateway(), question())
    assert failure is None
    assert text_in(events) == "A."


async def test_a_state_of_another_gateway_is_not_used() -> None:
    gateway = on_demo()
    first, _ = await heard(gateway, question("What is a list?"))
    state = last(FollowUp, first).state
    script = Scripted(streamed(done("A.")))
    before = (question("What is a list?").turns[0],)
    await heard(script.gateway(), question(before=before, follow_up={**state, "gateway": "another"}, known=1))
    assert b"backend_uuid" not in script.bodies[0]
    assert b"What is a list?" in script.bodies[0]
    await heard(script.gateway(), question(before=before, follow_up=state, known=1))
    assert b'"backend_uuid":"' in script.bodies[1]
