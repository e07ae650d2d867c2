"""The cast, and real servers to try things on."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from accounts.models import Membership, Team, User
from chat.catalog import providers
from tests import walks
from tests.cast import CAST, PASSWORD
from tests.objects import Bucket, ObjectServer
from tests.server_pool import ServerPool
from tests.serving import Server, free_port, wait_for_port
from tests.stores import ROOT, Store, operator_less


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: while a test waits for a server or a browser, another one goes on."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long walks to `make test-all` (tests/walks.py)."""
    long = [] if walks.ALL else [item for item in items if item.get_closest_marker("long_walk")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in set(long)]


def pytest_collection_finish() -> None:
    """What there is by now stays for good, as in the server: looking through all of it once more takes longer than some
    work may."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, which PostgreSQL drops only when the threads that tests left behind are off it."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


class MakeServer(Protocol):
    """A server for the test alone, with other settings."""

    def __call__(self, *, env: Mapping[str, str] | None = None, workers: int = 1) -> Server: ...


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A migrated store with the cast, from which servers get their copies."""
    store = Store.template(tmp_path_factory.mktemp("template") / "data")
    yield store
    store.drop()


@pytest.fixture(scope="module")
def server_pool(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerPool]:
    """The servers that the tests of a file use one after another."""
    pool = ServerPool(template, tmp_path_factory.mktemp("servers"))
    yield pool
    pool.close()


@pytest.fixture
def make_server(server_pool: ServerPool) -> Iterator[MakeServer]:
    """Servers with settings of the test's own: `make_server(env={"PERPLEXITY_BASE_URL": url}, workers=2)`."""
    servers: list[Server] = []

    def make(*, env: Mapping[str, str] | None = None, workers: int = 1) -> Server:
        servers.append(server_pool.take(env=dict(env or {}), workers=workers))
        return servers[-1]

    yield make
    for server in servers:
        print(server.log())
        server_pool.give_back(server)


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    """A running server with the cast and nothing else, answering from the demo upstream."""
    return make_server()


_SHARED: list[tuple[Server, list[tuple[Any, ...]]]] = []


@pytest.fixture(scope="session")
def shared_server(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server for tests that mostly read. What one test writes, the next one sees."""
    server = Server(template.copy(tmp_path_factory.mktemp("shared") / "data")).start()
    _SHARED.append((server, _cast_of(server)))
    yield server
    _SHARED.clear()
    server.close()


@pytest.fixture(autouse=True, scope="module")
def nobody_renames_the_shared_cast() -> Iterator[None]:
    """People and teams of the shared server stay what they were called: other files read their names."""
    yield
    for server, cast in _SHARED:
        assert _cast_of(server) == cast


def _cast_of(server: Server) -> list[tuple[Any, ...]]:
    people = server.rows("SELECT username, full_name, email, is_active FROM accounts_user ORDER BY username")
    return [*people, *server.rows("SELECT name FROM accounts_team ORDER BY name")]


@pytest.fixture(scope="session")
def demo_upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo upstream, served on a port to outside clients. Sonar answers there, too."""
    yield from _demo(tmp_path_factory.mktemp("demo"), "--sonar", "answers")


@pytest.fixture(scope="session")
def demo_without_sonar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo upstream as the service is: the Agent API answers, and Sonar says that it has ended."""
    yield from _demo(tmp_path_factory.mktemp("agent-demo"))


def _demo(folder: Path, *options: str) -> Iterator[str]:
    port, log = free_port(), folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo_upstream", "--port", str(port), *options],
            cwd=ROOT,
            env={**operator_less(), "DATA_DIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    wait_for_port(port, process, log)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="session")
def object_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectServer]:
    """A storage that speaks S3, on a port."""
    server = ObjectServer(tmp_path_factory.mktemp("objects"))
    yield server
    server.stop()


@pytest.fixture
def bucket(object_server: ObjectServer) -> Bucket:
    """An empty bucket on it."""
    return object_server.bucket()


@pytest.fixture(autouse=True)
def nothing_is_remembered_of_services() -> None:
    """What one test wrote of services that ended is undone without a word."""
    providers.forget_withdrawals()


@pytest.fixture
def harbour(db: None) -> Team:
    """The team of Alice, Bob and Vera."""
    return Team.objects.get_or_create(name="Harbour")[0]


@pytest.fixture
def elsewhere(db: None) -> Team:
    """Charlie's team."""
    return Team.objects.get_or_create(name="Elsewhere")[0]


def _person(username: str) -> Callable[[None], User]:
    part = next(part for part in CAST if part.username == username)

    @pytest.fixture(name=username)
    def person(db: None) -> User:
        team, _ = Team.objects.get_or_create(name=part.team)
        user = User.objects.create_user(username, password=PASSWORD)
        Membership.objects.create(team=team, user=user, role=part.role)
        return user

    return person


alice, bob, vera, charlie = (_person(part.username) for part in CAST)
