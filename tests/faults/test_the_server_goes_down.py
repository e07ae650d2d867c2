"""Killed, told to leave, locked out of its database: nothing that was asked or answered is lost."""

import contextlib
import sqlite3
import threading
import time
from contextlib import closing

import httpx
import pytest

from tests import sse
from tests.questions import PATIENCE, Article, Asked, ask, eventually, stored, watch, words
from tests.serving import CLIENT, Server
from tests.stores import FILE

TOLD_WITHIN = 10 + 5  # seconds: what is promised, and what a busy machine takes to start a server and to read
LOCKED_FOR = 9  # seconds: longer than a lease lasts
SLOW = "How do context managers work? #demo:long=4000 #demo:slow=60"


def has_words(article: Article) -> bool:
    return len(article.words) > 80


def follow_in_thread(server: Server, asked: Asked, article: Article, name: str = "alice") -> threading.Thread:
    """Watch in the background for as long as the connection lasts."""

    def follow() -> None:
        # A client of its own: stopping a server closes those that the server handed out.
        with (
            contextlib.suppress(httpx.TransportError),
            httpx.Client(base_url=server.url, cookies=server.cookies(name), timeout=PATIENCE, **CLIENT) as client,
        ):
            watch(client, asked, article=article)

    thread = threading.Thread(target=follow)
    thread.start()
    return thread


def test_a_killed_server_keeps_what_was_read_and_says_it_was_interrupted(server: Server) -> None:
    client = server.client("alice")
    asked = ask(client, SLOW)
    viewers = [Article(), Article(), Article()]
    threads = [follow_in_thread(server, asked, viewer) for viewer in viewers]
    eventually(lambda: all(has_words(viewer) for viewer in viewers))

    server.kill()
    killed = time.monotonic()
    for thread in threads:
        thread.join()
    server.start()

    ends = [watch(server.client("alice"), asked, article=viewer) for viewer in viewers]

    assert time.monotonic() - killed < TOLD_WITHIN
    answer = stored(server, asked)
    assert answer["state"] == "interrupted"
    text = words(answer["html"])
    for article in ends:
        assert article.state == "interrupted"
        assert text.startswith(article.words)
        assert text in words(article.final)
        assert "Ask again" in words(article.final)


def test_a_server_that_is_told_to_leave_lets_a_short_answer_finish(server: Server) -> None:
    client = server.client("alice")
    asked = ask(client, "How do context managers work?")
    article = Article()
    thread = follow_in_thread(server, asked, article)
    eventually(lambda: has_words(article))

    server.stop()
    thread.join()

    assert article.state == "finished"
    assert stored(server, asked)["state"] == "finished"


def test_a_server_that_is_told_to_leave_interrupts_a_long_answer_cleanly(server: Server) -> None:
    client = server.client("alice")
    asked = ask(client, "How do context managers work? #demo:long=9000 #demo:slow=400")
    article = Article()
    thread = follow_in_thread(server, asked, article)
    eventually(lambda: has_words(article))

    assert server.stop() == 0
    thread.join()

    answer = stored(server, asked)
    assert answer["state"] == "interrupted"
    assert article.state == "interrupted"
    assert words(answer["html"]).startswith(article.words)
    assert server.rows("SELECT count(*) FROM chat_logentry WHERE kind = 'end'") == [(1,)]


def test_an_answer_survives_a_database_that_is_locked_for_a_while(server: Server) -> None:
    server.twin()  # which could believe that the other one is gone
    if server.store.is_postgresql:
        lock_postgres = "LOCK TABLE chat_logentry IN ACCESS EXCLUSIVE MODE"
        import psycopg

        asked = ask(server.client("alice"), "How do context managers work? #demo:long=1500")
        with psycopg.connect(server.store.database_url) as postgres:
            postgres.execute(lock_postgres)
            time.sleep(LOCKED_FOR)
    else:
        asked = ask(server.client("alice"), "How do context managers work? #demo:long=1500")
        with closing(sqlite3.connect(server.store.folder / FILE, timeout=20, isolation_level=None)) as sqlite:
            sqlite.execute("BEGIN IMMEDIATE")
            time.sleep(LOCKED_FOR)
            sqlite.execute("ROLLBACK")

    article = watch(server.client("alice"), asked)

    answer = stored(server, asked)
    assert answer["state"] == "finished"
    assert len(answer["text"]) > 1000
    assert words(answer["html"]) in words(article.final)


