"""Chunks that repeat what came before are read without parsing all of it: nobody can tell but by the clock."""

import json
import random
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.upstream.conftest import chunk, done, frame, text_in
from upstream.events import Event
from upstream.sonar.repeated_chunk import RepeatedChunk
from upstream.sonar.stream import SonarTranslation
from upstream.sse import Messages

SOURCES = [
    {"title": f'On "lights", part {number}', "url": f"https://lights.example/{number}", "snippet": "Öl \\ {} [1]"}
    for number in range(3)
]


class ParsingTranslation(SonarTranslation):
    """Parses every chunk as a whole."""

    def _expected_again(self, _data: bytes, _chunk: dict[str, Any]) -> None:
        return None


def said_by(translation: SonarTranslation, pieces: Iterable[bytes]) -> list[Event | str]:
    """The events, and how the stream failed if it did."""
    messages = Messages()
    found: list[Event] = []
    failure = None
    for piece in pieces:
        failure = failure or translation.take_all(messages.feed(piece), found)
    failure = failure or translation.take_all(messages.close(), found)
    ending = [f"failed: {failure.data!r}"] if failure else [str(translation.finishing)]
    return [*found, *translation.end(), *ending, str(translation.has_content)]


def assert_read_alike(stream: bytes, cuts: Iterable[int] = ()) -> None:
    places = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(places)]
    assert said_by(SonarTranslation(), pieces) == said_by(ParsingTranslation(), [stream])


def cumulative(deltas: Iterable[str], **more: Any) -> list[dict[str, Any]]:
    """A stream in the mode `full`, without its end."""
    text, found = "", []
    for number, delta in enumerate(deltas):
        text += delta
        usage = {"completion_tokens": number, "search_context_size": "low", "cost": {"total_cost": 0.0}}
        found.append(chunk(delta, message=text, usage=usage, search_results=SOURCES, **more))
    return found


def grown_from(first: bytes, *following: bytes) -> list[Any]:
    """What the chunks add to the first one, as far as they resemble it."""
    repeated = RepeatedChunk.of(first, json.loads(first))
    assert repeated
    return [repeated.growth(data) for data in following]


