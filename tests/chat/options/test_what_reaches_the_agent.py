"""What was set in the form is what arrives at the Agent API, and what must be refused never leaves.

The other side is a bare HTTP server that keeps what comes and answers every question in the same words.
"""

import html
import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.chat.options.keeping_upstream import KeepingUpstream, keeping_upstream
from tests.questions import Asked, watch
from tests.serving import Server
from tests.stores import Store
from tests.upstream.agent import strict_body
from tests.upstream.agent.agent_fixtures import whole_stream
from tests.upstream.conftest import frame
from upstream.agent.request import CITE

LUNA, HAIKU = "openai/gpt-6-luna", "anthropic/claude-haiku-5-5"
ANSWER = b"".join(map(frame, whole_stream()))
SEARCH = {"type": "web_search"}
BY_MODEL = {"instructions": CITE, "tools": [SEARCH], "tool_choice": SEARCH, "max_steps": 2}
SCHEMA = {
    "type": "object",
    "properties": {"year": {"type": "integer"}},
    "required": ["year"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def upstream() -> Iterator[KeepingUpstream]:
    with keeping_upstream(answer=ANSWER, marks=b'"role"') as server:
        yield server


@pytest.fixture(scope="module")
def own_server(
    template: Store, tmp_path_factory: pytest.TempPathFactory, upstream: KeepingUpstream
) -> Iterator[Server]:
    env = {
        "PERPLEXITY_BASE_URL": f"http://127.0.0.1:{upstream.server_port}",
        "PERPLEXITY_API_KEY": "pplx-test",
        "PERPLEXITY_PROVIDER": "agent",
        "PERPLEXITY_MODELS": f"fast, low, {LUNA}, {HAIKU}",
    }
    server = Server(template.copy(tmp_path_factory.mktemp("agent") / "data"), env=env).start()
    yield server
    server.close()


def send(server: Server, model: str, typed: dict[str, str]) -> httpx.Response:
    fields = {"text": "When?", "model": f"agent:{model}", "key": str(uuid.uuid4())}
    return server.client("alice").post("/ask/", data=fields | {f"o.{name}": text for name, text in typed.items()})


@pytest.mark.parametrize(
    ("model", "typed", "asked"),
    [
        ("fast", {}, {"effort": "fast"}),
        (LUNA, {}, {"model": LUNA, **BY_MODEL}),
        (LUNA, {"search_when": ""}, {"model": LUNA, **BY_MODEL}),
        (LUNA, {"search_when": "enable_search_classifier"}, {"model": LUNA, **BY_MODEL, "tool_choice": "auto"}),
        (HAIKU, {"search_when": "disable_search"}, {"model": HAIKU, "max_output_tokens": 8192}),
        ("low", {"search_when": "disable_search"}, {"effort": "low", "max_tool_calls": 0}),
        (
            LUNA,
            {"finance_search": "on", "fetch_url": "on", "max_urls": "2", "people_search": "off", "max_steps": "9"},
            {
                "model": LUNA,
                **BY_MODEL,
                "tools": [SEARCH, {"type": "fetch_url", "max_urls": 2}, {"type": "finance_search"}],
                "max_steps": 9,
            },
        ),
        (
            "fast",
            {
                "num_search_results": "5",
                "search_domain_filter": "https://a.example/\nb.example",
                "search_domain_filter:how": "deny",
                "search_after_date_filter": "2026-09-15",
                "web_search_options.search_type": "web",
                "web_search_options.max_tokens_per_page": "500",
                "web_search_options.user_location.country": "South Korea",
            },
            {
                "effort": "fast",
                "tools": [
                    {
                        "type": "web_search",
                        "search_type": "web",
                        "max_tokens_per_page": 500,
                        "max_results": 5,
                        "filters": {
                            "search_domain_filter": ["-a.example", "-b.example"],
                            "search_after_date_filter": "09/15/2026",
                        },
                        "user_location": {"country": "KR"},
                    }
                ],
            },
        ),
        (
            "low",
            {
                "temperature": "2",
                "top_p": "0.5",
                "max_tokens": "3",
                "reasoning_effort": "max",
                "service_tier": "flex",
                "language_preference": "German",
                "max_tool_calls": "7",
            },
            {
                "effort": "low",
                "temperature": 2,
                "top_p": 0.5,
                "max_output_tokens": 16,
                "reasoning": {"effort": "max"},
                "service_tier": "flex",
                "language_preference": "de",
                "max_tool_calls": 7,
            },
        ),
        (
            "fast",
            {"response_format": "json_schema", "response_format:schema": json.dumps(SCHEMA)},
            {
                "effort": "fast",
                "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}},
            },
        ),
    ],
)
def test_exactly_what_was_set_arrives(
    own_server: Server, upstream: KeepingUpstream, model: str, typed: dict[str, str], asked: dict[str, Any]
) -> None:
    response = send(own_server, model, typed)
    assert response.status_code == 302, response.text[:3000]
    conversation, _, answer = response.headers["location"].removeprefix("/c/").partition("/#answer-")
    watch(own_server.client("alice"), Asked(conversation, answer))
    body = json.loads(upstream.bodies[-1])
    assert strict_body.complaints(body) == []
    question = [{"type": "message", "role": "user", "content": "When?"}]
    assert body == {**asked, "input": question, "store": False, "stream": True}


@pytest.mark.parametrize(
    ("model", "typed", "sentence"),
    [
        ("fast", {"search_when": "disable_search"}, "“fast” searches once for every question"),
        ("low", {"search_when": "enable_search_classifier"}, "A preset decides for itself when to search."),
        ("low", {"sandbox": "on"}, "The sandbox would replace the preset’s own tools."),
        (LUNA, {"sandbox": "on", "people_search": "on"}, "“People” cannot be combined with the sandbox"),
        (LUNA, {"search_when": "disable_search", "finance_search": "on"}, "“Finance” needs a search"),
        (LUNA, {"finance_search": "on", "max_steps": "3"}, "at least 4 steps"),
        (LUNA, {"return_related_questions": "on"}, "The Agent API doesn’t suggest related questions."),
        (LUNA, {"stop": "x"}, "The Agent API doesn’t have this option."),
        (
            "fast",
            {
                "response_format": "json_schema",
                "response_format:schema": '{"type": "array", "items": {"type": "null"}}',
            },
            "only schemas of an object, and this one is of “array”",
        ),
        ("fast", {"response_format": "regex", "response_format:regex": "[0-9]+"}, "by regular expression"),
    ],
)
def test_what_the_service_would_refuse_never_leaves(
    own_server: Server, upstream: KeepingUpstream, model: str, typed: dict[str, str], sentence: str
) -> None:
    before = len(upstream.bodies)
    response = send(own_server, model, typed)
    assert response.status_code == 422
    assert sentence in html.unescape(response.text)
    assert len(upstream.bodies) == before
