"""The database stores something, and the reply that says so is lost: nothing is written twice, and nothing is lost."""

import json
import uuid
from collections.abc import Iterator

import pytest

from tests.conftest import MakeServer
from tests.faults.database_proxy import DatabaseProxy
from tests.imaging.generation.draw_requests import draw, drawn
from tests.imaging.review.pending_images import grant, queue
from tests.questions import Asked, ask, eventually, stored, watch
from tests.serving import Server


@pytest.fixture
def proxy(make_server: MakeServer) -> Iterator[tuple[Server, DatabaseProxy]]:
    """A server that reaches its database through a proxy."""
    server = make_server()
    server.stop()
    proxy = DatabaseProxy(server.store.database_url)
    through = server.twin(env={"DATABASE_URL": proxy.url})
    yield through, proxy
    through.stop()
    proxy.close()


def count(server: Server, table: str, where: str = "1 = 1") -> int:
    return int(server.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])


def words_of_the_log(server: Server, asked: Asked) -> str:
    rows = server.rows(
        "SELECT data FROM chat_logentry WHERE answer_id = ? AND kind = 'text' ORDER BY seq",
        [server.store.identifier(asked.answer)],
    )
    return "".join(row if isinstance(row, str) else json.loads(row) for (row,) in rows)


def test_twelve_answers_go_on_where_the_reply_to_their_common_commit_was_lost(
    proxy: tuple[Server, DatabaseProxy],
) -> None:
    server, database = proxy
    with server.client("alice") as alice:
        asked = [ask(alice, "How do context managers work? #demo:long=3000 #demo:slow=40") for _ in range(12)]
        eventually(lambda: count(server, "chat_answer", "state = 'writing'") == 12)
        with database.losing_a_commit_of(b"INSERT INTO chat_logentry"):
            pass

        assert {watch(alice, one).state for one in asked} == {"finished"}

    texts = {stored(server, one)["text"] for one in asked}
    assert len(texts) == 1
    assert {words_of_the_log(server, one) for one in asked} == texts
    assert count(server, "chat_logentry", "kind = 'end'") == 12


def test_an_end_and_a_stop_count_once(proxy: tuple[Server, DatabaseProxy]) -> None:
    server, database = proxy
    with server.client("alice") as alice:
        with database.losing_a_commit_of(b", 'end', "):
            finished = ask(alice, "What is a list? #demo:fast")
            assert watch(alice, finished).state == "finished"
        endless = ask(alice, "What is a set? #demo:long=9000 #demo:slow=60")
        watch(alice, endless, until=lambda article: len(article.words) > 40)
        with database.losing_a_commit_of(b", 'end', "):
            alice.post(f"{endless.path}stop/")

        assert eventually(lambda: stored(server, endless)["state"]) == "stopped"
    assert count(server, "chat_logentry", "kind = 'end'") == 2
    assert count(server, "accounts_spending", "cost IS NOT NULL") == count(server, "accounts_spending") == 2


def test_a_question_that_is_sent_again_is_one_question_with_one_answer_and_one_reservation(
    proxy: tuple[Server, DatabaseProxy],
) -> None:
    server, database = proxy
    form = {"text": "What is a tuple? #demo:fast", "model": "sonar", "key": str(uuid.uuid4())}
    with server.client("alice") as alice:
        with database.losing_a_commit_of(b'INSERT INTO "chat_answer"'):
            assert alice.post("/ask/", data=form).status_code >= 500

        assert alice.post("/ask/", data=form).status_code == 302

    assert eventually(lambda: count(server, "chat_answer", "state = 'finished'")) == 1
    assert [count(server, table) for table in ("chat_conversation", "chat_question", "accounts_spending")] == [1, 1, 1]


def test_a_response_with_two_pictures_makes_two_images_and_is_paid_for_once(
    proxy: tuple[Server, DatabaseProxy],
) -> None:
    server, database = proxy
    with server.client("bob") as bob, database.losing_a_commit_of(b'"upstream_id" = '):
        draw(bob, "A cat #demo:two")

    images = drawn(server, "A cat #demo:two")
    assert [(image["state"], image["position"]) for image in images] == [("pending", 0), ("pending", 1)]


def test_a_decision_that_is_sent_again_is_one_decision(proxy: tuple[Server, DatabaseProxy]) -> None:
    server, database = proxy
    grant(server.store, "vera")
    [image] = queue(server.store, [{"prompt": "A light", "by": "bob"}])
    seen = {"seen": f"{image}:pending:0"}
    with server.client("vera") as vera:
        with database.losing_a_commit_of(b'INSERT INTO "imaging_decision"'):
            assert vera.post("/admin/imaging/review/approve/", data=seen).status_code >= 500

        said = vera.post("/admin/imaging/review/approve/", data=seen, follow_redirects=True).text

    assert "You have approved this image already, just now." in said
    assert server.rows("SELECT verdict FROM imaging_decision") == [("approved",)]
