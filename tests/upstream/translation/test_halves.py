"""A character that a stream cut in two is neither lost nor doubled."""

from collections.abc import Iterator

import orjson
import pytest

from upstream.agent.stream import AgentTranslation
from upstream.events import Event, ReasoningDelta, ReasoningReplaced, TextDelta, TextReplaced
from upstream.sonar.stream import SonarTranslation
from upstream.sse import Message, Messages
from upstream.translation.base import Translation
from upstream.translation.halves import Halves, mended
from upstream.translation.payloads import parse_json

TEXTS = [
    "x\U0001f600y",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "e\u0301\u00e9\u4e2d",
    "\U0001f1e9\U0001f1ea",
    "\u0e01\u0e33 \U00020000",
]


def escaped(text: str) -> list[bytes]:
    """The text as JSON escapes, one for each half of a pair."""
    units = text.encode("utf-16-be")
    return [b"\\u%02x%02x" % (units[at], units[at + 1]) for at in range(0, len(units), 2)]


def halves_of(text: str) -> Iterator[tuple[bytes, bytes]]:
    """The inside of two JSON strings that are the text together: cut between bytes, and between escapes."""
    raw = text.encode()
    yield from ((raw[:at], raw[at:]) for at in range(len(raw) + 1))
    units = escaped(text)
    yield from ((b"".join(units[:at]), b"".join(units[at:])) for at in range(len(units) + 1))


def told(events: list[Event]) -> tuple[str, str]:
    """The text and the reasoning that the events add up to."""
    text = reasoning = ""
    for event in events:
        match event:
            case TextDelta(more):
                text += more
            case TextReplaced(whole):
                text = whole
            case ReasoningDelta(more):
                reasoning += more
            case ReasoningReplaced(whole):
                reasoning = whole
    return text, reasoning


def read(translation: Translation, *bodies: bytes) -> tuple[str, str]:
    events: list[Event] = []
    for body in bodies:
        events += translation.take(Message("message", body))
    return told([*events, *translation.end()])


@pytest.mark.parametrize("text", TEXTS)
def test_sonar_s_text_and_reasoning_are_whole(text: str) -> None:
    for first, second in halves_of(text):
        for name in (b"content", b"reasoning_content"):
            chunks = (b'{"choices":[{"index":0,"delta":{"%s":"%s"}}]}' % (name, half) for half in (first, second))
            assert text in read(SonarTranslation(), *chunks)


@pytest.mark.parametrize("text", TEXTS)
def test_the_agent_s_text_is_whole(text: str) -> None:
    for first, second in halves_of(text):
        deltas = (b'{"type":"response.output_text.delta","delta":"%s"}' % half for half in (first, second))
        assert read(AgentTranslation(), *deltas) == (text, "")


@pytest.mark.parametrize("text", TEXTS)
def test_bytes_are_whole_wherever_the_line_cut_them(text: str) -> None:
    wire = b"data: " + orjson.dumps({"delta": text}) + b"\n\n"
    for at in range(len(wire)):
        messages = Messages()
        found = [*messages.feed(wire[:at]), *messages.feed(wire[at:]), *messages.close()]
        assert [parse_json(message.data) for message in found] == [{"delta": text}]


def test_the_whole_text_mends_a_delta_whose_other_half_never_came() -> None:
    cut = b'{"choices":[{"index":0,"delta":{"content":"a\\ud83d"}}]}'
    whole = '{"choices":[{"index":0,"delta":{},"finish_reason":"stop","message":{"content":"a\U0001f600"}}]}'.encode()
    assert read(SonarTranslation(), cut, whole) == ("a\U0001f600", "")
    assert read(SonarTranslation(), cut) == ("a\ufffd", "")


def test_elsewhere_a_half_becomes_a_replacement_character() -> None:
    data = b'{"delta": "a\\ud83d", "title": "a\\ud83d", "odd": "\xf0\x9f"}'
    assert parse_json(data, pieces={"delta"}) == {"delta": "a\ud83d", "title": "a\ufffd", "odd": "\ufffd"}
    assert mended("\ude00\ud83d\ude00\udcf0") == "\ufffd\U0001f600\ufffd"


def test_only_what_may_still_become_whole_is_held_back() -> None:
    halves = Halves()
    assert halves.feed("a\ud83d") == "a"
    assert halves.feed("b") == "\ufffdb"
    assert halves.feed("c") == "c"
    assert halves.finish() == ""
