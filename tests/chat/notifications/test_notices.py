"""The stream of notices: who is told of what, from which process, and for how long."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests import sse
from tests.questions import PATIENCE, ask, watch
from tests.serving import CLIENT, Server

FAST = "How do context managers work? #demo:fast"


def lines_of(client: httpx.Client, path: str) -> Iterator[str]:
    """The lines of the stream; a comment that keeps it open is one, too."""
    deadline = time.monotonic() + PATIENCE
    with client.stream("GET", path) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            assert time.monotonic() < deadline, "nobody tells what is waited for"
            yield line


class Told:
    """Somebody's stream of notices, which is open once this is made. Nobody waits there forever."""

    def __init__(self, client: httpx.Client, *, after: int | str | None = None) -> None:
        self._messages = sse.parsed(lines_of(client, f"/notices?after={after or 0}"))
        self.began = next(self._messages)
        assert self.began.event == "connected"
        self.last_id = self.began.id

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for message in self._messages:
            assert message.event == "notice", message
            self.last_id = message.id
            yield json.loads(message.data)

    def next_of(self, kind: str) -> dict[str, Any]:
        """The next notice of the kind."""
        return next(notice for notice in self if notice["kind"] == kind)

    def goodbye(self) -> sse.Message | None:
        """What the stream ends with."""
        return next(self._messages, None)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_whoever_asked_is_told_that_the_answer_is_ready_from_any_process(server: Server, elsewhere: bool) -> None:
    asking = server.client("alice")
    told = Told((server.twin() if elsewhere else server).client("alice"))
    asked = ask(asking, FAST)
    watch(asking, asked)

    notice = told.next_of("ended")

    assert notice["isOwn"]
    assert (notice["conversation"], notice["state"]) == (asked.conversation, "finished")
    assert (notice["mark"], notice["text"]) == ("✓ Answer ready", "Answer ready")
    assert (notice["address"], notice["place"]) == (asked.page, f"answer-{asked.answer}")
    assert notice["title"].startswith("How do context managers work?")


def test_a_teammate_is_told_of_questions_only_where_they_have_been(server: Server) -> None:
    alice, bob = server.client("alice"), server.client("bob")
    first, second = ask(alice, FAST), ask(alice, FAST)
    for asked in (first, second):
        watch(alice, asked)
    assert bob.post(f"{second.page}seen/").status_code == 204
    told = Told(bob)
    ask(alice, "And then? #demo:fast", page=first.page)
    ask(alice, "And here? #demo:fast", page=second.page)

    notice = told.next_of("asked")

    assert not notice["isOwn"]
    assert notice["conversation"] == second.conversation
    assert (notice["text"], notice["show"]) == ("alice asked a question", "Show")
    assert notice["address"] == f"{second.page}?around=2"


def test_nobody_is_told_of_what_they_may_not_read(server: Server) -> None:
    alice, bob, charlie = (server.client(name) for name in ("alice", "bob", "charlie"))
    hidden, open_to_all = ask(alice, FAST), ask(alice, FAST)
    for asked in (hidden, open_to_all):
        watch(alice, asked)
        assert bob.post(f"{asked.page}seen/").status_code == 204
        assert charlie.post(f"{asked.page}seen/").status_code == 404
    told = Told(bob)
    alice.post(f"{hidden.page}unshare/")
    watch(alice, ask(alice, "A secret #demo:fast", page=hidden.page))
    watch(alice, ask(alice, "No secret #demo:fast", page=open_to_all.page))

    notices = [told.next_of("asked"), told.next_of("ended")]

    assert {notice["conversation"] for notice in notices} == {open_to_all.conversation}
    again = Told(bob, after=int(told.began.id))
    assert again.next_of("asked")["conversation"] == open_to_all.conversation
    assert again.next_of("ended")["conversation"] == open_to_all.conversation


def test_what_was_missed_is_told_to_whoever_comes_back(server: Server) -> None:
    alice = server.client("alice")
    began = Told(alice).began
    asked = ask(alice, FAST)
    watch(alice, asked)

    back = Told(alice, after=began.id)

    assert back.next_of("ended")["conversation"] == asked.conversation
    assert int(back.last_id) > int(began.id)


def test_what_somebody_saw_is_told_to_their_other_devices_and_to_nobody_else(server: Server) -> None:
    alice, bob = server.client("alice"), server.client("bob")
    asked = ask(alice, FAST)
    watch(alice, asked)
    told, others = Told(alice), Told(bob)
    alice.post(f"{asked.page}seen/")
    bob.post(f"{asked.page}seen/")

    seen = told.next_of("seen")

    assert (seen["conversation"], seen["isOwn"]) == (asked.conversation, True)
    assert others.next_of("seen")["isOwn"]


def test_the_stream_ends_with_the_sign_in(server: Server) -> None:
    told = Told(server.client("alice"))
    leaving = server.client("alice")
    leaving.post("/accounts/logout/")

    goodbye = told.goodbye()

    assert goodbye
    assert goodbye.event == "gone"


def test_behind_a_proxy_that_holds_streams_back_notices_are_asked_for(server: Server) -> None:
    alice = server.client("alice")
    began = Told(alice).began
    asked = ask(alice, FAST)
    watch(alice, asked)

    with alice.stream("GET", f"/notices?poll=1&after={began.id}") as response:
        found = [message for message in sse.parsed(response.iter_lines()) if message.event == "notice"]

    assert json.loads(found[0].data)["conversation"] == asked.conversation


def test_a_process_that_stops_sends_everybody_away(server: Server) -> None:
    with httpx.Client(base_url=server.url, cookies=server.cookies("alice"), **CLIENT) as alice:
        told = Told(alice)

        assert server.stop() == 0

        assert told.goodbye() is None
