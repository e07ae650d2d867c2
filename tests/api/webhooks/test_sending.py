"""Sending a message: signed as receivers expect it, to nobody inside the network, and with a bounded wait."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook as Receiver

from api.webhooks import signing
from api.webhooks.records import Outgoing
from api.webhooks.worker import send
from upstream import safe_fetch

BODY = json.dumps({"type": "test"}).encode()


@asynccontextmanager
async def receiving(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that answers so, and what it was sent."""
    heard: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        heard.extend([head, await reader.readexactly(length)])
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", heard


def outgoing(host: str, secret: str = "") -> Outgoing:
    secret = secret or signing.new_secret()
    headers = signing.headers_for(message_id="msg_1", at=datetime.now(UTC), body=BODY, secret=secret)
    return Outgoing(f"http://{host}/in?room=1", BODY, headers)


async def test_a_receiver_verifies_a_message_with_the_library_of_the_specification(settings: Settings) -> None:
    secret = signing.new_secret()
    async with receiving(b"HTTP/1.1 204 No Content\r\n\r\n") as (host, heard):
        settings.WEBHOOK_HOSTS = [host]
        attempt = await send(outgoing(host, secret))
    assert (attempt.status, attempt.problem) == (204, "")
    lines = dict(line.split(": ", 1) for line in heard[0].decode().split("\r\n")[1:] if line)
    headers = {name.lower(): value for name, value in lines.items()}
    assert heard[0].startswith(b"POST /in?room=1 HTTP/1.1")
    assert Receiver(secret).verify(heard[1], headers) == {"type": "test"}
    with pytest.raises(Exception, match="signature"):
        Receiver(signing.new_secret()).verify(heard[1], headers)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "status"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", "redirect"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000, ""),
        (b"nonsense", "unreachable"),
    ],
)
async def test_what_a_receiver_answers_is_told_apart(answer: bytes, problem: str, settings: Settings) -> None:
    async with receiving(answer) as (host, _heard):
        settings.WEBHOOK_HOSTS = [host]
        assert (await send(outgoing(host))).problem == problem


async def test_nothing_is_sent_into_the_network_unless_the_operator_lists_the_host(settings: Settings) -> None:
    async with receiving(b"HTTP/1.1 200 OK\r\n\r\n") as (host, heard):
        settings.WEBHOOK_HOSTS = []
        assert (await send(outgoing(host))).problem == "refused"
        assert heard == []


@pytest.mark.parametrize("addresses", [["10.0.0.7"], ["93.184.215.14", "127.0.0.1"], ["::ffff:127.0.0.1"]])
async def test_a_name_is_judged_by_its_addresses_with_every_message(addresses: list[str]) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return addresses

    with pytest.raises(safe_fetch.FetchRefused):
        await safe_fetch.post(
            "https://receiver.example/", safe_fetch.Message(BODY, {}), limits=safe_fetch.Limits(), resolve=resolve
        )


async def test_a_server_that_hangs_ends_with_the_limit() -> None:
    async def hang(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        limits = safe_fetch.Limits(total_time=0.3, connect_time=0.3)
        message = safe_fetch.Message(BODY, {})
        with pytest.raises(safe_fetch.FetchTooSlow):
            await safe_fetch.post(f"http://{host}/", message, limits=limits, allowed_hosts=[host])


def test_a_secret_is_long_and_stored_unreadable() -> None:
    secret = signing.new_secret()
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    stored = signing.stored_secret(secret)
    assert secret not in stored
    assert signing.readable_secret(stored) == secret
