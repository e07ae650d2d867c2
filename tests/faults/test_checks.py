"""Checks on a real server: pages are read and judged in the background, whatever becomes of the process."""

import json

import httpx

from tests.questions import Asked, ask, eventually
from tests.serving import Server
from tests.walks import long_walk
from tests.writing import written

QUESTION = "How do I debug a program with pdb?"


def states(server: Server, table: str = "chat_citationcheck") -> list[str]:
    return [state for (state,) in server.rows(f"SELECT state FROM {table} ORDER BY created_at")]


def asked_with_checks(client: httpx.Client) -> Asked:
    """A question of somebody who has all their answers checked."""
    assert client.post("/checks/always/", data={"always": "on"}).status_code == 302
    return ask(client, QUESTION, model="agent:openai/gpt-6-luna")


def test_a_check_that_is_killed_in_the_middle_goes_on_and_nothing_is_doubled(server: Server) -> None:
    asked_with_checks(server.client("alice"))
    eventually(lambda: states(server) == ["reading"])
    server.kill()
    assert states(server) == ["reading"]

    server.restart()

    eventually(lambda: states(server) == ["finished"], within=90)
    [(pages, done, found, shown)] = server.rows("SELECT pages, pages_done, found, shown FROM chat_citationcheck")
    assert pages == done > 0
    marks = server.rows("SELECT position, passage FROM chat_checkedmark ORDER BY position")
    assert [position for position, _passage in marks] == list(range(1, len(marks) + 1))
    assert len(marks) == found + shown
    assert all(passage for _position, passage in marks)
    sources = server.rows("SELECT number FROM chat_checkedsource")
    assert len(sources) == len(set(sources)) == pages


@long_walk
def test_a_model_is_asked_for_a_second_opinion_and_paid(server: Server) -> None:
    asked_with_checks(server.client("alice"))
    eventually(lambda: states(server) == ["finished"], within=60)

    request = written(server.store, "tests.faults.checked", None)

    eventually(lambda: states(server, "chat_opinionrequest") == ["finished"], within=60)
    rows = server.rows("SELECT state, opinion FROM chat_checkedmark ORDER BY position")
    opinions = [json.loads(kept) if isinstance(kept, str) else kept for _state, kept in rows]
    assert {opinion["verdict"] for opinion in opinions} == {"supports"}
    assert all(opinion["request"] == request and opinion["reason"] and opinion["cost"] for opinion in opinions)
    assert {state for state, _opinion in rows} <= {"found", ""}
    [(cost, basis, reserved)] = server.rows(
        "SELECT cost, basis, reserved FROM accounts_spending WHERE kind = 'opinion'"
    )
    assert 0 < cost <= reserved
    assert basis == "reported"
    page = server.client("alice").get("/costs/").text
    assert "1 second opinion" in page
