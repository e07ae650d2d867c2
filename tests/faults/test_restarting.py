"""A single server that is reloaded or restarted while people ask: nobody meets a closed door."""

import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.questions import Article, ask, eventually, stored, watch
from tests.serving import CSRF, PATIENCE, PLAIN, Server
from tests.stores import ROOT, operator_less
from tests.walks import long_walk

# As systemd does: the socket is the third file, and the variables name the process.
HAND_OVER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); "
    "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); os.execv(sys.argv[2], sys.argv[2:])"
)
SERVE = [sys.executable, "-m", "config.serve"]


class Asker(threading.Thread):
    """Asks one question after another, each by a connection of its own, and keeps what came of it."""

    def __init__(self, server: Server, said: list[str]) -> None:
        super().__init__()
        self._server, self._said = server, said
        self.over = threading.Event()
        self.slowest = 0.0  # seconds

    def run(self) -> None:
        """Ask until it is over."""
        while not self.over.wait(0.1):
            began = time.monotonic()
            try:
                response = httpx.post(
                    f"{self._server.url}/ask/",
                    data={"text": "Is the door open? #demo:fast", "model": "sonar", "key": str(uuid.uuid4())},
                    cookies=self._server.cookies("alice"),
                    headers={"X-CSRFToken": CSRF},
                    timeout=PATIENCE,
                    **PLAIN,
                )
                self._said.append(str(response.status_code))
            except httpx.TransportError as fault:
                self._said.append(repr(fault))
            self.slowest = max(self.slowest, time.monotonic() - began)


@contextmanager
def asking_all_the_time(server: Server) -> Iterator[list[str]]:
    """What became of questions that people ask meanwhile."""
    said: list[str] = []
    askers = [Asker(server, said) for _ in range(2)]
    for asker in askers:
        asker.start()
    yield said
    for asker in askers:
        asker.over.set()
    for asker in askers:
        asker.join()
    print(f"{len(said)} questions; the slowest took {max(asker.slowest for asker in askers):.1f} s")


def workers_of(server: Server) -> set[str]:
    return set(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split())


def test_a_reload_refuses_nobody_and_lets_answers_finish(server: Server) -> None:
    before = workers_of(server)
    alice = server.client("alice")
    asked = ask(alice, "How do context managers work?")
    watch(alice, asked, until=lambda article: len(article.words) > 20)
    with asking_all_the_time(server) as said:
        done = subprocess.run(
            [*SERVE, "reload"],
            cwd=ROOT,
            env={**operator_less(), **server.store.environment(), "PORT": str(server.port)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        eventually(lambda: len(workers_of(server)) == 1 and not workers_of(server) & before)
        count = len(said)
        eventually(lambda: len(said) > count + 4)

    assert set(said) == {"302"}
    assert watch(alice, asked, article=Article()).state == stored(server, asked)["state"] == "finished"
    eventually(lambda: server.rows("SELECT count(*) FROM chat_answer WHERE state = 'finished'") == [(len(said) + 1,)])


@long_walk
def test_a_reload_that_cannot_work_changes_nothing(server: Server) -> None:
    before = workers_of(server)
    settings = {**operator_less(), **server.store.environment(), "PORT": str(server.port), "S3_REGION": "nowhere"}
    refused = subprocess.run([*SERVE, "reload"], cwd=ROOT, env=settings, capture_output=True, text=True)
    nobody = subprocess.run(
        [*SERVE, "reload"], cwd=ROOT, env={**settings, "S3_REGION": "", "PORT": "1"}, capture_output=True, text=True
    )

    assert refused.returncode == nobody.returncode == 1
    assert refused.stderr.startswith("Parley cannot reload. S3_REGION is set, but S3_BUCKET is not")
    assert nobody.stderr == (
        "Parley cannot reload. It is not running with these settings, so there is nothing to reload. Start Parley.\n"
    )
    assert workers_of(server) == before
    assert server.client("alice").get("/").status_code == 200


@long_walk
def test_a_restart_behind_a_socket_that_stays_refuses_nobody(server: Server) -> None:
    server.stop()
    environ = {**operator_less(), **server.store.environment(), "PORT": str(server.port), "PYTHONUNBUFFERED": "1"}
    with socket.create_server(("127.0.0.1", server.port), backlog=512) as door:

        def start() -> "subprocess.Popen[bytes]":
            command = [sys.executable, "-c", HAND_OVER, str(door.fileno()), *SERVE]
            return subprocess.Popen(command, cwd=ROOT, env=environ, pass_fds=[door.fileno()], stdout=subprocess.DEVNULL)

        process = start()
        try:
            with asking_all_the_time(server) as said:
                eventually(lambda: len(said) > 2)
                process.send_signal(signal.SIGTERM)
                assert process.wait(PATIENCE) == 0
                process = start()
                count = len(said)
                eventually(lambda: len(said) > count + 4)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)

    assert set(said) == {"302"}
