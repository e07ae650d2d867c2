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
from chat.connection import stored_key
from tests import walks
from tests.cast import CAST, PASSWORD
from tests.objects import Bucket, ObjectServer
from tests.running_order import Scheduling, arranged
from tests.server_pool import ServerPool
from tests.serving import Server, free_port, wait_for_port
from tests.stores import ROOT, Store, operator_less


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two processes more than there are cores: half of the time a test waits for a server, a browser or a lease, and
    others go on."""
    return 2 + (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """How tests are handed to the processes (tests/running_order.py)."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long walks to `make test-all` (tests/walks.py), and put the others in order."""
    long = [] if walks.ALL else [item for item in items if item.get_closest_marker("long_walk")]
    if not walks.ALL:
        long += walks.further_cases([item for item in items if item not in set(long)])
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in set(long)]
    items[:] = arranged(items)


gc.disable()  # while tests are collected, which takes a fifth less without looking for what may go


def pytest_collection_finish() -> None:
    """What there is by now stays for good, as in the server: looking through all of it once more takes longer than some
    work may."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, mould: Store) -> bool:
    """That the test database is there already: it is a copy of what all processes share. To migrate one takes seconds
    of a core."""
    mould.copy_migrated(connection.settings_dict["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, which is dropped whoever is still on it: tests leave threads behind."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            name = connection.settings_dict["NAME"]
            connection.close()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class MakeServer(Protocol):
    """A server for the test alone, with other settings."""

    def __call__(self, *, env: Mapping[str, str] | None = None, workers: int = 1) -> Server: ...


@pytest.fixture(scope="session")
def mould(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A migrated store with the cast, made once for all processes of the test run."""
    ours = tmp_path_factory.getbasetemp()
    with Store.shared_template((ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours) / "template") as store:
        yield store


@pytest.fixture(scope="session")
def template(mould: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A migrated store with the cast, from which servers get their copies."""
    if not mould.is_postgresql:
        yield mould
        return
    store = mould.copy(tmp_path_factory.mktemp("template") / "data")
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
    """What one test wrote of services that ended, or of the key, is undone without a word."""
    providers.forget_withdrawals()
    stored_key.use(stored_key.StoredKey())


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
