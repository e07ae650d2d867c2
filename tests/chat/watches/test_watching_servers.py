"""Real servers ask what is due, together and once, also when one of them is killed meanwhile; and tell followers."""

from tests.chat.notifications.test_notices import Told
from tests.questions import Asked, ask, eventually, watch
from tests.serving import Server

QUESTION = "How does the with statement work in Python? #demo:fast"
PLAN = {"every": "day", "hour": "9", "budget": "5"}


def begin(server: Server) -> Asked:
    """Alice asks, and watches her question."""
    client = server.client("alice")
    asked = ask(client, QUESTION)
    watch(client, asked)
    (row,) = server.rows("SELECT question_id FROM chat_answer WHERE id = ?", [server.store.identifier(asked.answer)])
    assert client.post(f"{asked.page}questions/{uuid_of(row[0])}/watch/", data=PLAN).status_code == 302
    return asked


def uuid_of(stored: object) -> str:
    text = str(stored).replace("-", "")
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def make_due(server: Server, *, days: int = 7) -> None:
    """Set back the time at which it is asked next, as if the servers had slept."""
    ago = f"now() - interval '{days} days'" if server.store.is_postgresql else f"'2026-01-{days:02} 09:00:00'"
    server.rows(f"UPDATE chat_watch SET next_at = {ago}")


def compare_to_another(server: Server) -> None:
    """Let what comes next be compared to an answer that says something else."""
    client = server.client("alice")
    other = ask(client, "How do I debug a program with pdb? #demo:fast")
    watch(client, other)
    server.rows("UPDATE chat_watch SET compared_to_id = ?", [server.store.identifier(other.answer)])


def runs(server: Server) -> list[str]:
    return [str(state) for (state,) in server.rows("SELECT state FROM chat_watchrun ORDER BY created_at")]


def test_two_servers_ask_once_and_tell_followers_what_changed(server: Server) -> None:
    asked = begin(server)
    other = server.twin()
    told = Told(other.client("alice"))
    compare_to_another(server)
    make_due(server)

    notice = told.next_of("changed")

    assert notice["text"] == f"The answer changed: {QUESTION}"
    assert notice["conversation"] == asked.conversation
    assert runs(server) == ["changed"]
    page = server.client("alice").get(notice["address"])
    assert page.status_code == 200
    assert "What changed" in page.text
    assert server.rows("SELECT count(*) FROM chat_answer") == [(3,)]

    make_due(server, days=6)
    eventually(lambda: runs(server) == ["changed", "unchanged"])
    assert server.rows("SELECT changes FROM chat_watch") == [(1,)]


def test_what_a_server_had_begun_that_was_killed_is_asked_and_paid_once(server: Server) -> None:
    begin(server)
    make_due(server)
    eventually(lambda: len(runs(server)) == 1)
    server.kill()

    server.restart()

    eventually(lambda: runs(server)[0] not in {"asked", "checking"})
    assert len(runs(server)) == 1
    costs = server.rows("SELECT s.cost FROM accounts_spending s JOIN chat_answer a ON a.id = s.answer_id")
    assert len(costs) == 2
    assert all(cost is not None for (cost,) in costs)
    (row,) = server.rows("SELECT state, next_at FROM chat_watch")
    assert row[0] == "running"
    assert row[1] is not None
