"""An Agent API that says what a test gives it: whole responses and streams, in the shapes of docs/agent.md."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PATIENCE = 30.0  # seconds for a test to go on

Script = Mapping[str, Any] | Sequence[Mapping[str, Any] | threading.Event] | bytes
"""A response object, the events of a stream, or the bytes of one. A stream waits for what is set within it."""


class AgentReplay:
    """Answers on a port. The text of a question names the script that answers it."""

    def __init__(self) -> None:
        self.scripts: dict[str, Script] = {}
        self.asked: list[dict[str, Any]] = []
        replay = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                replay.asked.append(body)
                script = replay.scripts[_question(body)]
                is_whole = isinstance(script, Mapping)
                self.send_response(200)
                self.send_header("Content-Type", "application/json" if is_whole else "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                for piece in [json.dumps(script).encode()] if is_whole else _pieces(script):
                    self.wfile.write(piece)

            def log_message(self, *_said: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


def _pieces(script: Any) -> Iterator[bytes]:
    if isinstance(script, bytes):
        yield script
        return
    for event in script:
        if isinstance(event, threading.Event):
            event.wait(_PATIENCE)
        else:
            yield b"data: %s\n\n" % json.dumps(event).encode()


def _question(body: Mapping[str, Any]) -> str:
    """The text of the last message."""
    asked = body["input"]
    content = asked if isinstance(asked, str) else asked[-1]["content"]
    return str(content if isinstance(content, str) else content[0]["text"])
