"""What programs are told at a real server where no view of theirs answers: JSON in OpenAI's form, and never a page."""

import json
from typing import Any

import httpx
import pytest

from tests.serving import CLIENT, Server
from tests.writing import written


@pytest.fixture
def program(server: Server) -> httpx.Client:
    """A program of Alice's, with every scope."""
    wish = {"user": "alice", "scopes": ["read", "ask", "draw", "review"]}
    key = written(server.store, "tests.api.programs", wish)
    return httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {key}"}, **CLIENT)


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Its status and code; what is said is JSON of OpenAI's form, in English."""
    assert response.headers["Content-Type"] == "application/json", response.text[:300]
    found: dict[str, Any] = response.json()["error"]
    assert set(found) == {"message", "type", "param", "code"}
    assert found["message"]
    return response.status_code, found["code"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/embeddings",
        "/v1/models/",
        "/v1/images/x/content",
        "/api/nothing",
        "/api/answers/x",
        "/api/a/b/",
    ],
)
def test_an_address_that_is_none_answers_with_json(path: str, server: Server, program: httpx.Client) -> None:
    for client in (program, server.client(), server.client("alice")):
        for method in ("GET", "POST"):
            assert refusal(client.request(method, path, headers={"Accept-Language": "de"})) == (404, "not_found")
    assert program.get("/nothing").headers["Content-Type"].startswith("text/html")


def test_a_wrong_method_and_a_body_that_is_no_json_are_refused_in_words(server: Server, program: httpx.Client) -> None:
    server.rows("UPDATE accounts_membership SET is_reviewer = true")
    image = "/api/reviews/01980000-0000-7000-8000-000000000000"
    wrong = program.get("/v1/chat/completions")
    assert refusal(wrong) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "POST"
    assert refusal(program.post("/api/conversations")) == (405, "method_not_allowed")
    for path in ("/v1/chat/completions", "/v1/responses", "/v1/images/generations", "/chat/completions", image):
        for body in (b"{", b"[]", b"\xff", b"", b"[" * 60_000):
            assert refusal(program.post(path, content=body)) == (400, "invalid_json")


def test_a_body_that_is_too_large_or_from_nobody_is_refused_before_it_is_read(
    server: Server, program: httpx.Client
) -> None:
    large = b" " * 6_000_000
    assert refusal(program.post("/v1/images/generations", content=large)) == (413, "request_too_large")
    assert refusal(program.post("/api/reviews/x", content=large)) == (413, "request_too_large")
    assert refusal(program.post("/v1/chat/completions", content=b" " * 17_000_000)) == (413, "request_too_large")
    for headers in ({}, {"Authorization": "Bearer parley_wrong"}, {"Authorization": "Bearer sk-other"}):
        refused = httpx.post(f"{server.url}/v1/chat/completions", content=large, headers=headers)
        assert refusal(refused) == (401, "invalid_api_key")
        assert refused.headers["WWW-Authenticate"] == "Bearer"
    pieces = httpx.post(f"{server.url}/v1/responses", content=iter([b" " * 70_000] * 3))
    assert refusal(pieces) == (401, "invalid_api_key")


def test_a_request_for_another_host_is_refused(program: httpx.Client) -> None:
    assert refusal(program.get("/v1/models", headers={"Host": "elsewhere.example"})) == (400, "bad_request")


def test_a_mistake_of_ours_names_the_request_and_nothing_else(server: Server, program: httpx.Client) -> None:
    server.rows("UPDATE api_token SET scopes = '5'")  # which nothing in Parley writes

    broken = program.get("/api/spaces", headers={"X-Request-ID": "from-a-proxy-1"})

    assert refusal(broken) == (500, "internal_error")
    assert broken.json()["error"]["type"] == "server_error"
    assert "from-a-proxy-1" in broken.json()["error"]["message"]
    assert broken.headers["X-Request-ID"] == "from-a-proxy-1"
    assert "Error" not in json.dumps(broken.json()["error"]["message"])
    assert "TypeError" in server.log()
    server.forget_log()
