"""The load client for Chainlit, run by the peer's own Python: reads what to do, and writes what it saw, as JSON."""

import asyncio
import json
import statistics
import sys
import time
import uuid
from typing import Any

import socketio

from benchmarks import processes, prose
from benchmarks.load import Spec, figures, open_gate

AT_ONCE = 8  # people who arrive at the same time
PATIENCE = 60.0  # seconds


class Session:
    """One browser tab with one question."""

    def __init__(self, spec: Spec) -> None:
        self.sent: list[int] = []  # nanoseconds since the start of the run
        self.ages: list[int] = []  # nanoseconds
        self.first_word = asyncio.Event()
        self.done = asyncio.Event()
        self._spec = spec
        self._socket = socketio.AsyncClient(reconnection=False)
        self._socket.on("stream_start", lambda step: self._take(step.get("output", "")))
        self._socket.on("stream_token", lambda told: self._take(told["token"]))
        self._socket.on("task_end", self._end)

    async def open(self) -> None:
        """Connect as the page does."""
        await self._socket.connect(
            f"http://{self._spec['servers'][0]}",
            socketio_path="/ws/socket.io",
            transports=["websocket"],
            auth={"sessionId": str(uuid.uuid4()), "clientType": "webapp"},
        )
        await self._socket.emit("connection_successful")

    async def ask(self, wishes: str) -> None:
        """Send a question."""
        text = f"Which lights still stand? [{wishes}]"
        message = {"id": str(uuid.uuid4()), "name": "User", "type": "user_message", "output": text, "createdAt": ""}
        await self._socket.emit("client_message", {"message": message, "fileReferences": []})

    async def close(self) -> None:
        """Hang up."""
        await self._socket.disconnect()

    def _take(self, text: str) -> None:
        now = time.monotonic_ns()
        for word in prose.STAMP.findall(text.encode()):
            self.sent.append(int(word[1:]) * prose.STEP)
            self.ages.append(prose.age_of(word, now, self._spec["base"]))
            self.first_word.set()

    def _end(self, *_told: object) -> None:
        if self.first_word.is_set():
            self.done.set()


async def load(spec: Spec) -> dict[str, Any]:
    """Many answers at once, as `benchmarks.load.load` has them."""
    before = processes.cpu_seconds(spec["pids"])
    sessions = [Session(spec) for _ in range(spec["answers"])]
    doors = asyncio.Semaphore(AT_ONCE)
    gate, spread = f"peer{spec['runs']}", spec["spread"]

    async def arrive(number: int, session: Session) -> None:
        async with doors:
            await session.open()
            await session.ask(
                f"chunks={spec['chunks']} rate={spec['rate']} gate={gate} spread={spread} paragraph={number % 8}"
            )

    await asyncio.gather(*(arrive(number, session) for number, session in enumerate(sessions)))
    await asyncio.sleep(1)
    await open_gate(spec, gate)
    lasts = spec["chunks"] / spec["rate"]
    await asyncio.sleep(spread + 0.5)
    since, cpu = processes.now(spec["base"]), processes.cpu_seconds(spec["pids"])
    await asyncio.sleep(lasts - 0.7 - spread)
    until, cpu_then = processes.now(spec["base"]), processes.cpu_seconds(spec["pids"])
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(session.done.wait() for session in sessions))
    used = processes.cpu_seconds(spec["pids"]) - before
    steady = sum(since <= at < until for session in sessions for at in session.sent)
    complete = sum(len(session.sent) == spec["chunks"] for session in sessions)
    for session in sessions:
        await session.close()
    return {
        **figures([age for session in sessions for age in session.ages]),
        "complete": complete,
        "cpu_per_chunk": (cpu_then - cpu) / max(steady, 1) * 1e6,
        "cpu_per_chunk_of_all": used / (spec["chunks"] * spec["answers"]) * 1e6,
    }


async def first(spec: Spec) -> dict[str, Any]:
    """One question after another: milliseconds until the first words."""
    took = []
    for run in range(spec["runs"] + 3):
        session = Session(spec)
        await session.open()
        await asyncio.sleep(0.05)
        began = processes.now(spec["base"])
        await session.ask("chunks=5 rate=50")
        async with asyncio.timeout(PATIENCE):
            await session.first_word.wait()
            if run >= 3:
                took.append(session.sent[0] + session.ages[0] - began)
            await session.done.wait()
        await session.close()
    return {"ours": statistics.median(took) / 1e6}


if __name__ == "__main__":
    wanted: Spec = json.loads(sys.stdin.readline())
    print(json.dumps(asyncio.run({"load": load, "first": first}[wanted["mode"]](wanted))))
