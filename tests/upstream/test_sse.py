"""Bytes of an event stream into messages, however they were cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.sse import Message, Messages, MessageTooLarge

SAMPLE = (
    "\ufeff: hello\r\n\r\ndata: {\"text\": \"Vårn – 灯台 🗼\"}\r\n\r\nevent: done\rdata:one\rdata: two\r\r"
    "id: 7\nretry: 10\ndata\n\nevent: nothing\n\n: ping\n\ndata:  spaced \nunknown: x\n\ndata: the end"
).encode()  # fmt: skip
MEANING = [
    Message("message", '{"text": "Vårn – 灯台 🗼"}'.encode()),
    Message("done", b"one\ntwo"),
    Message("message", b""),
    Message("message", b" spaced "),
    Message("message", b"the end"),
]


def read(*pieces: bytes) -> list[Message]:
    messages = Messages()
    found = [message for piece in pieces for message in messages.feed(piece)]
    return found + messages.close()


def test_a_stream_with_every_quirk_is_understood():
    assert read(SAMPLE) == MEANING


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_small_reads_change_nothing(size: int):
    pieces = [SAMPLE[start : start + size] for start in range(0, len(SAMPLE), size)]
    assert read(*pieces) == MEANING


def test_a_cut_at_any_place_changes_nothing():
    for cut in range(len(SAMPLE) + 1):
        assert read(SAMPLE[:cut], SAMPLE[cut:]) == MEANING, f"cut at byte {cut}"


@given(st.lists(st.integers(min_value=0, max_value=len(SAMPLE)), max_size=12))
def test_any_number_of_cuts_changes_nothing(cuts: list[int]):
    places = [0, *sorted(cuts), len(SAMPLE)]
    assert read(*(SAMPLE[start:end] for start, end in pairwise(places))) == MEANING


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=200))
def test_any_bytes_at_all_are_read_the_same_way_in_two_pieces(data: bytes, cut: int):
    assert read(data[:cut], data[cut:]) == read(data)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_every_kind_of_line_end_ends_a_line(end: str):
    assert read(f"data: a{end}{end}data: b{end}{end}".encode()) == [Message("message", b"a"), Message("message", b"b")]


def test_a_message_comes_as_soon_as_its_blank_line_does():
    messages = Messages()
    assert messages.feed(b"data: a\r\n") == []
    assert messages.feed(b"\r") == [Message("message", b"a")]
    assert messages.feed(b"\ndata: b\n\n") == [Message("message", b"b")]


def test_kinds_of_line_ends_may_be_mixed():
    assert read(b"data: a\n", b"\ndata: b\r", b"\r\n", b"data: c\r\n\n") == [
        Message("message", data) for data in (b"a", b"b", b"c")
    ]


def test_lines_of_data_are_joined_by_a_line_feed():
    assert read(b"data: {\ndata:  1\ndata: }\n\n") == [Message("message", b"{\n 1\n}")]


def test_the_name_of_an_event_holds_for_one_message_only():
    assert read(b"event: error\ndata: a\n\ndata: b\n\n") == [Message("error", b"a"), Message("message", b"b")]


def test_an_event_without_data_is_no_message():
    assert read(b"event: error\n\ndata: b\n\n") == [Message("message", b"b")]


def test_comments_are_passed_over():
    assert read(b":\n\n: ping\n\n:data: x\n\ndata: y\n: in between\n\n") == [Message("message", b"y")]


def test_a_byte_order_mark_counts_only_at_the_beginning():
    bom = b"\xef\xbb\xbf"
    assert read(bom + b"data: a\n\n" + bom + b"data: b\n\n") == [Message("message", b"a")]


def test_an_unfinished_message_at_the_end_is_kept():
    assert read(b"data: [DONE]") == [Message("message", b"[DONE]")]
    assert read(b"data: [DONE]\n") == [Message("message", b"[DONE]")]


def test_an_empty_stream_has_no_messages():
    assert read() == read(b"") == read(b"\xef\xbb\xbf") == read(b"\n\n\r\n") == []


def test_a_message_within_the_limit_is_read():
    assert len(Messages(limit=100).feed(b"data: " + b"x" * 100 + b"\n\n")) == 1
    assert Messages(limit=100).feed(b"data: " + b"x" * 94) == []


@pytest.mark.parametrize(
    "data",
    [b"data: " + b"x" * 101 + b"\n\n", b"data: x\n" * 101, b"x" * 101, b"data: " + b"x" * 60 + b"\n" + b"y" * 60],
)
def test_a_message_beyond_the_limit_is_refused(data: bytes):
    with pytest.raises(MessageTooLarge):
        Messages(limit=100).feed(data)


def test_many_small_messages_are_not_one_large_one():
    messages = Messages(limit=100)
    assert sum(len(messages.feed(b"data: " + b"x" * 50 + b"\n\n")) for _ in range(50)) == 50
