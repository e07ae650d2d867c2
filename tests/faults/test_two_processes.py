"""Two server processes on one database: who writes an answer and who shows it need not be the same."""

import json
import os
import signal

import pytest

from tests.imaging.generation.draw_requests import draw, drawn
from tests.questions import Article, ask, eventually, stored, watch, words
from tests.serving import Server

QUESTION = "How do context managers work? #demo:long=1500"


@pytest.fixture
def pair(server: Server) -> tuple[Server, Server]:
    """Two servers on the same data."""
    return server, server.twin()


def test_a_viewer_on_the_other_process_follows_live(pair: tuple[Server, Server]) -> None:
    here, there = pair
    asked = ask(here.client("alice"), QUESTION)

    article = watch(there.client("bob"), asked)

    assert article.frames > 10
    assert article.state == "finished"
    assert words(stored(here, asked)["html"]) in words(article.final)


def test_a_viewer_who_changes_process_in_the_middle_misses_and_repeats_nothing(pair: tuple[Server, Server]) -> None:
    here, there = pair
    asked = ask(here.client("alice"), QUESTION)
    article = Article()
    turn = 0
    while not article.final:
        article.frames, turn = 0, turn + 1
        server = (here, there)[turn % 2]
        watch(server.client("bob"), asked, article=article, until=lambda a: a.frames >= 3)

    html = words(stored(here, asked)["html"])
    assert article.words == html[: len(article.words)]


def test_stop_works_from_the_other_process(pair: tuple[Server, Server]) -> None:
    here, there = pair
    asked = ask(here.client("alice"), "How do context managers work? #demo:long=6000 #demo:slow=60")
    article = watch(here.client("alice"), asked, until=lambda a: len(a.words) > 80)

    assert there.client("bob").post(f"{asked.path}stop/").status_code == 302
    watch(here.client("alice"), asked, article=article)

    assert article.state == stored(here, asked)["state"] == "stopped"
    assert here.rows("SELECT count(*) FROM chat_logentry WHERE kind = 'end'") == [(1,)]


def test_the_other_process_ends_what_a_killed_one_left_behind(pair: tuple[Server, Server]) -> None:
    here, there = pair
    draw(here.client("bob"), "A cat #demo:delay=20000")
    asked = ask(here.client("alice"), "How do context managers work? #demo:long=6000 #demo:slow=60")
    article = watch(there.client("bob"), asked, until=lambda a: len(a.words) > 80)
    begun = "SELECT 1 FROM imaging_generatedimage WHERE state = 'drawing' AND asked_at IS NOT NULL"
    eventually(lambda: here.rows(begun))

    here.kill()
    watch(there.client("bob"), asked, article=article)

    assert article.state == "interrupted"
    assert words(stored(there, asked)["html"]).startswith(article.words)
    [image] = drawn(there, "A cat #demo:delay=20000")
    assert (image["state"], image["error"]["kind"]) == ("failed", "restart")


def test_a_server_with_two_workers_shows_everything_to_everybody(server: Server) -> None:
    twin = server.twin(workers=2)
    asked = [ask(twin.client("alice"), f"{QUESTION} #demo:fast") for _ in range(6)]
    for one in asked:
        assert watch(twin.client("bob"), one).state == "finished"
    eventually(lambda: server.rows("SELECT count(*) FROM chat_answer WHERE state = 'finished'") == [(6,)])


def test_what_is_committed_without_a_bell_is_shown_soon(pair: tuple[Server, Server]) -> None:
    here, there = pair
    asked = ask(here.client("alice"), "How do context managers work? #demo:long=6000 #demo:slow=60")
    article = watch(there.client("bob"), asked, until=lambda a: len(a.words) > 80)
    answer_id = here.store.identifier(asked.answer)

    os.killpg(here.pid, signal.SIGSTOP)  # it writes nothing more; and what the test commits rings no bell on PostgreSQL
    last = here.rows("SELECT max(seq) FROM chat_logentry WHERE answer_id = ?", [answer_id])[0][0]
    entry = [answer_id, last + 1, "text", json.dumps("\n\nUnheard of.\n\n")]
    here.rows("INSERT INTO chat_logentry (answer_id, seq, kind, data) VALUES (?, ?, ?, ?)", entry)
    watch(there.client("bob"), asked, article=article, until=lambda a: "Unheard of." in a.words)

    assert "Unheard of." in article.words
