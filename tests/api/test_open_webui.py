"""What Open WebUI sends, as it was seen (docs/api.md, "Open WebUI"), and what it needs of the answers."""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from tests.api.making import token_on_page
from tests.questions import eventually
from tests.serving import CLIENT, Server

QUESTION = "#demo:fast How does the with statement work in Python?"
PARAMETERS = {"type": "object", "properties": {"days_ago": {"type": "integer", "default": 0, "description": "Days"}}}
OFFERED = [
    {"type": "function", "function": {"name": name, "description": "Does it.", "parameters": PARAMETERS}}
    for name in ("calculate_timestamp", "ask_user", "search_chats", "add_memory")
]
"""It offers dozens of functions with every question, unless somebody switches that off."""
TASK = {
    "model": "agent/fast",
    "messages": [{"role": "user", "content": "### Task:\nFind a title.\n### Chat History:\nUSER: #demo:fast With?"}],
    "stream": False,
    "max_tokens": 1000,
}
HEADERS = {"X-Parley-On-Disconnect": "stop", "X-Parley-Task": ""}
"""As the connection's headers in docs/api.md arrive with a question."""


@pytest.fixture
def program(server: Server) -> Iterator[httpx.Client]:
    token = token_on_page(server.client("alice"), "ask", "draw")
    headers = {"Authorization": f"Bearer {token}", **HEADERS}
    with httpx.Client(base_url=f"{server.url}/v1", headers=headers, timeout=60, **CLIENT) as client:
        yield client


def chat(*messages: tuple[str, str]) -> dict[str, Any]:
    said = [{"role": role, "content": content} for role, content in messages]
    return {"stream": True, "model": "agent/fast", "messages": said, "tools": OFFERED}


def heard(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    events = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
    assert events.pop() == "[DONE]"
    return [orjson.loads(event) for event in events]


def words_of(chunks: list[dict[str, Any]]) -> str:
    return "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks if chunk["choices"])


def sources_of(chunks: list[dict[str, Any]]) -> list[str]:
    """As it numbers them: one after the other, each address once."""
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks if chunk["choices"]]
    cited = [one["url_citation"]["url"] for delta in deltas for one in delta.get("annotations", ())]
    return list(dict.fromkeys(cited))


def test_a_chat_with_functions_on_offer_is_one_conversation_with_its_sources(
    server: Server, program: httpx.Client
) -> None:
    first = heard(program.post("/chat/completions", json=chat(("user", QUESTION))))
    assert sources_of(first) == first[-1]["citations"] != []
    assert f"[{len(first[-1]['citations'])}]" in words_of(first)
    again = chat(("user", QUESTION), ("assistant", words_of(first)), ("user", "#demo:fast And a list?"))
    heard(program.post("/chat/completions", json=again))
    assert server.rows("SELECT COUNT(DISTINCT conversation_id), COUNT(*) FROM chat_question") == [(1, 2)]


def test_what_it_asks_by_itself_is_not_asked(server: Server, program: httpx.Client) -> None:
    for path, body in (("/chat/completions", TASK), ("/responses", {"model": "agent/fast", "input": "A title?"})):
        refused = program.post(path, json=body, headers={"X-Parley-Task": "title_generation"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "task_refused")
    assert server.rows("SELECT COUNT(*) FROM chat_question") == [(0,)]
    assert program.post("/chat/completions", json=TASK).status_code == 200  # where nobody says what it is


def test_its_stop_button_stops_the_answer(server: Server, program: httpx.Client) -> None:
    body = chat(("user", "#demo:slow=200 #demo:lines=200 Go on"))
    with program.stream("POST", "/chat/completions", json=body) as response:
        assert next(line for line in response.iter_lines() if '"content":"' in line and '"content":""' not in line)
    eventually(lambda: server.rows("SELECT state FROM chat_answer") == [("stopped",)])


def test_its_pictures_are_drawn(program: httpx.Client) -> None:
    wish = {"model": "gpt-image-1", "prompt": "A lighthouse", "n": 1, "size": "auto"}
    drawn = program.post("/images/generations", json=wish)
    assert drawn.json()["data"][0]["b64_json"]
