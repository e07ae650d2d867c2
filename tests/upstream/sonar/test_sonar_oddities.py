"""Chunks that are odd, sparse or from another kind of server, heard over real HTTP."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.upstream.conftest import chunk, done, frame, last, reasoning_in, text_in, told
from upstream.events import (
    Event,
    Finished,
    MediaFound,
    RelatedFound,
    SourcesFound,
    Started,
    TextDelta,
    TextReplaced,
    UsageReported,
)

Heard = Callable[..., Awaitable[list[Event]]]


async def test_unknown_objects_are_passed_over(heard: Heard):
    events = await heard(chunk("A"), chunk("?", object="chat.heartbeat"), chunk("B", finish="stop"))
    assert text_in(events) == "AB"


@pytest.mark.parametrize(
    "odd",
    [
        {"choices": []},
        {"choices": None},
        {},
        {"choices": [None]},
        {"choices": ["x"]},
        {"choices": {"0": 1}},
        {"choices": [{"index": 0, "delta": None, "message": None, "finish_reason": None}]},
        {"choices": [{"delta": {"content": None, "reasoning_steps": None, "reasoning_content": None}}]},
        {"choices": [{"delta": {"reasoning_content": 7, "content": ""}, "finish_reason": 7}]},
        {"choices": [{"message": {"reasoning_content": 7, "content": ""}, "finish_reason": ""}]},
        {"choices": [{"delta": {"content": 7, "reasoning_steps": 7}, "message": {"content": {"a": 1}}}]},
        {"choices": [{"index": 1, "delta": {"content": "another choice"}}]},
        {"choices": [], "usage": None, "citations": None, "search_results": None, "images": None, "videos": None},
        {"choices": [], "usage": 3, "citations": "x", "search_results": {"a": 1}, "images": 5, "videos": "x"},
        {"choices": [], "related_questions": [None, "", 3], "search_metadata": 3, "object": None, "error": None},
        {"choices": [], "object": ["x"], "id": 5, "model": None, "error": {}},
    ],
)
async def test_null_missing_and_odd_values_do_no_harm(heard: Heard, odd: dict[str, Any]):
    events = await heard(odd, chunk("A"), odd, chunk("B", finish="stop"), odd)
    assert text_in(events) == "AB"
    assert told(events) == ["Started", "TextDelta", "TextDelta", "Finished"]


async def test_content_may_be_a_list_of_parts(heard: Heard):
    item = chunk("")
    item["choices"][0]["delta"]["content"] = [{"type": "text", "text": "A"}, {"type": "x"}, None, "B"]
    events = await heard(item, done("AB"))
    assert text_in(events) == "AB"
    assert TextReplaced not in map(type, events)


async def test_a_plain_chat_server_without_sources_works(heard: Heard):
    def plain(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "tiny", "choices": [choice]}

    figures = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [], "usage": {"prompt_tokens": 3}}
    events = await heard(
        plain({"role": "assistant", "content": ""}),
        plain({"reasoning_content": "Let me"}),
        plain({"reasoning": " see."}),
        plain({"content": "Hello"}),
        plain({"content": " there"}),
        plain({}, finish="stop"),
        figures,
        "[DONE]",
    )
    assert (text_in(events), reasoning_in(events)) == ("Hello there", "Let me see.")
    assert last(UsageReported, events) == UsageReported({"prompt_tokens": 3}, None)
    assert not [event for event in events if isinstance(event, SourcesFound | MediaFound | RelatedFound)]


async def test_half_a_character_and_nul_cannot_harm_what_stores_the_text(heard: Heard):
    nul = frame(chunk("a\x00b"))
    lone = frame(json.dumps(chunk("c~d")).replace("~", "\\ud83d"))
    latin = frame(chunk("e~f")).replace(b"~", b"\xff")
    events = await heard(nul, lone, latin, chunk("g", finish="stop"))
    assert text_in(events) == "abc�de�fg"
    assert all(isinstance(event, TextDelta | Started | Finished) for event in events)


async def test_deeply_nested_or_gigantic_values_are_passed_over(heard: Heard):
    events = await heard("[" * 50_000, '{"a": ' * 50_000, '{"a": ' + "9" * 6000 + "}", chunk("A"), "[DONE]")
    assert text_in(events) == "A"
