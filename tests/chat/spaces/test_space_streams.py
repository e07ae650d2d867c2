"""Streams of people who lose sight of a space end; the answer in it goes on for whoever may still read it."""

import re
import threading
import time
from collections.abc import Callable

import pytest

from tests.questions import Article, Asked, ask, eventually, stored, watch
from tests.serving import Server
from tests.writing import written

SLOW = "How do context managers work? #demo:long=1600 #demo:slow=60"
SLOWER = SLOW.replace("1600", "6000")  # longer than anybody may read on
AT_ONCE, ELSEWHERE = 2.0, 10.0  # seconds


def place_of(server: Server, name: str) -> str:
    """The id of the person's membership."""
    html = server.client("alice").get("/spaces/new/").text
    found = re.search(r'name="role:([0-9a-f-]{36}).*?', html[html.index(f">{name}</label>") :])
    assert found
    return found[1]


def in_space(server: Server, question: str) -> tuple[str, Asked]:
    """The id of Alice's space, in which Bob contributes, and what Bob has just asked in it."""
    people = {"people": "chosen", f"role:{place_of(server, 'bob')}": "contributor"}
    made = server.client("alice").post("/spaces/new/", data={"name": "Q3", **people})
    space = made.headers["location"].strip("/").split("/")[-1]
    asked = ask(server.client("bob"), question)
    assert written(server.store, "tests.chat.spaces.moved", {"conversation": asked.conversation, "space": space})
    return space, asked


class Watching:
    """Somebody who reads an answer in a thread of their own, and when their stream ended."""

    def __init__(self, server: Server, name: str, asked: Asked) -> None:
        self.article = Article()
        self.ended_at = 0.0
        self._client = server.client(name)
        self._asked = asked
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        eventually(lambda: self.article.words)

    def _watch(self) -> None:
        watch(self._client, self._asked, article=self.article)
        self.ended_at = time.monotonic()

    def end(self) -> "Watching":
        """Wait for the end of the stream."""
        self._thread.join(60)
        assert not self._thread.is_alive()
        return self


def take_out_bob(server: Server, space: str) -> None:
    place = place_of(server, "bob")
    assert server.client("alice").post(f"/spaces/{space}/people/{place}/remove/").status_code == 302


def delete(server: Server, space: str) -> None:
    assert server.client("alice").post(f"/spaces/{space}/delete/").status_code == 302


@pytest.mark.parametrize(
    ("change", "loses", "keeps"),
    [(take_out_bob, "bob", "alice"), (delete, "alice", "bob")],
    ids=["taken out of the space", "the space is deleted"],
)
def test_who_loses_sight_reads_no_further_and_the_answer_goes_on_for_the_others(
    change: Callable[[Server, str], None],
    loses: str,
    keeps: str,
    server: Server,
) -> None:
    space, asked = in_space(server, SLOW)
    gone, stays = Watching(server, loses, asked), Watching(server, keeps, asked)

    change(server, space)
    changed_at = time.monotonic()
    gone.end()

    assert gone.article.gone
    assert not gone.article.final
    assert gone.ended_at - changed_at < AT_ONCE
    assert server.client(loses).get(asked.stream).status_code == 404
    assert stored(server, asked)["state"] == "writing"
    assert stays.end().article.state == "finished"


def test_who_loses_sight_in_another_process_reads_on_for_ten_seconds_at_most(
    server: Server,
) -> None:
    space, asked = in_space(server, SLOWER)
    twin = server.twin()
    gone = Watching(twin, "bob", asked)

    take_out_bob(server, space)
    changed_at = time.monotonic()
    gone.end()

    assert gone.article.gone
    assert gone.ended_at - changed_at <= ELSEWHERE
