"""A bare HTTP server that keeps what it is asked and answers every question in the same words."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class KeepingUpstream(ThreadingHTTPServer):
    """Says `answer` to whatever is posted, and keeps the bodies in which `marks` stands: those of questions."""

    def __init__(self, *, answer: bytes, marks: bytes) -> None:
        self.answer = answer
        self.marks = marks
        self.bodies: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: KeepingUpstream

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.marks in body:
            self.server.bodies.append(body)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is to be told."""


@contextmanager
def keeping_upstream(*, answer: bytes, marks: bytes) -> Iterator[KeepingUpstream]:
    """Such a server, which runs until the end of the block."""
    server = KeepingUpstream(answer=answer, marks=marks)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
