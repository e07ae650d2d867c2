"""Whatever the upstream does, the question stays, what came is kept, and the answer ends in a state one understands."""

import re

import pytest

from tests.conftest import MakeServer
from tests.questions import ask, stored, watch, words
from tests.serving import PLAIN, Server

QUESTION = "How do context managers work?"

# What the demo upstream is told to do -> how the answer ends, whether asking again is said to help, what is said.
REFUSALS = {
    "400": ("failed", False, "didn’t accept"),
    "401": ("failed", False, "key"),
    "403": ("failed", False, "key"),
    "404": ("failed", False, "no longer available"),
    "405": ("failed", False, "no longer available"),
    "410": ("failed", False, "no longer available"),
    "413": ("failed", False, "large"),
    "422": ("failed", False, "didn’t accept"),
    "500": ("failed", True, "problems"),
    "502": ("failed", True, "problems"),
    "503": ("failed", True, "problems"),
    "504": ("failed", True, "problems"),
    "524": ("failed", True, "problems"),
    "reset": ("failed", True, "reached"),
}


@pytest.mark.parametrize("switch", REFUSALS)
def test_a_refusal_is_told_in_a_sentence_and_the_question_stays(shared_server: Server, switch: str) -> None:
    state, retryable, hint = REFUSALS[switch]
    client = shared_server.client("alice")

    asked = ask(client, f"{QUESTION} #demo:{switch}")
    article = watch(client, asked)

    assert article.state == state
    answer = stored(shared_server, asked)
    assert (answer["state"], answer["text"]) == (state, "")
    page = client.get(asked.page).text
    assert QUESTION in page
    said = words(article.final)
    assert hint in said.lower(), said
    assert "Ask again" in said
    assert "<html" not in article.final
    assert "openresty" not in article.final
    error = shared_server.rows(
        "SELECT error FROM chat_answer WHERE id = ?", [shared_server.store.identifier(asked.answer)]
    )
    assert ('"retryable": true' in str(error).replace("True", "true").replace("'", '"')) == retryable


def test_too_many_requests_says_how_long_to_wait(shared_server: Server) -> None:
    client = shared_server.client("alice")
    article = watch(client, ask(client, f"{QUESTION} #demo:429=90", model="sonar-pro"))  # whose queue then stands still
    assert article.state == "failed"
    assert "90 seconds" in words(article.final)


@pytest.mark.parametrize("switch", ["drop_midway", "error_event"])
def test_an_answer_that_breaks_off_keeps_its_text(shared_server: Server, switch: str) -> None:
    client = shared_server.client("alice")

    asked = ask(client, f"{QUESTION} #demo:{switch}")
    seen: list[str] = []
    article = watch(client, asked, until=lambda a: seen.append(a.words))

    answer = stored(shared_server, asked)
    assert answer["state"] in {"interrupted", "failed"}
    assert article.state == answer["state"]
    assert len(answer["text"]) > 20
    assert "Ask again" in words(article.final)


@pytest.mark.parametrize(
    "switch",
    [
        "no_done_marker",
        "crlf",
        "cr",
        "split_bytes",
        "pings",
        "sources_last_only",
        "object_legacy",
        "no_cost",
        "null_usage",
        "empty_choices",
        "bad_json_line",
        "message_only",
    ],
)
def test_oddities_of_the_wire_change_nothing(shared_server: Server, switch: str) -> None:
    client = shared_server.client("alice")
    plain = ask(client, f"{QUESTION} #demo:fast")
    odd = ask(client, f"{QUESTION} #demo:fast #demo:{switch}")
    watch(client, plain)
    watch(client, odd)

    expected, answer = stored(shared_server, plain), stored(shared_server, odd)

    assert (answer["state"], answer["text"]) == ("finished", expected["text"])
    sources = [
        shared_server.rows(
            "SELECT number, title, url, cited FROM chat_source WHERE answer_id = ? ORDER BY number",
            [shared_server.store.identifier(asked.answer)],
        )
        for asked in (plain, odd)
    ]
    assert sources[0] == sources[1]
    assert sources[0]


def test_an_upstream_that_falls_silent_does_not_spin_for_ever(make_server: MakeServer) -> None:
    server = make_server(env={"PERPLEXITY_READ_TIMEOUT": "2"})
    client = server.client("alice")

    article = watch(client, ask(client, f"{QUESTION} #demo:stall"))

    assert article.state == "interrupted"
    assert "Ask again" in words(article.final)


def test_a_reasoning_model_thinks_aside(shared_server: Server) -> None:
    client = shared_server.client("alice")
    asked = ask(client, f"{QUESTION} #demo:fast #demo:think_split", model="sonar-reasoning-pro")
    article = watch(client, asked)

    answer = stored(shared_server, asked)
    assert answer["reasoning"]
    assert "<think" not in answer["text"]
    assert re.search(r"<details[^>]*class=\"reasoning\"", article.final)


def test_a_thought_that_never_closes_is_no_answer(shared_server: Server) -> None:
    client = shared_server.client("alice")
    asked = ask(client, f"{QUESTION} #demo:fast #demo:think_unclosed", model="sonar-reasoning-pro")
    watch(client, asked)
    answer = stored(shared_server, asked)
    assert answer["reasoning"]
    assert "<think" not in answer["reasoning"]


def test_twenty_copies_of_a_form_make_one_question_and_one_call(make_server: MakeServer, demo_upstream: str) -> None:
    import json
    import uuid
    from concurrent.futures import ThreadPoolExecutor

    import httpx

    server = make_server(env={"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "demo-key"})
    key, text = str(uuid.uuid4()), f"What is a coroutine? {uuid.uuid4()} #demo:fast"
    clients = [server.client("alice") for _ in range(20)]

    with ThreadPoolExecutor(20) as pool:
        asked = set(pool.map(lambda client: ask(client, text, key=key), clients))

    assert len(asked) == 1
    article = watch(clients[0], asked.pop())
    assert article.state == "finished"
    assert server.rows("SELECT count(*) FROM chat_question") == [(1,)]
    assert server.rows("SELECT count(*) FROM chat_answer") == [(1,)]
    calls = json.loads(httpx.get(f"{demo_upstream}/demo/calls", **PLAIN).text)
    assert text.split("#")[0].strip() in json.dumps(calls)


def test_the_same_text_may_be_asked_again(shared_server: Server) -> None:
    client = shared_server.client("alice")
    first, second = (ask(client, f"{QUESTION} #demo:fast") for _ in range(2))
    assert first != second
    assert [watch(client, asked).state for asked in (first, second)] == ["finished", "finished"]
