"""What programs get through the API: how soon the first words come, and what a chunk costs the server."""

import asyncio
import json
import statistics
import time
from typing import Any

from benchmarks import processes, prose, streaming, wire
from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from tests.api.making import token_on_page

RUNS = 40
ANSWERS = 20
SETTLES_IN = 3.0  # seconds until all answers are being written
MEASURED_FOR = 5.0  # seconds


def api(bench: Bench) -> Figures:
    """First words of one question after another, and twenty answers at once."""
    with bench.serving() as server:
        token = token_on_page(server.client("alice"), "ask")
        host, pids = server.url.removeprefix("http://"), processes.family(server.pid)
        ours, direct = asyncio.run(_first_words(host, bench.upstream, token))
        chunk = asyncio.run(_cost_of_a_chunk(host, token, pids))
    return {"api": ours - direct, "api.direct": direct, "api.20": chunk}


def _question(host: str, wishes: str, token: str) -> bytes:
    text = f"Which lights still stand? [{wishes}]"
    asked = {"model": "sonar", "stream": True, "messages": [{"role": "user", "content": text}]}
    body = json.dumps(asked).encode()
    lines = [
        "POST /v1/chat/completions HTTP/1.1",
        f"Host: {host}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _first_words(host: str, upstream: str, token: str) -> tuple[float, float]:
    """Medians of the milliseconds from a question to the first words, by turns through the API and read directly."""
    wishes = "chunks=5 rate=50"
    took: dict[str, list[float]] = {host: [], upstream: []}
    for _ in range(RUNS):
        for where, question in ((host, _question(host, wishes, token)), (upstream, wire.question(upstream, wishes))):
            took[where].append(await _first_word_of(where, question))
    return statistics.median(took[host]), statistics.median(took[upstream])


async def _first_word_of(host: str, question: bytes) -> float:
    connection, words = wire.Connection(host), list[int]()

    def take(event: wire.Event, now: int) -> None:
        if prose.STAMP.search(event.data):
            words.append(now)

    began = time.monotonic_ns()
    await connection.follow(question, wire.Events(take).feed)
    connection.close()
    return (words[0] - began) / 1e6


async def _cost_of_a_chunk(host: str, token: str, pids: list[int]) -> float:
    """Microseconds of CPU for each chunk, while all answers are written."""
    chunks = int((SETTLES_IN + MEASURED_FOR + 2) * streaming.RATE)
    wishes, heard = f"chunks={chunks} rate={streaming.RATE}", 0

    def take(event: wire.Event, _now: int) -> None:
        nonlocal heard
        heard += len(prose.STAMP.findall(event.data.partition(b'"message"')[0]))

    async def read() -> Any:
        connection = wire.Connection(host)
        await connection.follow(_question(host, wishes, token), wire.Events(take).feed)
        connection.close()

    reading = [asyncio.create_task(read()) for _ in range(ANSWERS)]
    await asyncio.sleep(SETTLES_IN)
    before, heard_before = processes.cpu_seconds(pids), heard
    await asyncio.sleep(MEASURED_FOR)
    cost = (processes.cpu_seconds(pids) - before) / max(heard - heard_before, 1) * 1e6
    await asyncio.gather(*reading)
    return cost
