"""Servers that tests use one after another: the next one finds nothing of what was before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.files.samples import drawn, encoded
from tests.questions import ask, watch
from tests.server_pool import ServerPool
from tests.serving import Server
from tests.stores import Store
from tests.walks import long_walk


@pytest.fixture
def pool(template: Store, tmp_path: Path) -> Iterator[ServerPool]:
    made = ServerPool(template, tmp_path)
    yield made
    made.close()


def files(server: Server) -> list[Path]:
    return [path for path in (server.store.folder / "media").rglob("*") if path.is_file()]


@long_walk
def test_the_same_process_begins_anew_and_one_that_is_at_work_is_not_used_again(pool: ServerPool) -> None:
    server = pool.take(env={}, workers=1)
    process, alice = server.pid, server.client("alice")
    alice.post("/attachments/", files={"file": ("light.png", encoded(drawn(size=(30, 20)), "PNG"))})
    watch(alice, ask(alice, "What is a lighthouse? #demo:fast"))
    assert files(server)
    server.rows("DELETE FROM accounts_membership")
    pool.give_back(server)

    again = pool.take(env={}, workers=1)

    assert again.pid == process
    assert again.rows("SELECT count(*) FROM chat_answer") == [(0,)]
    assert again.rows("SELECT count(*) FROM accounts_membership") == [(4,)]
    assert files(again) == []
    assert again.log() == ""
    ask(again.client("alice"), "Who keeps it? #demo:slow=500")
    pool.give_back(again)
    assert not again.is_running


@long_walk
def test_other_settings_are_another_server(pool: ServerPool) -> None:
    server = pool.take(env={}, workers=1)
    pool.give_back(server)

    with_settings = pool.take(env={"LOG_LEVEL": "INFO"}, workers=1)

    assert with_settings.pid != server.pid
    pool.give_back(with_settings)
