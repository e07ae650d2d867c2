"""A server asks the service that answers which models it has, and offers those."""

import re
import time

import httpx
import orjson

from tests.conftest import MakeServer
from tests.serving import PLAIN


def test_what_the_connected_service_lists_is_offered(make_server: MakeServer, demo_upstream: str) -> None:
    key = {"Authorization": "Bearer pplx-test"}
    listed = httpx.get(f"{demo_upstream}/v1/models", headers=key, **PLAIN).json()["data"]
    wanted = {model["id"] for model in listed if "/" in model["id"]}
    env = {"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "pplx-test", "PERPLEXITY_PROVIDER": "agent"}

    server = make_server(env=env)

    kept = server.store.folder / "cache" / "agent-models.json"
    deadline = time.monotonic() + 20
    while not kept.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert orjson.loads(kept.read_bytes())["base_url"] == demo_upstream
    html = server.client("alice").get("/").text
    offered = set(re.findall(r'<option value="agent:([^"]+/[^"]+)">', html))
    assert wanted
    assert offered == wanted
    assert re.search(r'value="agent:fast"[^>]*?\sselected', html)
