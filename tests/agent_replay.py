"""An Agent API that says what a test gives it: whole responses and streams, in the shapes of docs/agent.md."""

import json
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Mapping[str, Any] | Sequence[Mapping[str, Any]] | bytes
"""A response object, the events of a stream, or the bytes of one."""


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
                self.wfile.write(json.dumps(script).encode() if is_whole else _stream(script))

            def log_message(self, *_said: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


def _stream(script: Any) -> bytes:
    return (
        script if isinstance(script, bytes) else b"".join(b"data: %s\n\n" % json.dumps(one).encode() for one in script)
    )


def _question(body: Mapping[str, Any]) -> str:
    """The text of the last message."""
    asked = body["input"]
    content = asked if isinstance(asked, str) else asked[-1]["content"]
    return str(content if isinstance(content, str) else content[0]["text"])