def encoded(chunks: Iterable[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(item, ensure_ascii=False).encode() for item in chunks]


def test_only_what_is_new_is_parsed() -> None:
    grown = grown_from(*encoded(cumulative(["The Vårn", ' light: "灯"', "\n\\ was", "[1]"])))
    assert [growth.text for growth in grown] == [' light: "灯"', "\n\\ was", "[1]"]
    assert [growth.usage["completion_tokens"] for growth in grown] == [1, 2, 3]


def test_the_time_may_go_on() -> None:
    chunks = [{**item, "created": 1757000100 + number} for number, item in enumerate(cumulative(["One", " two"]))]
    assert [growth.text for growth in grown_from(*encoded(chunks))] == [" two"]


@pytest.mark.parametrize("first", ["message", "delta"])
@pytest.mark.parametrize("usage", ["before", "behind", None])
def test_the_order_of_the_parts_does_not_matter(first: str, usage: str | None) -> None:
    def ordered(item: dict[str, Any]) -> dict[str, Any]:
        choice = dict(sorted(item["choices"][0].items(), key=lambda part: part[0] != first))
        rest = {name: value for name, value in item.items() if name not in ("usage", "choices")}
        figures = {"usage": item["usage"]}
        before, behind = (figures if usage == place else {} for place in ("before", "behind"))
        return {**before, **rest, "choices": [choice], **behind}

    grown = grown_from(*encoded(map(ordered, cumulative(["One", " two", " three"]))))
    assert [growth.text for growth in grown] == [" two", " three"]


@pytest.mark.parametrize(
    "second",
    [
        chunk("", message="A"),
        chunk(" b", message="A b", finish="stop"),
        chunk(" b", message="B b"),
        chunk(" b", message="A b", model="another"),
        chunk(" b", message="A b", search_results=SOURCES),
        chunk(" b", message="A b", error={"message": "No"}),
        chunk(" \0b", message="A \0b"),
        done("A b"),
    ],
)
def test_a_chunk_with_anything_else_in_it_is_parsed(second: dict[str, Any]) -> None:
    assert grown_from(*encoded([chunk("A", message="A"), second])) == [None]


@pytest.mark.parametrize(
    "second",
    [
        b'{"choices":[{"message":{"content":"A b"},"delta":{"content":" b","content":"c"}}]}',
        b'{"choices":[{"message":{"content":"A b"},"delta":{"content":" \\ud83d"}}]}',
        b'{"choices":[{"message":{"content":"A b"},"delta":{"content":" \xff"}}]}',
        b'{"choices":[{"message":{"content":"A\xff"},"delta":{"content":" b"}}]}',
        b'{"choices":[{"message":{"content":"A\\"},"delta":{"content":" b"}}]}',
        b'{"choices":[{"message":{"content":"A b"},"delta":{"content":" b"}}],"choices":[]}',
        b'{"choices":[{"message":{"content":"A b"},"delta":{"content":" b"}}]',
    ],
)
def test_what_is_odd_is_parsed(second: bytes) -> None:
    first = b'{"choices":[{"message":{"content":"A"},"delta":{"content":"A"}}]}'
    assert grown_from(first, second) == [None]


@pytest.mark.parametrize(
    "data",
    [
        b'{"choices":[{"message":{"content":"A"},"delta":{"content":"A"}}],"choices":[{"delta":{"content":"B"}}]}',
        b'{"choices":[{"message":{"content":"A"},"delta":{"content":"A"},"delta":{"content":"B"}}]}',
        b'{"usage":{"a":1},"choices":[{"message":{"content":"A"},"delta":{"content":"A"}}],"usage":{"a":2}}',
        b'{"created":[0],"images":[{"created":5}],"choices":[{"message":{"content":"A"},"delta":{"content":"A"}}]}',
        b'{"created":1,"choices":[{"message":{"content":"A"},"delta":{"content":"A"}}],"created":1}',
        b'{"x":{"delta":{"content":"A"}},"choices":[{"message":{"content":"A"},"delta":{"content":"A"}}]}',
        b'{"choices":[{"message":{"content":"A"},"delta":{"content":"A","reasoning":"B"}}]}',
        b'{"choices":[{"index":1,"message":{"content":"A"},"delta":{"content":"A"}}]}',
        b'{"choices":[{"message":{"content":"A\\u0000"},"delta":{"content":"A"}}]}',
        b'{"choices":[{"delta":{"content":"A"}}]}',
        b'{"choices":[]}',
        b"{}",
    ],
)
def test_a_chunk_whose_parts_cannot_be_told_for_certain_is_none_to_compare_with(data: bytes) -> None:
    assert RepeatedChunk.of(data, json.loads(data)) is None


def test_an_answer_without_end_gives_the_same_events_however_it_is_cut() -> None:
    chunks = cumulative(["<thi", "nk>Hm", "</think>\n\n", "The `light`", " 灯", "\n\n\\ [1]"] * 12)
    end = done("Another", usage={"completion_tokens": 9, "cost": {"total_cost": 0.01}})
    stream = b"".join(map(frame, [*chunks, end]))
    for size in (1, 7, 100, 1000, len(stream)):
        assert_read_alike(stream, range(0, len(stream), size))


def test_the_text_goes_on_where_sources_change() -> None:
    chunks = cumulative(["One", " two", " three", " four"])
    chunks[2]["search_results"] = SOURCES[:1]
    stream = b"".join(map(frame, chunks))
    assert_read_alike(stream)
    assert text_in(said_by(SonarTranslation(), [stream])[:-2]) == "One two three four"  # type: ignore[arg-type]


def test_of_costs_the_last_one_above_zero_is_kept() -> None:
    chunks = cumulative(["One", " two", " three"])
    chunks[1]["usage"]["cost"]["total_cost"] = 0.25
    translation = SonarTranslation()
    said_by(translation, map(frame, chunks))
    assert translation._cost == Decimal("0.25")


# --- Whatever a stream may say --------------------------------------------------------------------------------------

HOSTILE = [
    *('"', "\\", '\\"', '"}', '"}}]}', '"},"delta":{"role":"assistant","content":"', '"message":{"content":"', "\0"),
    *("<think>", "</think>\n", "<thi", "\ud83d", "\ude00", "灯", "🗼", "\u2028", "\x7f", "\\u0000", "\n\n", "`", "[1]"),
]
TEXTS = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=4)), max_size=3).map("".join)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), TEXTS),
    lambda values: st.one_of(st.lists(values, max_size=2), st.dictionaries(TEXTS, values, max_size=2)),
    max_leaves=4,
)
ODDITIES = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from(["chunk", "choice", "delta", "message"]),
        st.sampled_from(
            [
                *(
                    "object",
                    "usage",
                    "created",
                    "error",
                    "choices",
                    "search_results",
                    "citations",
                    "images",
                    "related_questions",
                ),
                *("index", "finish_reason", "delta", "message", "role", "content", "reasoning", "reasoning_steps"),
            ]
        ),
        st.one_of(VALUES, st.just({"content": "x"}), st.just({"total_cost": 1}), st.just("chat.completion.done")),
    ),
)
TWICE = st.sampled_from(
    [
        ("choice", "delta", {"content": "x"}),
        ("choice", "message", {"content": "x"}),
        ("delta", "content", "x"),
        ("chunk", "usage", {"completion_tokens": 7}),
        ("chunk", "choices", []),
    ]
)
STEPS = st.lists(st.tuples(TEXTS, ODDITIES, st.booleans()), max_size=8)


