"""Services to draw with: the demos on a port, which outlive who asks them, and a gateway whose bytes a test chooses."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from tests.serving import PLAIN, free_port, wait_for_port
from tests.stores import ROOT, operator_less

IMAGES_KEY = "sk-varn-4711-4711"


class DemoOnAPort:
    """A demo as outside clients reach it, served by the command of that name."""

    def __init__(self, folder: Path, *command: str) -> None:
        port, log = free_port(), folder / "log"
        self.url = f"http://127.0.0.1:{port}"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", *command, "--port", str(port)],
                cwd=ROOT,
                env={**operator_less(), "DATA_DIR": str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        wait_for_port(port, self._process, log)

    def calls(self, prompt: str) -> int:
        """How often this prompt came, told without its switches."""
        found = httpx.get(f"{self.url}/demo/calls", params={"question": prompt}, **PLAIN)
        return int(found.json()["calls"])

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)


class Scripted(ThreadingHTTPServer):
    """Answers each prompt with what `says` has for it, and hands out the bytes in `files` by their path.

    A path in `slow` waits before its bytes come, for so many seconds.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.says: dict[str, Any] = {}
        self.files: dict[str, bytes] = {}
        self.slow: dict[str, float] = {}
        self.asked: list[str] = []
        self.fetched: list[str] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def draws(self, prompt: str, *files: bytes, about: Mapping[str, Any] = MappingProxyType({})) -> None:
        """Answer the prompt with pictures that have these bytes, and `about` in each picture."""
        images = []
        for number, data in enumerate(files):
            path = f"/files/{len(self.files)}-{number}"
            self.files[path] = data
            images.append({"url": f"{self.url}{path}", **about})
        self.says[prompt] = {"id": "req_1", "model": "sonar", "prompt": prompt, "images": images, "answer": None}


class _Handler(BaseHTTPRequestHandler):
    server: Scripted

    def do_GET(self) -> None:
        self.server.fetched.append(self.path)
        time.sleep(self.server.slow.get(self.path, 0))
        data = self.server.files.get(self.path)
        self._send(404 if data is None else 200, "image/png", data or b"")

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked["prompt"])
        said = self.server.says[asked["prompt"]]
        self._send(200, "application/json", said if isinstance(said, bytes) else json.dumps(said).encode())

    def _send(self, status: int, kind: str, data: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except ConnectionError:
            return

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def demo_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoOnAPort]:
    """The demo gateway on a port."""
    gateway = DemoOnAPort(tmp_path_factory.mktemp("demo-gateway"), "demo_gateway")
    yield gateway
    gateway.close()


@pytest.fixture(scope="module")
def demo_images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoOnAPort]:
    """The demo image service on a port, which wants IMAGES_KEY."""
    service = DemoOnAPort(tmp_path_factory.mktemp("demo-images"), "demo_images", "--key", IMAGES_KEY)
    yield service
    service.close()


@pytest.fixture(scope="module")
def scripted_gateway() -> Iterator[Scripted]:
    """A gateway whose answers the test writes."""
    gateway = Scripted()
    thread = threading.Thread(target=gateway.serve_forever, args=[0.05])
    thread.start()
    yield gateway
    gateway.shutdown()
    thread.join()
    gateway.server_close()
