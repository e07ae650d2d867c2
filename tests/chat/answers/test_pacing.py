"""A service that says that it takes no more for a while is not asked until then, before it refuses anything."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.conftest import MakeServer
from tests.questions import ask, watch

MESSAGE = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Since spring 1998."}]}
ANSWER = {"id": "resp_1", "object": "response", "status": "completed", "model": "fast", "output": [MESSAGE]}
PAUSE = 2  # seconds


class Service(ThreadingHTTPServer):
    """Answers every question at once, and says each time that it takes the next one in two seconds."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.asked_at: list[float] = []


class _Answering(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked_at.append(time.time())
        body = json.dumps(ANSWER).encode()
        self.send_response(200)
        said = {"Limit": 1, "Remaining": 0, "Used": 1, "Reset": int(time.time()) + PAUSE}
        for name, figure in said.items():
            self.send_header(f"X-RateLimit-{name}", str(figure))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


def test_the_next_question_waits_until_the_service_takes_it(make_server: MakeServer, service: Service) -> None:
    url = f"http://127.0.0.1:{service.server_port}"
    server = make_server(
        env={"PERPLEXITY_BASE_URL": url, "PERPLEXITY_API_KEY": "pplx-test", "PERPLEXITY_PROVIDER": "agent"}
    )
    client = server.client("alice")
    answers = [ask(client, f"When was the Varn light automated? ({number})", model="agent:fast") for number in (1, 2)]

    assert [watch(client, answer).state for answer in answers] == ["finished"] * 2

    third = ask(client, "And the one at Quay Head?", model="agent:fast")
    assert watch(client, third).state == "finished"
    asked = service.asked_at
    assert len(asked) == 3
    assert asked[2] - asked[1] >= PAUSE - 1  # whole seconds, by the service's own clock
    ((name, limit),) = server.rows("SELECT name, said_limit FROM chat_lane")
    assert (name, limit in (30, 60)) == ("agent:fast", True)  # once in one or two seconds
