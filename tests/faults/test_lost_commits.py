"""The database stores something, and the reply that says so is lost: nothing is written twice, and nothing is lost."""

import json
import time
import uuid
from collections.abc import Iterator, Sequence

import pytest

from tests.faults.database_proxy import DatabaseProxy
from tests.imaging.generation.draw_requests import draw, drawn
from tests.imaging.review.pending_images import grant, queue
from tests.questions import Asked, ask, eventually, stored, watch
from tests.serving import Server
from tests.stores import Store


@pytest.fixture(scope="module")
def proxy(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, DatabaseProxy]]:
    """A server that reaches its database through a proxy."""
    store = template.copy(tmp_path_factory.mktemp("proxy") / "data")
    database = DatabaseProxy(store.database_url)
    server = Server(store, env={"DATABASE_URL": database.url}).start()
    yield server, database
    server.close()
    database.close()


def ends(server: Server, asked: Sequence[Asked]) -> list[tuple[int, int]]:
    """Of each answer how many ends its log has, and how many figures that count."""
    sql = (
        "SELECT (SELECT count(*) FROM chat_logentry WHERE answer_id = a.id AND kind = 'end'),"
        " (SELECT count(*) FROM accounts_spending WHERE answer_id = a.id AND cost IS NOT NULL)"
        " FROM chat_answer a WHERE id = ?"
    )
    return [server.rows(sql, [server.store.identifier(one.answer)])[0] for one in asked]


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
        asked = [ask(alice, "How do context managers work? #demo:long=2000 #demo:slow=40") for _ in range(12)]
        eventually(lambda: {stored(server, one)["state"] for one in asked} == {"writing"})
        with database.losing_a_commit_of(b"INSERT INTO chat_logentry"):
            pass

        assert {watch(alice, one).state for one in asked} == {"finished"}

    texts = {stored(server, one)["text"] for one in asked}
    assert len(texts) == 1
    assert {words_of_the_log(server, one) for one in asked} == texts
    assert ends(server, asked) == [(1, 1)] * 12


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
    assert ends(server, [finished, endless]) == [(1, 1)] * 2


def test_a_question_that_is_sent_again_is_one_question_with_one_answer_and_one_reservation(
    proxy: tuple[Server, DatabaseProxy],
) -> None:
    server, database = proxy
    form = {"text": "What is a tuple? #demo:fast", "model": "sonar", "key": str(uuid.uuid4())}
    with server.client("alice") as alice:
        with database.losing_a_commit_of(b'INSERT INTO "chat_answer"'):
            assert alice.post("/ask/", data=form).status_code >= 500

        assert alice.post("/ask/", data=form).status_code == 302
    sql = (
        "SELECT a.state, s.cost IS NOT NULL FROM chat_question q JOIN chat_answer a ON a.question_id = q.id"
        " JOIN accounts_spending s ON s.answer_id = a.id WHERE q.text = ?"
    )
    eventually(lambda: server.rows(sql, [form["text"]]) == [("finished", True)])


def test_a_response_with_two_pictures_makes_two_images_and_is_paid_for_once(
    proxy: tuple[Server, DatabaseProxy],
) -> None:
    server, database = proxy
    with server.client("bob") as bob, database.losing_a_commit_of(b'"upstream_id" = '):
        draw(bob, "A cat #demo:two")

    images = drawn(server, "A cat #demo:two")
    assert [(image["state"], image["position"]) for image in images] == [("pending", 0), ("pending", 1)]
    [[figures]] = server.rows("SELECT count(*) FROM accounts_spending WHERE kind = 'image' AND cost IS NULL")
    assert figures == 0


def test_a_decision_that_is_sent_again_is_one_decision(proxy: tuple[Server, DatabaseProxy]) -> None:
    server, database = proxy
    grant(server.store, "vera")
    [image] = queue(server.store, [{"prompt": "A light", "by": "bob"}])
    seen = {"seen": f"{image}:pending:0"}
    with server.client("vera") as vera:
        with database.losing_a_commit_of(b'INSERT INTO "imaging_decision"'):
            assert vera.post("/admin/imaging/review/approve/", data=seen).status_code >= 500

        said = vera.post("/admin/imaging/review/approve/", data=seen, follow_redirects=True).text

    assert "You already approved this image just now." in said
    assert server.rows("SELECT verdict FROM imaging_decision") == [("approved",)]


def test_a_question_that_nobody_could_answer_is_refused_in_words_and_kept(proxy: tuple[Server, DatabaseProxy]) -> None:
    server, database = proxy
    text = "What is a heap? #demo:fast"
    with server.client("alice") as alice:
        before = ask(alice, "What is a stack? #demo:fast")
        assert watch(alice, before).state == "finished"
        [[question]] = server.rows("SELECT id FROM chat_question WHERE text = ?", ["What is a stack? #demo:fast"])

        with database.full_for_whoever_committed(b"INSERT INTO chat_logentry"):
            form = {"text": text, "model": "sonar", "key": str(uuid.uuid4())}
            time.sleep(1.5)  # what was just committed shows for a second that more can be
            pages = [alice.post("/ask/", data=form), alice.post(f"{before.page}ask/", data=form)]
            part = alice.post(f"{before.page}ask/", data=form, headers={"HX-Request": "true"})
            again = alice.post(f"{before.page}questions/{question}/again/", data=form, headers={"HX-Request": "true"})
            assert [page.status_code for page in [*pages, part, again]] == [503] * 4
            assert part.headers["HX-Retarget"] == "#composer"
            assert again.headers["HX-Retarget"] == f"#problem-{question}"
            for page in [*pages, part]:
                assert "Parley can’t write an answer right now." in page.text
                assert f"{text}</textarea>" in page.text
            assert server.rows("SELECT count(*) FROM chat_question WHERE text = ?", [text]) == [(0,)]

        eventually(lambda: alice.post("/ask/", data=form).status_code == 302)
    eventually(
        lambda: (
            server.rows(
                "SELECT a.state FROM chat_answer a JOIN chat_question q ON q.id = a.question_id WHERE q.text = ?",
                [text],
            )
            == [("finished",)]
        )
    )
