"""Conversations through the gateway, over HTTP as people have them."""

import json
import random
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.conftest import MakeServer
from tests.files.samples import drawn, encoded
from tests.questions import Asked, ask, eventually, stored, watch, words
from tests.serving import PLAIN, Server, free_port, wait_for_port
from tests.stores import ROOT, operator_less

GATEWAY = "gateway:search/sonar"
LISTS = "What is a list? #demo:fast"
WITH = "How does the with statement work? #demo:fast"


class Gateway:
    """The demo gateway on a port, and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url

    def last(self) -> dict[str, Any]:
        """The body that came last."""
        return dict(httpx.get(f"{self.url}/demo/calls", **PLAIN).json()["last"])

    def calls(self, what: str) -> int:
        """How often it was asked this."""
        found = httpx.get(f"{self.url}/demo/calls", params={"question": what}, **PLAIN)
        return int(found.json()["calls"])


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    port, log = free_port(), folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo_gateway", "--port", str(port), "--key", "opensesame"],
            cwd=ROOT,
            env={**operator_less(), "DATA_DIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    wait_for_port(port, process, log)
    yield Gateway(f"http://127.0.0.1:{port}")
    process.terminate()
    process.wait(10)


@pytest.fixture
def both(make_server: MakeServer, gateway: Gateway, demo_upstream: str) -> Server:
    """A server to which Perplexity and a gateway are connected."""
    return make_server(
        env={
            "PERPLEXITY_BASE_URL": demo_upstream,
            "PERPLEXITY_API_KEY": "pplx-test",
            "GATEWAY_BASE_URL": gateway.url,
            "GATEWAY_API_KEY": "opensesame",
        }
    )


def answered(client: httpx.Client, text: str, **how: Any) -> Asked:
    """A question whose answer has come."""
    asked = ask(client, text, **how)
    assert watch(client, asked).state == "finished"
    return asked


def again(client: httpx.Client, server: Server, asked: Asked, *, model: str = GATEWAY) -> Asked:
    """The same question once more, with the answer."""
    answer_id = server.store.identifier(asked.answer)
    ((question,),) = server.rows("SELECT question_id FROM chat_answer WHERE id = ?", [answer_id])
    address = f"/c/{asked.conversation}/questions/{uuid.UUID(str(question))}/again/"
    response = client.post(address, data={"model": model, "key": str(uuid.uuid4())})
    assert response.status_code == 302, response.text
    once_more = Asked(asked.conversation, response.headers["location"].rpartition("#answer-")[2])
    assert watch(client, once_more).state == "finished"
    return once_more


def thread(server: Server, asked: Asked) -> str:
    """The uuid under which the gateway goes on after this answer."""
    ((state,),) = server.rows("SELECT follow_up FROM chat_answer WHERE id = ?", [server.store.identifier(asked.answer)])
    state = json.loads(state) if isinstance(state, str) else state
    return str(state.get("backend_uuid", ""))


def test_a_question_goes_to_the_gateway_as_it_stands_and_the_next_one_continues(both: Server, gateway: Gateway) -> None:
    client = both.client("alice")
    first = answered(client, LISTS, model=GATEWAY)
    assert gateway.last() == {"query": LISTS, "mode": "search", "model": "sonar"}
    assert stored(both, first)["cost"] is None
    assert "not available" in client.get(first.path).text

    second = ask(client, "And of a tuple? #demo:fast", model=GATEWAY, page=first.page)
    final = watch(client, second).final
    assert gateway.last() == {
        "query": "And of a tuple? #demo:fast",
        "mode": "search",
        "model": "sonar",
        "follow_up": {"backend_uuid": thread(both, first), "attachments": []},
    }
    assert "This continues a conversation that began with" in words(final)
    assert thread(both, second) not in ("", thread(both, first))


def test_a_conversation_changes_between_sonar_and_the_gateway_and_loses_nothing(both: Server, gateway: Gateway) -> None:
    client = both.client("alice")
    first = answered(client, LISTS, model="sonar")
    page = first.page
    second = answered(client, WITH, model=GATEWAY, page=page)
    told = gateway.last()
    assert told["query"].startswith(f"Our conversation so far:\n\nQuestion: {LISTS}\n\nAnswer: ")
    assert told["query"].endswith(f"Now answer this:\n\n{WITH}")
    assert "follow_up" not in told

    answered(client, "What is a dictionary? #demo:fast", model="sonar", page=page)
    answered(client, "And a set? #demo:fast", model=GATEWAY, page=page)
    told = gateway.last()
    assert told["follow_up"] == {"backend_uuid": thread(both, second), "attachments": []}
    assert "Question: What is a dictionary?" in told["query"]
    assert "What is a list?" not in told["query"]
    assert "with statement" not in told["query"]

    answered(client, "And a tuple? #demo:fast", model="gateway:reason/sonar-reasoning", page=page)
    assert gateway.last()["query"] == "And a tuple? #demo:fast"


def test_asking_again_continues_from_before_the_question(both: Server, gateway: Gateway) -> None:
    client = both.client("alice")
    first = answered(client, LISTS, model=GATEWAY)
    second = answered(client, "And of a tuple? #demo:fast", model=GATEWAY, page=first.page)
    third = answered(client, "And of a set? #demo:fast", model=GATEWAY, page=first.page)

    again(client, both, second)
    assert gateway.last()["follow_up"]["backend_uuid"] == thread(both, first)
    renewed = again(client, both, first)
    assert gateway.last() == {"query": LISTS, "mode": "search", "model": "sonar"}

    again(client, both, second)
    assert gateway.last()["follow_up"]["backend_uuid"] == thread(both, renewed)
    assert thread(both, third) not in ("", thread(both, renewed))


def test_what_was_stopped_left_no_state_and_is_told_instead(both: Server, gateway: Gateway) -> None:
    client = both.client("alice")
    first = answered(client, LISTS, model=GATEWAY)
    stopped = ask(client, "How does the with statement work? #demo:slow=300", model=GATEWAY, page=first.page)
    watch(client, stopped, until=lambda article: article.words)
    client.post(f"{stopped.path}stop/")
    eventually(lambda: stored(both, stopped)["state"] == "stopped")
    assert thread(both, stopped) == ""
    assert stored(both, stopped)["text"]

    answered(client, "And of a tuple? #demo:fast", model=GATEWAY, page=first.page)
    told = gateway.last()
    assert told["follow_up"]["backend_uuid"] == thread(both, first)
    assert "Question: How does the with statement work?" in told["query"]
    assert "What is a list?" not in told["query"]


def test_another_gateway_is_told_everything(both: Server, gateway: Gateway) -> None:
    client = both.client("alice")
    first = answered(client, LISTS, model=GATEWAY)
    both.env["GATEWAY_BASE_URL"] = gateway.url.replace("127.0.0.1", "localhost")
    client = both.restart().client("alice")

    answered(client, "And of a tuple? #demo:fast", model=GATEWAY, page=first.page)
    assert "Question: What is a list?" in gateway.last()["query"]
    assert "follow_up" not in gateway.last()


def test_options_of_the_gateway_go_along_and_those_of_sonar_do_not(both: Server, gateway: Gateway) -> None:
    client = both.client("alice")
    options = {"sources": "Web, scholar", "incognito": "off", "language": "ko-KR"}
    first = answered(client, LISTS, model="gateway:search/grok-4.1", **options)
    assert gateway.last() == {
        "query": LISTS,
        "mode": "search",
        "model": "grok-4.1",
        "sources": ["web", "scholar"],
        "language": "ko-KR",
        "incognito": False,
    }
    answered(client, LISTS, model="gateway:research/pplx_alpha", page=first.page, incognito="on")
    assert gateway.last()["mode"] == "research"
    assert "model" not in gateway.last()

    data = {"text": LISTS, "model": GATEWAY, "key": str(uuid.uuid4()), "o.sources": "web, archive"}
    refused = client.post("/ask/", data=data)
    assert refused.status_code == 422
    assert "“Sources” can’t be" in refused.text


@pytest.mark.parametrize(
    ("switch", "state", "sentence"),
    [
        ("upstream_429", "failed", "The account behind the gateway has used up its limit at Perplexity"),
        ("upstream_401", "failed", "Perplexity no longer lets the gateway in"),
        ("upstream_403", "failed", "Perplexity no longer lets the gateway in"),
        ("upstream_503", "failed", "Perplexity, behind the gateway, is having problems right now."),
        ("reset", "failed", "The gateway can’t be reached or is having problems right now."),
        ("empty_stream", "failed", "Perplexity ended the conversation with the gateway without giving a reason."),
        ("idle_timeout", "interrupted", "Perplexity took longer than the 30 seconds that the gateway waits."),
        ("error_event", "interrupted", "used up its limit"),
        ("close_without_done", "interrupted", "The answer was cut off."),
        ("drop_midway", "interrupted", "The answer was cut off."),
    ],
)
def test_what_goes_wrong_is_told_in_words_and_what_came_is_kept(
    shared_server: Server, switch: str, state: str, sentence: str
) -> None:
    client = shared_server.client("alice")
    asked = ask(client, f"{LISTS} #demo:{switch}", model=GATEWAY)
    article = watch(client, asked)

    assert article.state == state
    assert sentence in words(article.final)
    assert "perplexity.ai/rest" not in article.final
    assert bool(stored(shared_server, asked)["text"]) == (state == "interrupted")


@pytest.mark.parametrize("switch", ["done_null_answer", "single_late_snapshot", "shrinking_results", "rewrite"])
def test_odd_snapshots_lose_nothing(shared_server: Server, switch: str) -> None:
    client = shared_server.client("alice")
    plain, odd = answered(client, LISTS, model=GATEWAY), answered(client, f"{LISTS} #demo:{switch}", model=GATEWAY)
    assert stored(shared_server, odd)["text"] == stored(shared_server, plain)["text"]
    assert 'aria-label="Sources"' in client.get(odd.path).text


def test_a_wrong_key_is_told_and_not_shown(make_server: MakeServer, gateway: Gateway) -> None:
    server = make_server(env={"GATEWAY_BASE_URL": gateway.url, "GATEWAY_API_KEY": "mellon-4711"})
    client = server.client("alice")
    asked = ask(client, LISTS, model=GATEWAY)
    final = watch(client, asked).final
    assert "The gateway rejected the API key" in words(final)
    assert "mellon-4711" not in final + server.log()


def test_a_gateway_alone_answers_everything(make_server: MakeServer, gateway: Gateway) -> None:
    server = make_server(env={"GATEWAY_BASE_URL": gateway.url, "GATEWAY_API_KEY": "opensesame"})
    client = server.client("alice")
    page = client.get("/").text
    assert 'value="gateway:search/sonar"' in page
    assert 'value="sonar"' not in page
    assert "Gateway · Deep research" in page
    answered(client, LISTS, model="")
    assert gateway.last()["model"] == "sonar"
    assert httpx.get(f"{server.url}/readyz", **PLAIN).json() == {
        "ready": True,
        "database": "ok",
        "storage": "ok",
        "upstream": "ok",
        "gateway": "ok",
    }


def test_a_gateway_that_is_down_does_not_make_us_unready(make_server: MakeServer, demo_upstream: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    server = make_server(env={"PERPLEXITY_BASE_URL": demo_upstream, "GATEWAY_BASE_URL": nobody})
    report = httpx.get(f"{server.url}/readyz", **PLAIN)
    assert report.status_code == 200
    assert report.json()["gateway"] == "The gateway cannot be reached."
    client = server.client("alice")
    assert 'value="gateway:reason/kimi-k2.5-thinking"' in client.get("/").text
    failed = watch(client, ask(client, LISTS, model=GATEWAY))
    assert "The gateway can’t be reached" in words(failed.final)


def upload(client: httpx.Client, name: str, data: bytes) -> str:
    """The id of an upload."""
    response = client.post("/attachments/", files={"file": (name, data, "image/png")})
    assert response.status_code == 201, response.text
    return response.text.partition('name="attachment" value="')[2].partition('"')[0]


def asked_with(client: httpx.Client, text: str, *ids: str, model: str = GATEWAY, page: str = "/") -> Asked:
    data = {"text": text, "model": model, "key": str(uuid.uuid4()), "attachment": list(ids)}
    response = client.post(f"{page}ask/", data=data)
    assert response.status_code == 302, response.text
    conversation, _, answer = response.headers["location"].removeprefix("/c/").partition("/#answer-")
    asked = Asked(conversation, answer)
    assert watch(client, asked).state == "finished"
    return asked


def test_pictures_are_handed_over_once_in_order_and_stay_with_the_conversation(both: Server, gateway: Gateway) -> None:
    client = both.client("alice")
    one, two = (
        upload(client, "one.png", encoded(drawn(size=(40, 30)), "PNG")),
        upload(client, "two.png", encoded(drawn(size=(50, 30)), "PNG")),
    )
    before = gateway.calls("/v1/attachments")
    first = asked_with(client, "What is shown here? #demo:fast", two, one)
    told = gateway.last()["attachments"]
    assert [url.rpartition("/")[2] for url in told] == ["two.png", "one.png"]
    assert gateway.calls("/v1/attachments") == before + 2

    answered(client, "And what else? #demo:fast", model=GATEWAY, page=first.page)
    assert gateway.last()["follow_up"] == {"backend_uuid": thread(both, first), "attachments": told}
    assert "attachments" not in gateway.last()
    assert gateway.calls("/v1/attachments") == before + 2

    answered(client, "Think about it. #demo:fast", model="gateway:reason/gemini-3.1-pro", page=first.page)
    assert gateway.last()["follow_up"]["attachments"] == []


def test_a_picture_that_is_too_large_for_the_gateway_goes_as_a_smaller_copy(both: Server, gateway: Gateway) -> None:
    client = both.client("alice")
    large = encoded(Image.frombytes("RGB", (1100, 1000), random.Random(7).randbytes(3_300_000)), "PNG")
    assert len(large) > 2 * 1024 * 1024
    asked = asked_with(client, "What is shown here? #demo:fast", upload(client, "large.png", large))
    assert len(gateway.last()["attachments"]) == 1
    assert "1 image that was too large" in words(client.get(asked.path).text)