def streamed(steps: list[tuple[str, Any, bool]], always: Any, *, is_ascii: bool, order: random.Random) -> bytes:
    """A stream with the texts of the steps. An oddity, of a step or `always` the same, adds a member to an object, once
    more perhaps; otherwise all chunks are alike."""
    text, frames = "", []
    flip = order.random() < 0.5
    for number, (delta, oddity, is_retold) in enumerate(steps):
        text = delta if is_retold and order.random() < 0.2 else text + delta

        def members(of: str, *pairs: tuple[str, Any], oddity: Any = always or oddity) -> str:
            listed = [f"{json.dumps(name)}:{value}" for name, value in pairs]
            if oddity and oddity[0] == of:
                place = len(listed) if always else order.randrange(len(listed) + 1)
                value = json.dumps(oddity[2], ensure_ascii=True)
                listed.insert(place, f'"{oddity[1]}":{value}')
            return "{" + ",".join(listed) + "}"

        parts = [
            ("message", members("message", ("role", '"assistant"'), ("content", json.dumps(text)))),
            ("delta", members("delta", ("role", '"assistant"'), ("content", json.dumps(delta)))),
        ]
        choice = members("choice", ("index", "0"), *(parts[::-1] if flip else parts))
        usage = json.dumps({"completion_tokens": number, "cost": {"total_cost": 0.0}})
        whole = members(
            "chunk", ("id", '"a"'), ("usage", usage), ("citations", '["https://a"]'), ("choices", f"[{choice}]")
        )
        data = whole.encode() if is_ascii else _unescaped(whole)
        frames.append(b"data: " + data + b"\n\n")
    return b"".join(frames)


def _unescaped(whole: str) -> bytes:
    """The same JSON with as much as can be written in UTF-8."""
    try:
        return json.dumps(json.loads(whole), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return whole.encode()


@given(
    STEPS,
    st.one_of(ODDITIES, TWICE),
    st.booleans(),
    st.randoms(use_true_random=False),
    st.lists(st.integers(0, 10**6), max_size=6),
)
def test_any_stream_becomes_the_events_that_parsing_all_of_it_gives(
    steps: list[Any], always: Any, is_ascii: bool, order: random.Random, cuts: list[int]
) -> None:
    assert_read_alike(streamed(steps, always, is_ascii=is_ascii, order=order), cuts)


PLAIN = b"".join(map(frame, cumulative(["One", " two", ' "three"', " four", " fünf", " six"])))


@given(
    st.lists(st.tuples(st.integers(0, len(PLAIN)), st.integers(0, 12), st.binary(max_size=6)), min_size=1, max_size=3)
)
def test_bytes_that_were_changed_on_the_way_become_the_same_events_too(changes: list[tuple[int, int, bytes]]) -> None:
    stream = PLAIN
    for place, length, put in changes:
        stream = stream[:place] + put + stream[place + length :]
    assert_read_alike(stream)


@given(st.integers(0, len(PLAIN)), st.integers(0, len(PLAIN)), st.integers(1, 300))
def test_parts_that_stand_where_they_do_not_belong_become_the_same_events_too(taken: int, put: int, size: int) -> None:
    assert_read_alike(PLAIN[:put] + PLAIN[taken : taken + size] + PLAIN[put:])
