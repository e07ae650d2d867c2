"""A server dies with questions in line, while another one on the same database has its own."""

import pytest

from tests.conftest import MakeServer
from tests.faults.test_queues import calls
from tests.questions import Asked, ask, eventually, stored
from tests.serving import Server
from tests.walks import long_walk

BUCKET = "sonar:sonar-pro"


@pytest.fixture
def narrow(make_server: MakeServer, demo_upstream: str) -> Server:
    """A server that may ask one question of Sonar Pro each second, and for now none."""
    server = make_server(
        env={
            "PERPLEXITY_BASE_URL": demo_upstream,
            "PERPLEXITY_API_KEY": "pplx-test",
            "PERPLEXITY_RPM": "sonar-pro=60",
        }
    )
    moment = now(server)
    server.rows(
        f"INSERT INTO chat_lane (name, level, counted_at, closed_until) VALUES (?, 0, {moment}, {later(server)})",
        [BUCKET],
    )
    return server


def now(server: Server) -> str:
    return "now()" if server.store.is_postgresql else "strftime('%Y-%m-%d %H:%M:%f', 'now')"


def later(server: Server) -> str:
    if server.store.is_postgresql:
        return "now() + interval '1 hour'"
    return "strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 hour')"


def sent(server: Server, asked: Asked) -> object:
    answer_id = server.store.identifier(asked.answer)
    return server.rows("SELECT sent_at FROM chat_answer WHERE id = ?", [answer_id])[0][0]


@long_walk
def test_questions_in_line_of_a_server_that_dies_go_to_the_other_and_delay_none_of_its_own(
    narrow: Server, demo_upstream: str
) -> None:
    other = narrow.twin()
    texts = [f"What is a graph, number {number}?" for number in range(7)]
    with narrow.client("alice") as alice, other.client("bob") as bob:
        dead = [ask(alice, f"{text} #demo:fast", model="sonar-pro") for text in texts[:4]]
        own = [ask(bob, f"{text} #demo:fast", model="sonar-pro") for text in texts[4:]]
        eventually(lambda: narrow.rows("SELECT count(*) FROM chat_answer WHERE lane = ?", [BUCKET]) == [(7,)])

        narrow.kill()
        narrow.rows(f"UPDATE chat_lane SET closed_until = NULL, level = 0, counted_at = {now(narrow)}")

        eventually(lambda: {stored(narrow, one)["state"] for one in dead + own} == {"finished"})
    assert [calls(demo_upstream, text) for text in texts] == [1] * 7
    assert max(str(sent(narrow, one)) for one in own) < min(str(sent(narrow, one)) for one in dead)
    costs = narrow.rows("SELECT s.cost, a.cost FROM accounts_spending s JOIN chat_answer a ON a.id = s.answer_id")
    assert len(costs) == 7
    assert all(settled == reported and reported for settled, reported in costs)
