"""A PostgreSQL with few connections: what a server takes of them, and what it does when there are none left."""

import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from uuid import UUID

import httpx
import psycopg
import pytest

from chat.answers.notify import CHANNEL
from config.serving.connection_budget import ESSENTIAL, PER_PROCESS
from tests.cast import PASSWORD
from tests.postgres_cluster import Cluster
from tests.questions import ask, eventually, watch
from tests.serving import CLIENT, PLAIN, Server, free_port
from tests.stores import ROOT, Store, operator_less
from tests.walks import long_walk

MOST = 30


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL that takes few connections."""
    cluster = Cluster(f"max_connections={MOST}")
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def store(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The cast, on it."""
    return cluster.store(tmp_path_factory.mktemp("few") / "data")


@pytest.fixture
def few(store: Store) -> Iterator[Server]:
    """A server on it that is not started yet."""
    server = Server(store)
    yield server
    print(server.log())
    server.release()
    server.kill()


@contextmanager
def all_taken(cluster: Cluster) -> Iterator[int]:
    """Take every connection that is left; gives their number."""
    with ExitStack() as held:
        count = 0
        with suppress(psycopg.OperationalError):
            while True:
                held.enter_context(psycopg.connect(cluster.url, application_name="somebody else"))
                count += 1
        yield count


def connections_of_parley(cluster: Cluster) -> int:
    with cluster.connect() as admin:
        found = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'parley %'")
        return int(found.fetchone()[0])  # type: ignore[index]


def question(number: int) -> dict[str, str]:
    return {"text": f"{number}? #demo:fast", "model": "sonar", "key": str(uuid.uuid4())}


@long_walk
def test_a_busy_process_keeps_to_what_is_budgeted(cluster: Cluster, few: Server) -> None:
    few.start()
    at_start = connections_of_parley(cluster)
    alice = few.client("alice")

    def work(number: int) -> None:
        with httpx.Client(base_url=few.url, cookies=alice.cookies, timeout=30, **CLIENT) as one:
            one.get("/")
            one.post("/attachments/", headers=alice.headers, files={"file": ("a.txt", b"words " * 1000)})
            if number % 8 == 0:
                del one.cookies["sessionid"]  # a signing-in ends what was signed in before
                one.post("/accounts/login/", headers=alice.headers, data={"username": "bob", "password": PASSWORD})

    with ThreadPoolExecutor(24) as people:
        list(people.map(work, range(48)))
    watch(alice, ask(alice, "Who is busy? #demo:fast"))

    assert at_start >= ESSENTIAL
    assert at_start < connections_of_parley(cluster) <= PER_PROCESS


def test_what_was_opened_first_answers_when_all_connections_are_taken(cluster: Cluster, few: Server) -> None:
    few.start()
    alice = few.client("alice")
    for _ in range(16):  # each thread for pages has been at work
        alice.get("/")
    with all_taken(cluster):
        responses = [alice.post("/ask/", data=question(n)) for n in range(4)]
        taken = [response for response in responses if response.status_code == 302]
        assert {response.status_code for response in responses} <= {302, 503}
        count = "SELECT count(*) FROM chat_answer WHERE state = 'finished' AND created_at > now() - interval '1 minute'"
        with cluster.connect("parley") as looker:
            eventually(lambda: looker.execute(count).fetchone()[0] >= len(taken))  # type: ignore[index]
    assert "Traceback" not in few.log()


@long_walk
def test_a_notification_says_which_answer_has_news(cluster: Cluster, few: Server) -> None:
    alice = few.start().client("alice")
    with cluster.connect("parley") as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        asked = ask(alice, "Who is rung for? #demo:fast")
        watch(alice, asked)
        heard = [bell.payload for bell in listener.notifies(timeout=1)]

    assert {UUID(payload) for payload in heard} == {UUID(asked.answer)}


def test_a_process_without_connections_takes_no_questions_until_it_has_them(cluster: Cluster, few: Server) -> None:
    with all_taken(cluster):
        starting = threading.Thread(target=few.start)
        starting.start()
        eventually(lambda: "The connections needed for writing answers cannot be opened" in few.log())
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{few.url}/healthz", timeout=1, **PLAIN)
    starting.join()

    alice = few.client("alice")
    assert watch(alice, ask(alice, "Is there room now? #demo:fast")).state == "finished"
    assert few.log().count("cannot be opened") == 1


def test_a_start_without_hope_ends_in_a_sentence(cluster: Cluster, store: Store) -> None:
    with all_taken(cluster) as count:
        environ = {**operator_less(), **store.environment(), "PORT": str(free_port())}
        with cluster.connect() as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'somebody else' LIMIT 3"
            )
        started = subprocess.run(
            [sys.executable, "-m", "config.serve"], cwd=ROOT, env=environ, capture_output=True, text=True
        )
    assert started.returncode == 1
    assert count > 3
    assert f"PostgreSQL allows {MOST} connections; 3 of them are reserved and {count - 3} are in use by others" in (
        started.stderr
    )
    assert "Traceback" not in started.stderr


@long_walk
def test_doctor_tells_what_a_server_with_many_processes_needs(store: Store) -> None:
    environ = {**operator_less(), **store.environment(), "WEB_CONCURRENCY": "2"}
    told = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--no-address"], cwd=ROOT, env=environ, capture_output=True, text=True
    )

    assert f"The 2 processes of this server may open {2 * PER_PROCESS} ({PER_PROCESS} for each process)." in told.stdout
