"""Sonar has ended in the demo, as it has at Perplexity, in each of the ways in which a server may say so."""

import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import httpx
import pytest

from tests.conftest import MakeServer
from tests.questions import ask, watch
from tests.serving import PLAIN
from tests.upstream.demo.agent_calls import answered
from tests.upstream.demo.demo_fixtures import KEY, QUESTION, in_process, quick
from tests.walks import long_walk
from upstream.demo.perplexity import Demo

ROOT = Path(__file__).resolve().parents[3]
CHAT = {"model": "sonar", "messages": [{"role": "user", "content": QUESTION}]}
PLACE = "Sonar is now the Agent API. Use"
PATHS = ("/chat/completions", "/v1/chat/completions", "/v1/sonar", "/async/chat/completions", "/v1/async/sonar/x")


@pytest.mark.parametrize(
    ("end", "kind", "begins"),
    [
        (
            "ended",
            "chat_completions_not_available",
            f"{PLACE} /v1/responses instead of /v1/sonar.",
        ),
        (
            "migration",
            "agent_api_migration_required",
            f"{PLACE} `/v1/responses` instead of `/chat",
        ),
    ],
)
async def test_sonar_has_ended_whatever_the_method_or_the_body(end: str, kind: str, begins: str) -> None:
    demo = Demo(chunks_per_second=0, sonar=end)
    async with in_process(demo) as client:
        for path in PATHS:
            for method in ("GET", "POST", "DELETE"):
                response = await client.request(method, path, content=b"{")
                error = response.json()["error"]
                assert (response.status_code, error["type"], error["code"]) == (403, kind, 403)
                assert error["message"].startswith(begins)
        assert (await client.post("/search", json={"query": QUESTION})).status_code == 200
        assert (await client.get("/v1/models")).status_code == 200
        refused = await client.post("/chat/completions", headers={"Authorization": "Bearer pplx-bad"})
    assert (refused.status_code, refused.json()["error"]["type"]) == (401, "invalid_api_key")


async def test_sonars_end_is_what_a_demo_has_by_itself() -> None:
    async with in_process(Demo()) as client:
        assert (await client.post("/chat/completions", json={})).status_code == 403


@pytest.mark.parametrize("status", [404, 405, 410])
async def test_sonars_end_may_be_a_status_alone(status: int) -> None:
    demo = Demo(chunks_per_second=0, sonar=str(status))
    async with in_process(demo) as client:
        for path in PATHS:
            assert (await client.post(path, json={})).status_code == status
    assert (await answered(demo=demo))["status"] == "completed"


@pytest.mark.parametrize(
    ("value", "status"), [("", 410), ("=404", 404), ("=ended", 403), ("=migration", 403), ("=never", 410)]
)
async def test_a_switch_ends_sonar_and_brings_it_back(value: str, status: int) -> None:
    demo = quick()
    plain = {"model": "sonar", "messages": [{"role": "user", "content": QUESTION}]}
    ending = {"model": "sonar", "messages": [{"role": "user", "content": f"#demo:withdrawn{value} {QUESTION}"}]}
    async with in_process(demo) as client:
        assert (await client.post("/chat/completions", json=ending)).status_code == status
        assert (await client.post("/chat/completions", json=plain)).status_code == status
        await answered("#demo:withdrawn=0 x", demo=demo)
        assert (await client.post("/chat/completions", json=plain)).status_code == 200


# --- On a port, and in Parley ----------------------------------------------------------------------------------------


def test_the_demo_on_a_port_is_as_the_service_is(demo_without_sonar: str) -> None:
    with httpx.Client(base_url=demo_without_sonar, headers=KEY, **PLAIN) as client:
        sonar = client.post("/chat/completions", json=CHAT)
        agent = client.post("/v1/agent", json={"effort": "fast", "input": QUESTION})
    assert (sonar.status_code, sonar.json()["error"]["type"]) == (403, "chat_completions_not_available")
    assert agent.json()["status"] == "completed"


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--sonar", "answers"], 200),
        pytest.param(["--sonar", "migration"], 403, marks=long_walk),
        (["--withdrawn", "410"], 410),
    ],
)
def test_the_command_says_how_sonar_answers(tmp_path: Path, options: list[str], status: int) -> None:
    command = [sys.executable, "manage.py", "demo_upstream", "--port", "0", *options]
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = re.findall(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]
        response = httpx.post(f"{address}/chat/completions", json=CHAT, headers=KEY, **PLAIN)
        process.terminate()
    assert response.status_code == status


@long_walk
def test_the_demo_in_parley_says_how_sonar_answers(make_server: MakeServer) -> None:
    client = make_server(env={"DEMO_SONAR": "410"}).client("alice")
    form = {"text": QUESTION, "model": "sonar", "key": str(uuid.uuid4())}
    assert client.post("/ask/", data=form).status_code == 422
    answer = watch(client, ask(client, f"{QUESTION} #demo:fast", model="agent:fast"))
    assert answer.state == "finished"
    assert "docs.python.org" in answer.final
