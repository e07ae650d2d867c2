"""The models that the Agent API lists, over real HTTP, and as they are kept (docs/agent.md, "Models")."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.upstream.conftest import ScriptedServer, head
from upstream.catalog.agent_models import KNOWN, AgentModels, models_in
from upstream.client import Client
from upstream.errors import KeyRefused, UpstreamDown, UpstreamError, Withdrawn
from upstream.model_list import ModelList

PRICING = {"input": 1, "output": 2, "cache_read": 0.5, "unit": "usd_per_1m_tokens"}
BODY = {"object": "list", "data": [{"id": "maker/one", "pricing": PRICING}, {"id": "maker/two", "pricing": {}}]}
REFUSED = {"error": {"message": "Invalid API key provided.", "type": "invalid_api_key", "code": 401}}


def answered(body: Any, *, status: int = 200, kind: str = "application/json") -> tuple[bytes, bytes]:
    return head(status, kind), body if isinstance(body, bytes) else json.dumps(body).encode()


def kept_list(path: Path) -> ModelList[AgentModels]:
    return ModelList(path, base_url="http://s.example", known=KNOWN, parse=models_in, service="The Agent API")


async def test_the_list_is_asked_for_with_the_key(scripted: ScriptedServer, client: Client) -> None:
    scripted.plays(*answered(BODY))
    found = await client.models()
    assert found.names() == ["maker/one", "maker/two"]
    assert (found.price_of("maker/one") is None, found.price_of("maker/two")) == (False, None)
    (asked,) = scripted.received
    assert (asked.method, asked.path, asked.body) == ("GET", "/v1/models", None)
    assert asked.headers["authorization"].startswith("Bearer ")


@pytest.mark.parametrize(
    ("body", "status", "kind", "error"),
    [
        (REFUSED, 401, "application/json", KeyRefused),
        ({"error": {"message": "no", "type": "internal_error"}}, 500, "application/json", UpstreamDown),
        ("page", 200, "text/html", Withdrawn),
        ({"data": []}, 200, "application/json", UpstreamDown),
        ({"error": "odd"}, 200, "application/json", UpstreamDown),
        (b"{", 200, "application/json", UpstreamDown),
        (b"", 200, "application/json", UpstreamDown),
    ],
)
async def test_what_is_no_list_is_an_error_of_our_family(
    scripted: ScriptedServer, client: Client, body: Any, status: int, kind: str, error: type[UpstreamError]
) -> None:
    scripted.plays(*answered(body, status=status, kind=kind))
    with pytest.raises(error):
        await client.models()


async def test_the_last_good_copy_is_kept_while_the_service_tells_nothing(
    scripted: ScriptedServer, client: Client, tmp_path: Path
) -> None:
    path = tmp_path / "cache" / "agent-models.json"
    scripted.plays(*answered(BODY))
    scripted.plays(*answered(REFUSED, status=401))
    first, second = kept_list(path), kept_list(path)
    assert first.current() == KNOWN

    await first.refresh(client.models)
    await second.refresh(client.models)  # it is fresh

    assert second.current().names() == ["maker/one", "maker/two"]
    assert len(scripted.received) == 1
    hour_ago = time.time() - 3600
    os.utime(path, (hour_ago, hour_ago))
    await second.refresh(client.models)
    await second.refresh(client.models)  # not again at once
    assert len(scripted.received) == 2
    assert kept_list(path).current().names() == ["maker/one", "maker/two"]
