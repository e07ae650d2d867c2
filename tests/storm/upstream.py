"""The upstream of the storm: it numbers its words, counts who was answered, and has moods.

It speaks Sonar's stream as docs/sonar.md tells it.
"""

import asyncio
import contextlib
import json
import random
import re
from collections import Counter

_NUMBER = re.compile(r"question (\d+)\b")
WORDS = 40
PAUSE = 0.06  # seconds between two words
STALL = 6.0  # seconds
COST = 0.005


def word(number: int, place: int) -> str:
    """The word at this place of the answer to the question of that number."""
    return f"w{number}x{place:04d}"


class StormUpstream:
    """Answers on `url`. `mood`: `well`, `stalls`, `errs` (500, 429) or `cuts` (in mid-answer)."""

    def __init__(self, chance: random.Random) -> None:
        self.url = ""
        self.mood = "well"
        self.asked: Counter[int] = Counter()
        self.began: Counter[int] = Counter()  # answers that said a word, and are paid for
        self._chance = chance
        self._server: asyncio.Server | None = None

    async def start(self) -> "StormUpstream":
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def close(self) -> None:
        """Stop listening."""
        assert self._server
        self._server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = re.search(r"(?i)content-length: *(\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                if head.startswith("POST"):
                    if not await self._answer(json.loads(body)["messages"][-1]["content"], writer):
                        break
                else:
                    self._reply(writer, 404, {})
        writer.close()

    async def _answer(self, question: object, writer: asyncio.StreamWriter) -> bool:
        """Answer one question; False where the connection is to end with it."""
        found = _NUMBER.search(question if isinstance(question, str) else json.dumps(question))
        number = int(found[1]) if found else 0
        self.asked[number] += 1
        if self.mood == "errs" and self._chance.random() < 0.6:
            status = self._chance.choice((500, 503, 429))
            self._reply(writer, status, {"error": {"message": "The storm.", "code": status}}, retry_after=1)
            return True
        if self.mood == "stalls":
            await asyncio.sleep(STALL * self._chance.random())
        if writer.is_closing():
            return False
        self.began[number] += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        cut_at = self._chance.randrange(1, WORDS) if self.mood == "cuts" and self._chance.random() < 0.6 else -1
        stall_at = self._chance.randrange(WORDS) if self.mood == "stalls" else -1
        said = ""
        for place in range(WORDS):
            if place == cut_at:
                writer.transport.abort()
                return False
            delta = word(number, place) + (".\n\n" if place % 12 == 11 else " ")
            said += delta
            self._send(writer, said, delta)
            await writer.drain()
            await asyncio.sleep(STALL * self._chance.random() if place == stall_at else PAUSE)
        self._send(writer, said, "", finish="stop")
        writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
        await writer.drain()
        return True

    def _send(self, writer: asyncio.StreamWriter, said: str, delta: str, finish: str | None = None) -> None:
        chunk = {
            "id": "storm",
            "model": "sonar",
            "object": "chat.completion.done" if finish else "chat.completion.chunk",
            "citations": ["https://lights.example/"],
            "search_results": [{"title": "Lights", "url": "https://lights.example/"}],
            "usage": {
                "prompt_tokens": 9,
                "completion_tokens": len(said) // 4,
                "total_tokens": 9 + len(said) // 4,
                "cost": {"total_cost": COST if finish else 0.0},
            },
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {"role": "assistant", "content": said},
                    "delta": {"role": "assistant", "content": delta},
                }
            ],
        }
        frame = b"data: " + json.dumps(chunk).encode() + b"\n\n"
        writer.write(b"%x\r\n%b\r\n" % (len(frame), frame))

    def _reply(self, writer: asyncio.StreamWriter, status: int, body: object, *, retry_after: int = 0) -> None:
        data = json.dumps(body).encode()
        wait = f"Retry-After: {retry_after}\r\n" if retry_after else ""
        head = f"HTTP/1.1 {status} Storm\r\nContent-Type: application/json\r\n{wait}Content-Length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)
