"""Stands between Parley and an upstream, passes every byte on as it comes, and keeps the questions."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx


class Recorder:
    """A pass-through on a port of its own. `requests` holds the JSON bodies in the order in which they came."""

    def __init__(self, upstream: str) -> None:
        self.requests: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(upstream))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self, upstream: str) -> type[BaseHTTPRequestHandler]:
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                requests.append(json.loads(body))
                kind = {"Content-Type": "application/json"}
                with httpx.stream("POST", upstream + self.path, content=body, headers=kind, timeout=60) as answer:
                    self.send_response(answer.status_code)
                    self.send_header("Content-Type", answer.headers["Content-Type"])
                    self.end_headers()
                    for chunk in answer.iter_raw():
                        self.wfile.write(chunk)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
