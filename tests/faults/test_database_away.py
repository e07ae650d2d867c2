"""The database stopped, locked or without room: people are told, streams stay open, and nothing is lost."""

import resource
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.postgres_cluster import Cluster
from tests.questions import PATIENCE, Article, Asked, ask, eventually, stored, watch, words
from tests.serving import CLIENT, Server
from tests.stores import FILE

AWAY_FOR = 5.0  # seconds
ANSWERS = 4
LONG = "How do context managers work? #demo:long=2500 #demo:slow=40"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL that the test may stop."""
    cluster = Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture
def on_postgres(cluster: Cluster, tmp_path: Path) -> Iterator[Server]:
    """A server on it, with the cast."""
    server = Server(cluster.store(tmp_path / "data")).start()
    yield server
    print(server.log())
    server.release()
    server.kill()


def watch_in_thread(server: Server, asked: Asked) -> tuple[threading.Thread, Article]:
    """Watch by one connection to the end of the stream, however that ends."""
    article = Article()

    def follow() -> None:
        with httpx.Client(base_url=server.url, cookies=server.cookies("bob"), timeout=PATIENCE, **CLIENT) as one:
            watch(one, asked, article=article)

    thread = threading.Thread(target=follow)
    thread.start()
    return thread, article


def test_streams_outlast_a_database_that_stops_and_people_are_told(cluster: Cluster, on_postgres: Server) -> None:
    alice = on_postgres.client("alice")
    asked = [ask(alice, f"{number} {LONG}") for number in range(ANSWERS)]
    watching = [watch_in_thread(on_postgres, one) for one in asked for _viewer in range(2)]
    eventually(lambda: all(len(article.words) > 80 for _, article in watching))

    cluster.stop()
    stopped = time.monotonic()
    told = []
    while time.monotonic() - stopped < AWAY_FOR:
        told.append(alice.get("/"))
        told.append(alice.get(asked[0].stream))
        told.append(alice.post("/ask/", data={"text": "And now?", "model": "sonar", "key": str(uuid.uuid4())}))
        told.append(alice.post("/ask/", data={"text": "And?"}, headers={"HX-Request": "true"}))
        time.sleep(0.1)
    cluster.start()
    for thread, _ in watching:
        thread.join()

    assert {response.status_code for response in told} == {503}
    assert all(int(response.headers["Retry-After"]) > 0 for response in told)
    assert all("Parley can’t reach its database right now" in response.text for response in told)
    for one, (_, article) in zip([one for one in asked for _viewer in range(2)], watching, strict=True):
        answer = stored(on_postgres, one)
        assert article.state == answer["state"] == "finished"
        assert words(answer["html"]).startswith(article.words)
        assert words(answer["html"]) in words(article.final)
    assert watch(alice, ask(alice, "Is it back? #demo:fast")).state == "finished"
    log = on_postgres.log()
    assert "Traceback" not in log
    assert log.count("\n") <= 2, "more than a line a minute"


def test_a_locked_file_is_told_and_the_same_question_is_taken_once_it_is_free(server: Server) -> None:
    alice, question = (
        server.client("alice"),
        {"text": "How long? #demo:fast", "model": "sonar", "key": str(uuid.uuid4())},
    )
    with closing(sqlite3.connect(server.store.folder / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = alice.post("/ask/", data=question)
        page = alice.get("/")
        other.execute("ROLLBACK")

    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "Parley can’t reach its database right now" in refused.text
    assert page.status_code == 200
    assert alice.post("/ask/", data=question).status_code == 302
    assert server.rows("SELECT count(*) FROM chat_question") == [(1,)]
    assert "Traceback" not in server.log()


@contextmanager
def disk_full(server: Server) -> Iterator[None]:
    """No process of the server can make a file longer than the database's journal is now."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    size = (server.store.folder / f"{FILE}-wal").stat().st_size
    for pid in map(int, children):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    yield
    for pid in map(int, children):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_a_full_disk_is_told_when_asking_and_drawing(server: Server) -> None:
    alice = server.client("alice")
    watch(alice, ask(alice, "Is there room? #demo:fast"))
    question = {"text": "And now? #demo:fast", "model": "sonar", "key": str(uuid.uuid4())}
    drawing = {"prompt": "A lighthouse", "key": str(uuid.uuid4())}

    with disk_full(server):
        answers = [alice.post("/ask/", data=question), alice.post("/images/draw/", data=drawing)]
        page = alice.get("/")

    assert [answer.status_code for answer in answers] == [503, 503]
    assert all(answer.headers["Retry-After"] for answer in answers)
    assert all("No space left to save anything new" in answer.text for answer in answers)
    assert page.status_code == 200
    assert alice.post("/ask/", data=question).status_code == 302
    assert server.rows("SELECT count(*) FROM chat_question") == [(2,)]
    assert "Traceback" not in server.log()
