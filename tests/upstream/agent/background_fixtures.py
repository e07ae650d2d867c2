"""Runs in the background for tests: how one is asked for, and what the service says about it."""

import json
import time
from typing import Any

import pytest

from tests.upstream.agent.agent_fixtures import LIST, USAGE, VARN, response
from tests.upstream.conftest import ScriptedServer, all_of, collect, head
from upstream.client import Client
from upstream.errors import UpstreamError
from upstream.events import Event, StatusChanged
from upstream.requests import AskRequest, Turn

JSON = head(kind="application/json")
PAGE = {"url": "https://harbour.example/varn", "title": "harbour.example - Varn", "snippet": "A digest."}
FOUND = {"type": "search_results", "queries": ["varn light", "varn keeper"], "results": [VARN]}
FOUND_LATER = {"type": "search_results", "queries": ["list of lights"], "results": [LIST]}
READ = {"type": "fetch_url_results", "contents": [PAGE]}


def run(**more: Any) -> AskRequest:
    """A question that the service is to work on by itself."""
    fields: dict[str, Any] = {"provider": "agent", "turns": [Turn("user", "When?")], "background": True, "key": "k"}
    return AskRequest(**{"model": "medium", **fields, **more})


def state(status: str, output: Any = (), **more: Any) -> bytes:
    """A run as the service shows it at this moment, which it takes for that of its creation."""
    is_over = status in ("completed", "incomplete")
    usual = {"usage": USAGE if is_over else None, "model": "maker/model" if is_over else "medium"}
    found = response(status, output=list(output)) | usual | {"created_at": int(time.time())} | more
    return json.dumps(found).encode()


def plays_states(scripted: ScriptedServer, *states: bytes) -> None:
    for body in states:
        scripted.plays(JSON, body)


async def asked(client: Client, request: AskRequest | None = None) -> list[Event]:
    events: list[Event] = []
    await collect(client, events, request or run())
    return events


async def failing(client: Client, request: AskRequest | None = None) -> tuple[UpstreamError, list[Event]]:
    events: list[Event] = []
    with pytest.raises(UpstreamError) as caught:
        await collect(client, events, request or run())
    return caught.value, events


def doing(events: list[Event]) -> list[str]:
    return [event.doing for event in all_of(StatusChanged, events)]


def calls(scripted: ScriptedServer) -> list[tuple[str, str]]:
    return [(call.method, call.path) for call in scripted.received]