@pytest.mark.parametrize("name", ["alice", "bob", "vera"])
def test_a_viewer_who_comes_back_at_any_number_misses_and_repeats_nothing(shared_server: Server, name: str) -> None:
    client = shared_server.client("alice")
    asked = ask(client, "How do context managers work? #demo:long=1200")
    viewer = shared_server.client(name)
    steady = Article()
    thread = follow_in_thread(shared_server, asked, steady)
    coming_and_going = Article()
    while not coming_and_going.final:
        coming_and_going.frames = 0
        watch(viewer, asked, article=coming_and_going, until=lambda article: article.frames >= 2)
        eventually(lambda: steady.last_id >= coming_and_going.last_id or steady.final)
    thread.join()

    text = words(stored(shared_server, asked)["html"])
    for article in (coming_and_going, steady):
        assert text.startswith(article.words)  # whatever came last before the end, nothing of it came twice
        assert text in words(article.final)


def test_a_finished_answer_sends_its_article_whatever_number_is_asked_for(shared_server: Server) -> None:
    client = shared_server.client("alice")
    asked = ask(client, "How do context managers work? #demo:fast")
    whole = watch(client, asked).final
    for number in (0, 1, 5, 999_999_999, "nonsense", "-1", "9" * 40):
        events = list(sse.messages(client, asked.stream, after=number))
        assert [event.event for event in events] == ["connected", "final"]
        assert words(events[-1].data) == words(whole)


def test_a_viewer_ahead_of_the_log_gets_the_answer_anew(shared_server: Server) -> None:
    client = shared_server.client("alice")
    asked = ask(client, "How do context managers work? #demo:long=1500")
    early = watch(client, asked, until=has_words)
    ahead = Article(last_id=900_000)
    watch(client, asked, article=ahead, until=has_words)
    assert ahead.words.startswith(early.words[:60])


def test_stopping_keeps_the_text_and_closes_the_upstream(server: Server) -> None:
    client = server.client("alice")
    asked = ask(client, SLOW)
    article = watch(client, asked, until=has_words)

    assert client.post(f"{asked.path}stop/").status_code == 302
    watch(client, asked, article=article)

    answer = stored(server, asked)
    assert answer["state"] == article.state == "stopped"
    assert words(answer["html"]).startswith(article.words[:60])
    entries = server.rows("SELECT count(*) FROM chat_logentry")
    time.sleep(0.5)
    assert server.rows("SELECT count(*) FROM chat_logentry") == entries


def test_a_viewer_cannot_stop_and_a_member_can(server: Server) -> None:
    asked = ask(server.client("alice"), SLOW)
    assert server.client("vera").post(f"{asked.path}stop/").status_code == 403
    assert server.client("charlie").post(f"{asked.path}stop/").status_code == 404
    assert server.client("bob").post(f"{asked.path}stop/").status_code == 302
    assert watch(server.client("alice"), asked).state == "stopped"


def test_a_stream_ends_when_its_reader_is_signed_out(server: Server) -> None:
    asked = ask(server.client("alice"), "How do context managers work? #demo:long=9000 #demo:slow=200")
    bob = Article()
    thread = follow_in_thread(server, asked, bob, "bob")
    eventually(lambda: bob.frames)

    key = server.cookies("bob")["sessionid"]
    server.rows("DELETE FROM django_session WHERE session_key = ?", [key])
    thread.join(20)

    assert not thread.is_alive()
    assert bob.gone
    assert not bob.final
    server.client("alice").post(f"{asked.path}stop/")


def test_a_stream_ends_when_the_conversation_becomes_private(server: Server) -> None:
    asked = ask(server.client("alice"), "How do context managers work? #demo:long=9000 #demo:slow=200")
    bob = Article()
    thread = follow_in_thread(server, asked, bob, "bob")
    eventually(lambda: bob.frames)

    server.rows("UPDATE chat_conversation SET visibility = 'private'")
    thread.join(20)

    assert not thread.is_alive()
    assert bob.gone
    server.client("alice").post(f"{asked.path}stop/")


def test_a_viewer_who_does_not_read_costs_the_others_nothing(server: Server) -> None:
    asked = ask(server.client("alice"), "How do context managers work? #demo:long=6000 #demo:fast")
    with server.client("bob").stream("GET", asked.stream) as idle:
        assert idle.status_code == 200
        article = watch(server.client("alice"), asked)
    assert article.state == "finished"
