"""Reasoning in Sonar streams, heard over real HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.upstream.conftest import all_of, chunk, done, last, reasoning_in, text_in
from upstream.events import (
    Event,
    Finished,
    ReasoningReplaced,
    SourcesFound,
    TextReplaced,
)

Heard = Callable[..., Awaitable[list[Event]]]


def result(name: str, **more: Any) -> dict[str, Any]:
    return {"title": name.upper(), "url": f"https://{name}.example/", **more}


def urls(events: list[Event]) -> list[str]:
    return [source.url for source in last(SourcesFound, events).sources]


async def test_reasoning_is_told_from_the_answer_across_deltas(heard: Heard):
    deltas = ["<thi", "nk>Find the date", ". Two sources agree.</th", "ink>\n\nIt was", " 1998.[1]"]
    whole = "".join(deltas)
    events = await heard(*map(chunk, deltas), done(whole), model="sonar-reasoning-pro")
    assert reasoning_in(events) == "Find the date. Two sources agree."
    assert text_in(events) == "It was 1998.[1]"
    assert not all_of(TextReplaced, events)


async def test_reasoning_that_never_closes_is_still_reasoning(heard: Heard):
    events = await heard(chunk("<think>On and on </"), chunk("", finish="length"), model="sonar-deep-research")
    assert (reasoning_in(events), text_in(events), events[-1]) == ("On and on </", "", Finished("length"))


async def test_a_last_message_without_its_reasoning_changes_nothing(heard: Heard):
    events = await heard(chunk("<think>Hm.</think>\n\nYes."), done("Yes."))
    assert (reasoning_in(events), text_in(events)) == ("Hm.", "Yes.")
    assert not all_of(TextReplaced, events)
    assert not all_of(ReasoningReplaced, events)


async def test_a_last_message_with_other_reasoning_replaces_it(heard: Heard):
    events = await heard(chunk("<think>Hm.</think>Ye"), done("<think>Well.</think>Yes."))
    assert (reasoning_in(events), text_in(events)) == ("Well.", "Yes.")
    assert not all_of(TextReplaced, events)


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_that_comes_with_the_last_message_only_is_told(heard: Heard, field: str):
    last_one = done("Yes.")
    last_one["choices"][0]["message"][field] = "Hm."
    events = await heard(chunk("Yes."), last_one)
    assert (reasoning_in(events), text_in(events)) == ("Hm.", "Yes.")


async def test_reasoning_is_not_told_twice(heard: Heard):
    thinking, last_one = chunk(""), chunk("", message="Yes.", finish="stop")
    thinking["choices"][0]["delta"]["reasoning_content"] = "Hm."
    thinking["choices"][0]["message"] = {"reasoning_content": "Hm."}
    last_one["choices"][0]["message"]["reasoning_content"] = "Hm."
    events = await heard(thinking, last_one)
    assert (reasoning_in(events), text_in(events)) == ("Hm.", "Yes.")


async def test_what_looked_like_the_beginning_of_a_tag_is_not_lost(heard: Heard):
    events = await heard(chunk("<thin"), chunk("", finish="stop"))
    assert text_in(events) == "<thin"


async def test_reasoning_whose_opening_tag_never_came_is_taken_out_of_the_answer(heard: Heard):
    deltas = ["Find the", " date.\n</th", "ink>", "\n\nIt was", " 1998.[1]"]
    events = await heard(*map(chunk, deltas), done("".join(deltas)), model="sonar-reasoning-pro")
    assert (reasoning_in(events), text_in(events)) == ("Find the date.\n", "It was 1998.[1]")
    assert len(all_of(TextReplaced, events)) == 1


async def test_a_whole_answer_without_the_opening_tag_is_told_straight(heard: Heard):
    events = await heard(done("Find the date.\n</think>\n\nIt was 1998.[1]"))
    assert (reasoning_in(events), text_in(events)) == ("Find the date.\n", "It was 1998.[1]")
    assert not all_of(TextReplaced, events)
