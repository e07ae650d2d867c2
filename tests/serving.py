"""The real server for tests: gunicorn as `make run` starts it, on a port, data folder and database of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.stores import Store, operator_less

COMMAND = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "config.asgi:application"]
PATIENCE = 90.0  # seconds for a server to come up or to leave
PLAIN: Mapping[str, Any] = {"trust_env": False, "verify": httpx.create_ssl_context(verify=False)}
"""For clients that talk to this machine in plain text: to load the world's certificates takes 20 ms of a core each."""
CLIENT: Mapping[str, Any] = {**PLAIN, "limits": httpx.Limits(keepalive_expiry=1.0)}
"""The same for clients that ask several times: gunicorn closes what is idle for two seconds, and a request that is sent
just then gets no answer."""
CSRF = "c" * 32  # Django takes any token that comes back the same in cookie and header


class Server:
    """One gunicorn with its workers.

    `env` overrides settings, as in `Server(store, env={"PERPLEXITY_BASE_URL": url})`. The port stays the same over
    restarts, so that a browser finds its way back. What it prints lies in its data folder, or in the folder `logs`.
    """

    def __init__(
        self, store: Store, *, env: Mapping[str, str] | None = None, workers: int = 1, logs: Path | None = None
    ) -> None:
        self.store = store
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = dict(env or {})
        self.workers = workers
        self._logs = logs or store.folder
        self._log = self._logs / f"server-{self.port}.log"
        self._log_begins = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: list[httpx.Client] = []
        self._twins: list[Server] = []

    @property
    def pid(self) -> int:
        """The process id of gunicorn's master."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the master is there."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> "Server":
        """Start, and wait until the first request is answered."""
        assert not self.is_running, "this server runs already"
        environ = {
            **operator_less(),
            **self.store.environment(),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(self.workers),
            **self.env,
        }
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.store.python, *COMMAND[1:]],
                cwd=self.store.tree,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_for_answer(self.url, self._process, self._log)
        except AssertionError:
            self.kill()
            raise
        return self

    def stop(self) -> int:
        """Ask it to leave, as a supervisor does, and wait for it. Returns the exit status."""
        self._close_clients()
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not leave\n{self.log()}") from None

    def kill(self) -> None:
        """End master and workers at once, as a power cut does."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)

    def restart(self) -> "Server":
        """Stop and start again on the same data."""
        self.stop()
        return self.start()

    def twin(self, *, env: Mapping[str, str] | None = None, workers: int = 1) -> "Server":
        """A second server on the same data, started."""
        other = Server(self.store, env={**self.env, **(env or {})}, workers=workers, logs=self._logs)
        self._twins.append(other)
        return other.start()

    def release(self) -> None:
        """Let go of clients and twins: the test that had the server is over."""
        self._close_clients()
        while self._twins:
            twin = self._twins.pop()
            twin.kill()
            twin._close_clients()

    def close(self) -> None:
        """End everything that belongs to this server; its database is dropped."""
        self.release()
        self.kill()
        self.store.drop()

    def log(self) -> str:
        """What the server has printed so far, in this test."""
        printed = self._log.read_bytes() if self._log.exists() else b""
        return printed[self._log_begins :].decode(errors="replace")

    def forget_log(self) -> None:
        """Tell no more of what was printed up to now."""
        self._log_begins = self._log.stat().st_size

    def cookies(self, name: str | None) -> dict[str, str]:
        """The cookies of somebody who is signed in, or of somebody who is not, for other clients than `client`."""
        session = {self._cookie("sessionid"): self.store.sessions()[name]} if name else {}
        return {**session, self._cookie("csrftoken"): CSRF}

    def client(self, name: str | None = None) -> httpx.Client:
        """A client that is signed in as the person and may post; without a name nobody is signed in."""
        client = httpx.Client(
            base_url=self.url,
            cookies=self.cookies(name),
            headers={"X-CSRFToken": CSRF},
            timeout=PATIENCE,
            **CLIENT,
        )
        self._clients.append(client)
        return client

    def _cookie(self, name: str) -> str:
        """The cookie's name: over https it says from whom browsers take it."""
        site = urlsplit(self.env.get("SITE_URL", ""))
        return f"{'__Secure-' if site.path.strip('/') else '__Host-'}{name}" if site.scheme == "https" else name

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What the statement returns from this server's database (`Store.rows`)."""
        return self.store.rows(sql, params)

    def _close_clients(self) -> None:
        while self._clients:
            self._clients.pop().close()


def free_port() -> int:
    """A port of the loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_answer(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a Parley answers there. Raises AssertionError with its log when it ends, fails or takes too long."""

    def answers() -> bool:
        try:
            status = httpx.get(f"{url}/healthz", **PLAIN).status_code
        except httpx.TransportError:
            return False
        assert status == 200, f"it answers with {status}\n{log.read_text(errors='replace')}"
        return True

    _wait(answers, process, log)


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until somebody listens there. Raises AssertionError with the log when the process ends or takes too long."""

    def listens() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    _wait(listens, process, log)


def _wait(condition: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise AssertionError(f"it did not come up\n{log.read_text(errors='replace')}")
        time.sleep(0.05)
