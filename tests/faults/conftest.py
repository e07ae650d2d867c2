"""An upstream whose every byte the test chooses, and a server that asks it."""

import json
import os
import threading
import time
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.conftest import MakeServer
from tests.serving import Server

# What only several hosts, or a database on another one, can do to us.
ONLY_POSTGRESQL = ["test_lost_commits.py", "test_several_hosts.py"]
collect_ignore = [] if os.environ.get("DATABASE_URL", "").startswith("postgres") else ONLY_POSTGRESQL

Step = bytes | float
END = (b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n', b"data: [DONE]\n\n")


def chunk(text: str = "", **more: Any) -> bytes:
    """One message of a stream."""
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}], **more}).encode() + b"\n\n"


class Upstream(ThreadingHTTPServer):
    """Plays for each question the script that bears its first word: bytes to send, or seconds to wait."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scripts: dict[str, Iterable[Step]] = {}

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def plays(self, word: str, *steps: Step) -> None:
        """Play these steps, and then the regular end, for questions that begin with this word."""
        self.scripts[word] = (*steps, *END)


class _Handler(BaseHTTPRequestHandler):
    server: Upstream

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            for step in self.server.scripts[asked["messages"][-1]["content"].split()[0]]:
                if isinstance(step, float):
                    time.sleep(step)
                else:
                    self.wfile.write(step)
        except ConnectionError:
            return

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    """A running upstream."""
    server = Upstream()
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def scripted(make_server: MakeServer, upstream: Upstream) -> Server:
    """A server of the test's own that asks the upstream."""
    return make_server(env={"PERPLEXITY_BASE_URL": upstream.url, "PERPLEXITY_API_KEY": "some-key"})
