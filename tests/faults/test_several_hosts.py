"""Servers on several hosts, whose clocks differ by hours, and an answer whose row somebody has locked."""

import time

import psycopg
import pytest

from tests.conftest import MakeServer
from tests.questions import ask, eventually, stored, watch
from tests.serving import Server
from tests.stores import ROOT

CLOCK = str(ROOT / "tests" / "faults" / "shifted_clock")
LONG = "How do context managers work? #demo:long=9000 #demo:slow=60"


def written(server: Server) -> dict[str, int]:
    """How many entries each answer has."""
    return {
        str(answer): entries
        for answer, entries in server.rows("SELECT answer_id, count(*) FROM chat_logentry GROUP BY answer_id")
    }


@pytest.fixture
def behind(make_server: MakeServer) -> Server:
    """A server whose clock is an hour slow."""
    return make_server(env={"PYTHONPATH": CLOCK, "SHIFTED_BY": "-3600"})


def test_clocks_that_differ_by_hours_interrupt_nothing_and_a_server_that_dies_is_noticed(behind: Server) -> None:
    ahead = behind.twin(env={"SHIFTED_BY": "3600"})
    with behind.client("alice") as alice, ahead.client("bob") as bob:
        one, other = ask(alice, LONG), ask(bob, LONG)
        watch(alice, one, until=lambda article: len(article.words) > 1000)
        watch(bob, other, until=lambda article: len(article.words) > 1000)
        assert [stored(behind, asked)["state"] for asked in (one, other)] == ["writing", "writing"]
        alice.post(f"{one.path}stop/")

    ahead.kill()

    with behind.client("alice") as alice:
        assert watch(alice, other).state == "interrupted"


def test_a_locked_answer_holds_up_no_other_and_goes_on_when_it_is_free(make_server: MakeServer) -> None:
    server = make_server()
    server.twin()
    with server.client("alice") as alice:
        asked = [ask(alice, LONG) for _ in range(10)]
        for one in asked:
            watch(alice, one, until=lambda article: len(article.words) > 40)
        with psycopg.connect(server.store.database_url) as other:
            other.execute("SELECT 1 FROM chat_answer WHERE id = %s FOR UPDATE", [asked[0].answer])
            before = written(server)
            time.sleep(10)  # longer than a lease lasts
            after = written(server)
        assert [after[one.answer] > before[one.answer] + 10 for one in asked] == [False] + [True] * 9

        eventually(lambda: written(server)[asked[0].answer] > after[asked[0].answer] + 10)
        assert server.rows("SELECT DISTINCT state FROM chat_answer") == [("writing",)]
        for one in asked:
            alice.post(f"{one.path}stop/")
