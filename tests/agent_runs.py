"""An Agent API whose runs in the background go on when the test says so (docs/agent.md, "Background runs")."""

import json
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = {"id": 1, "url": "https://harbour.example/varn", "title": "Varn harbour light", "snippet": "Automated."}
_USAGE = {
    "input_tokens": 900,
    "output_tokens": 40,
    "total_tokens": 940,
    "cost": {"currency": "USD", "total_cost": 0.03},
}
_NOT_FOUND = {"error": {"message": "resource not found", "type": "not_found", "code": 404}}
_TERMINAL = {"error": {"message": "the run is already terminal and cannot be cancelled", "code": 400}}


@dataclass
class Run:
    """One run: what was asked for, and how far it is."""

    body: Mapping[str, Any]
    id: str = field(default_factory=lambda: f"resp_{uuid.uuid4()}")
    status: str = "queued"
    output: list[dict[str, Any]] = field(default_factory=list)
    cancels: int = 0
    looks: int = 0
    is_known: bool = True

    def searches(self, *queries: str) -> None:
        """Have it search."""
        self.status = "in_progress"
        self.output.append({"type": "search_results", "queries": list(queries), "results": [PAGE]})

    def reads(self, *urls: str) -> None:
        """Have it read pages."""
        self.status = "in_progress"
        contents = [{"url": url, "title": f"A page at {url}", "snippet": "A digest."} for url in urls]
        self.output.append({"type": "fetch_url_results", "contents": contents})

    def finishes(self, text: str) -> None:
        """Have it come to its end."""
        content = [{"type": "output_text", "text": text, "annotations": []}]
        self.output.append({"type": "message", "id": "msg_1", "role": "assistant", "content": content})
        self.status = "completed"

    def shown(self) -> dict[str, Any]:
        """What a look at it says. The time of its creation is that of the look, as in life."""
        is_over = self.status == "completed"
        error = {"code": "cancelled", "message": "cancelled", "type": "cancelled"}
        return {
            "id": self.id,
            "object": "response",
            "created_at": int(time.time()),
            "status": self.status,
            "model": "maker/model" if is_over else self.body.get("preset") or self.body.get("effort"),
            "output": self.output,
            "usage": _USAGE if is_over else None,
            "error": error if self.status == "cancelled" else None,
        }


class AgentRuns(ThreadingHTTPServer):
    """The service. Submissions wait for `takes` before they are taken, and for `replies` before they are replied to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.runs: dict[str, Run] = {}
        self.submissions: list[str] = []
        self.takes, self.replies = threading.Event(), threading.Event()
        self.takes.set()
        self.replies.set()

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a Parley that asks it."""
        address = f"http://127.0.0.1:{self.server_port}"
        return {"PERPLEXITY_BASE_URL": address, "PERPLEXITY_API_KEY": "some-key", "PERPLEXITY_PROVIDER": "agent"}

    def times_asked(self, question: str) -> int:
        """How often the question was submitted."""
        return self.submissions.count(question)

    def runs_of(self, question: str) -> list[Run]:
        """The runs that were made of the question."""
        return [run for run in list(self.runs.values()) if _question(run.body) == question]


class _Handler(BaseHTTPRequestHandler):
    server: AgentRuns
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        run = self.server.runs.get(self.path.rpartition("/")[2])
        if run is None or not run.is_known:
            return self._reply(404, _NOT_FOUND)
        run.looks += 1
        return self._reply(200, run.shown())

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.endswith("/cancel"):
            return self._cancel(self.server.runs.get(self.path.split("/")[-2]))
        body = json.loads(raw)
        self.server.submissions.append(_question(body))
        self.server.takes.wait()
        run = Run(body)
        self.server.runs[run.id] = run
        self.server.replies.wait()
        return self._reply(200, run.shown())

    def _cancel(self, run: Run | None) -> None:
        if run is None or run.status not in ("queued", "in_progress"):
            return self._reply(400, _TERMINAL)
        run.cancels += 1
        run.status = "cancelled"
        return self._reply(200, {"response_id": run.id, "status": "cancelling"})

    def _reply(self, status: int, body: Mapping[str, Any]) -> None:
        data = json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _question(body: Mapping[str, Any]) -> str:
    return str(body["input"][-1]["content"]) if body.get("input") else ""


@contextmanager
def serve_runs() -> Iterator[AgentRuns]:
    """The service, as long as somebody is inside."""
    service = AgentRuns()
    thread = threading.Thread(target=service.serve_forever, args=[0.05])
    thread.start()
    yield service
    service.shutdown()
    thread.join()
    service.server_close()
