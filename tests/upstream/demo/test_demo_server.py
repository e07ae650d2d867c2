"""The demo's own small server: connections kept, broken and ended."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.serving import PLAIN
from tests.upstream.demo.demo_fixtures import KEY, QUESTION, body, chunks, in_process, served
from upstream.demo import perplexity as handler
from upstream.demo import server

MODELS = b"GET /v1/models HTTP/1.1\r\nHost: demo\r\nAuthorization: Bearer x\r\n\r\n"
STREAMED = {"preset": "fast", "input": QUESTION, "stream": True}
ROOT = Path(__file__).resolve().parents[3]


class Watched(handler.Demo):
    """A demo that tells when one of its streams is closed."""

    def __init__(self) -> None:
        super().__init__(chunks_per_second=100, sonar="answers")
        self.closed = asyncio.Event()

    async def handle(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle(request)
        stream, closed = response.stream, self.closed

        class Told(httpx.AsyncByteStream):
            async def __aiter__(self):
                async for piece in stream:
                    yield piece

            async def aclose(self) -> None:
                await stream.aclose()
                closed.set()

        response.stream = Told()
        return response


async def test_a_connection_serves_several_requests() -> None:
    async with served() as address:
        reader, writer = await asyncio.open_connection(urlsplit(address).hostname, urlsplit(address).port)
        for _ in range(3):
            writer.write(MODELS)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
            assert head.startswith(b"HTTP/1.1 200")
            assert (await reader.readexactly(length)).startswith(b'{"object":"list"')
        writer.close()


async def test_requests_sent_ahead_are_answered_in_turn() -> None:
    async with served() as address:
        reader, writer = await asyncio.open_connection(urlsplit(address).hostname, urlsplit(address).port)
        writer.write(MODELS * 2 + b"GET /x HTTP/1.0\r\n\r\n")
        answer = await reader.read(-1)
        writer.close()
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"200", b"404"]


async def test_a_reader_who_leaves_ends_the_stream() -> None:
    demo = Watched()
    async with served(demo) as address, httpx.AsyncClient(headers=KEY, **PLAIN) as client:
        request = body("#demo:lines=5000", stream=True)
        async with client.stream("POST", f"{address}/chat/completions", json=request) as response:
            await anext(response.aiter_raw())
        await asyncio.wait_for(demo.closed.wait(), 5)


async def test_a_reader_who_leaves_ends_the_stream_in_process_too() -> None:
    demo = Watched()
    async with in_process(demo) as client:
        async with client.stream("POST", "/chat/completions", json=body("#demo:lines=5000", stream=True)) as response:
            await anext(response.aiter_raw())
        await asyncio.wait_for(demo.closed.wait(), 5)


async def test_a_slow_reader_gets_everything() -> None:
    async with served() as address:
        reader, writer = await asyncio.open_connection(urlsplit(address).hostname, urlsplit(address).port, limit=1024)
        request = httpx.Request("POST", address, json=body("#demo:lines=400", stream=True)).content
        writer.write(
            b"POST /v1/sonar HTTP/1.0\r\nAuthorization: Bearer x\r\nContent-Length: %d\r\n\r\n" % len(request) + request
        )
        await reader.readuntil(b"\r\n\r\n")
        raw = b""
        while piece := await reader.read(200_000):
            raw += piece
            await asyncio.sleep(0)
        writer.close()
    assert chunks(raw)[-1]["choices"][0]["message"]["content"].endswith("Line 400 of 400.")


@pytest.mark.parametrize(
    "sent", [b"\x00\x01\r\n\r\n", b"GET http://[ HTTP/1.1\r\nHost: [\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"]
)
async def test_nonsense_closes_the_connection_and_nothing_else(sent: bytes) -> None:
    async with served() as address:
        reader, writer = await asyncio.open_connection(urlsplit(address).hostname, urlsplit(address).port)
        writer.write(sent)
        writer.write_eof()
        await reader.read(-1)
        writer.close()
        async with httpx.AsyncClient(headers=KEY, **PLAIN) as client:
            assert (await client.get(f"{address}/v1/models")).status_code == 200


async def test_a_body_that_is_too_large_is_refused() -> None:
    async with served() as address, httpx.AsyncClient(headers=KEY, timeout=60, **PLAIN) as client:
        response = await client.post(f"{address}/chat/completions", content=bytes(handler.LARGEST_BODY + 1))
    assert response.status_code == 413


async def test_closing_ends_open_streams() -> None:
    running = await server.serve(demo=handler.Demo(chunks_per_second=10, sonar="answers"))
    async with httpx.AsyncClient(headers=KEY, **PLAIN) as client:
        request = body("#demo:lines=500", stream=True)
        async with client.stream("POST", f"{running.address}/chat/completions", json=request) as response:
            pieces = response.aiter_raw()
            await anext(pieces)
            await running.close()
            with pytest.raises(httpx.RemoteProtocolError):
                await _drain(pieces)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_says_where_it_listens_and_ends_when_told(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "manage.py", "demo_upstream", "--port", "0"]
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", said)[0]
        with httpx.stream("POST", f"{address}/v1/agent", json=STREAMED, headers=KEY) as response:
            assert response.status_code == 200
            process.send_signal(number)
            assert process.wait(10) == 0


def test_the_command_says_why_it_cannot_listen(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "demo_upstream", "--port", "1", "--host", "203.0.113.1"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "DATA_DIR": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "Can’t listen on 203.0.113.1, port 1" in done.stderr


def test_the_demo_costs_nothing_until_it_is_asked() -> None:
    code = "import sys, upstream, upstream.events; sys.exit(any(n.startswith('upstream.demo') for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


async def _drain(pieces) -> None:
    async for _ in pieces:
        pass
