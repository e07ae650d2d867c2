"""A conversation with a real language model, through the whole product."""

import re
import uuid
from html import unescape
from typing import NamedTuple

import httpx

from tests import sse
from tests.real_model.recorder import Recorder
from tests.real_model.serve import MODEL
from tests.serving import Server

QUESTIONS = (
    "Tell me three facts about lighthouses.",
    "Which of these facts is the most surprising one?",
    "Write one short sentence about it for a postcard.",
)


class Watched(NamedTuple):
    """What somebody who watched an answer has seen."""

    conversation: str
    answer: str
    updates: list[str]
    final: str


def test_three_turns_are_streamed_stored_and_sent_as_history(connected: Server, model: Recorder) -> None:
    alice = connected.client("alice")

    watched: list[Watched] = []
    for question in QUESTIONS:
        watched.append(ask_and_watch(alice, question, conversation=watched[0].conversation if watched else None))

    for seen in watched:
        state, text, name = stored(connected, seen.answer)
        assert (state, name) == ("finished", MODEL)
        assert len(seen.updates) >= 3, "the answer came in one piece"
        assert words(shown(seen.updates)) == words(text)
        assert set(words(text)) <= set(words(without_tags(seen.final)))
    texts = [stored(connected, seen.answer)[1] for seen in watched]
    assert [request["messages"] for request in model.requests] == [
        turns(QUESTIONS[:number], texts[: number - 1]) for number in (1, 2, 3)
    ]
    page = alice.get(f"/c/{watched[0].conversation}/").text
    assert all(question in unescape(page) for question in QUESTIONS)


def ask_and_watch(client: httpx.Client, question: str, *, conversation: str | None) -> Watched:
    """Ask as the page without JavaScript does, and read the answer's stream to its end."""
    address = f"/c/{conversation}/ask/" if conversation else "/ask/"
    posted = client.post(address, data={"text": question, "model": MODEL, "key": str(uuid.uuid4())})
    assert posted.status_code == 302, posted.text
    place = re.fullmatch(
        r"/c/(?P<conversation>[0-9a-f-]{36})/#answer-(?P<answer>[0-9a-f-]{36})", posted.headers["location"]
    )
    assert place
    stream = list(sse.messages(client, f"/c/{place['conversation']}/answers/{place['answer']}/stream"))
    assert stream[-1].event == "final"
    updates = [message.data for message in stream if message.event == "update"]
    return Watched(place["conversation"], place["answer"], updates, stream[-1].data)


def shown(updates: list[str]) -> str:
    """The text after all updates, put together as the page does it: closed blocks, then the open tail."""
    blocks = tail = ""
    for update in updates:
        for place, how, html in re.findall(
            r'<template data-place="(\w+)" data-how="(\w+)"[^>]*>(.*?)</template>', update, flags=re.DOTALL
        ):
            if place == "blocks":
                blocks = blocks + html if how == "append" else html
            elif place == "tail":
                tail = html
    return without_tags(blocks + tail)


def stored(server: Server, answer: str) -> tuple[str, str, str]:
    """The answer's state, text and model in the database."""
    ((state, text, model),) = server.rows(
        "SELECT state, text, model FROM chat_answer WHERE id = ?", [server.store.identifier(answer)]
    )
    return state, text, model


def turns(questions: tuple[str, ...], answers: list[str]) -> list[dict[str, str]]:
    """Questions and answers in the order in which an upstream has to see them."""
    told = [{"role": "user", "content": questions[0]}]
    for answer, question in zip(answers, questions[1:], strict=True):
        told += [{"role": "assistant", "content": answer}, {"role": "user", "content": question}]
    return told


def without_tags(html: str) -> str:
    """The text between the tags."""
    return unescape(re.sub(r"<[^>]+>", " ", html))


def words(text: str) -> list[str]:
    """The words alone: Markdown's marks are gone in one of two texts that are compared."""
    return re.findall(r"\w+", text)
