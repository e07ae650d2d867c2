"""The demo refuses what the service refuses, in its order and its words."""

import base64
import json
from typing import Any

import httpx
import pytest

from tests.upstream.demo.demo_fixtures import KEY, asked, body, in_process
from upstream.demo.perplexity import Demo

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ALTERNATE = (
    "After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s)."
)


def image(url: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": "what is it?"}, {"type": "image_url", "image_url": {"url": url}}]


def data_uri(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def turns(*roles: str) -> list[dict[str, str]]:
    return [{"role": role, "content": "words"} for role in roles]


async def refusal(request: dict[str, Any]) -> dict[str, Any]:
    async with in_process() as client:
        response = await client.post("/chat/completions", json=request)
    assert response.status_code == 400, response.text
    error = response.json()["error"]
    assert list(error) == ["message", "type", "code"]
    assert error["code"] == 400
    return dict(error)


@pytest.mark.parametrize("model", ["sonar-reasoning", "sonar ", "perplexity/sonar", "gpt", ""])
async def test_an_unknown_or_retired_model_is_an_invalid_model(model: str) -> None:
    error = await refusal(body(model=model))

    assert error["type"] == "invalid_model"
    assert error["message"] == (
        f"Invalid model '{model}'. Permitted models can be found in the documentation at "
        "https://docs.perplexity.ai/docs/getting-started/models."
    )


async def test_a_demo_can_be_told_to_take_another_model() -> None:
    response = await asked(
        "#demo:echo hi", demo=Demo(sonar="answers", extra_models=["sonar-reasoning"]), model="sonar-reasoning"
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    "roles",
    [("user", "user"), ("assistant", "user"), ("user", "system", "user"), ("user", "assistant", "assistant")],
)
async def test_roles_must_alternate(roles: tuple[str, ...]) -> None:
    error = await refusal(body(messages=turns(*roles)))
    assert (error["type"], error["message"]) == ("invalid_message", ALTERNATE)


@pytest.mark.parametrize("roles", [("system",), ("user", "assistant"), ("system", "user", "assistant")])
async def test_the_last_message_must_be_of_the_user(roles: tuple[str, ...]) -> None:
    error = await refusal(body(messages=turns(*roles)))
    assert (error["type"], error["message"]) == ("invalid_message", "Last message must have role `user` or `tool`.")


@pytest.mark.parametrize("roles", [("system", "system", "user"), ("user", "assistant", "tool")])
async def test_regular_conversations_are_taken(roles: tuple[str, ...]) -> None:
    response = await asked(messages=turns(*roles))
    assert response.status_code == 200


WRONG = {
    "search_recency_filter": ("", "Input should be 'hour', 'day', 'week', 'month' or 'year'"),
    "search_mode": ("images", "Input should be 'web', 'academic' or 'sec'"),
    "stream": ("yes", "Input should be a valid boolean"),
    "stream_mode": ("terse", "Input should be 'full' or 'concise'"),
    "temperature": (2, "Input should be less than 2"),
    "top_p": (1.5, "Input should be less than or equal to 1"),
    "top_k": (-1, "Input should be greater than or equal to 0"),
    "max_tokens": (0, "Input should be greater than or equal to 1"),
    "n": (11, "Input should be less than or equal to 10"),
    "reasoning_effort": ("huge", "Input should be 'minimal', 'low', 'medium' or 'high'"),
    "search_after_date_filter": ("2024-01-31", "Input should be a date in the format %m/%d/%Y"),
    "last_updated_before_filter": ("2/31/2024", "Input should be a date that exists"),
    "search_language_filter": (["EN"], "Input should be an ISO 639-1 language code"),
    "search_domain_filter": (["a.example", "-b.example"], "Allowed and denied domains cannot be mixed"),
    "return_images": (1, "Input should be a valid boolean"),
    "messages": (None, "Field required"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_value_is_named_with_its_place(name: str) -> None:
    value, problem = WRONG[name]

    error = await refusal(body(**{name: value}))

    assert error["type"] == "bad_request"
    assert json.loads(error["message"]) == [f"At body -> {name}: {problem}"]


async def test_several_wrong_values_are_all_named() -> None:
    options = {"search_context_size": "vast", "user_location": {"latitude": 91}}

    error = await refusal(body(temperature="hot", web_search_options=options))

    assert json.loads(error["message"]) == [
        "At body -> temperature: Input should be a valid number",
        "At body -> web_search_options -> search_context_size: Input should be 'low', 'medium' or 'high'",
        "At body -> web_search_options -> user_location -> latitude: Input should be less than or equal to 90",
    ]


async def test_more_than_twenty_domains_have_their_own_refusal() -> None:
    error = await refusal(body(search_domain_filter=[f"{number}.example" for number in range(21)]))
    assert error["type"] == "invalid_search_domain_filter"
    assert error["message"] == "Validation error: search_domain_filters has a max length of 20"


async def test_too_few_tokens_have_their_own_refusal() -> None:
    error = await refusal(body(max_tokens=15))
    assert (error["type"], error["message"]) == ("invalid_parameter", "max_tokens must be at least 16 for sonar.")


async def test_problems_are_told_in_the_order_of_the_service() -> None:
    wrong = body(
        model="gpt", messages=turns("assistant"), search_mode="x", max_tokens=3, search_domain_filter=["a.example"] * 21
    )
    kinds = []
    for repair in (
        {"model": "sonar"},
        {"messages": turns("user")},
        {"search_mode": "web"},
        {"search_domain_filter": []},
    ):
        kinds.append((await refusal(wrong))["type"])
        wrong |= repair
    kinds.append((await refusal(wrong))["type"])

    assert kinds == [
        "invalid_model",
        "invalid_message",
        "bad_request",
        "invalid_search_domain_filter",
        "invalid_parameter",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://pictures.example/a.png",
        data_uri(PNG, "webp"),
        "data:image/png;base64,%%%",
        data_uri(b"<svg/>"),
        data_uri(PNG[:8] + bytes(20 * 1024 * 1024)),
    ],
    ids=["address", "type", "base64", "bytes", "size"],
)
async def test_a_picture_that_is_no_data_uri_of_a_known_kind_is_refused(url: str) -> None:
    error = await refusal(body(messages=[{"role": "user", "content": image(url)}]))
    assert error["type"] == "invalid_message"


async def test_pictures_go_neither_to_deep_research_nor_with_a_pattern() -> None:
    messages = [{"role": "user", "content": image(data_uri(PNG))}]

    research = await refusal(body(model="sonar-deep-research", messages=messages))
    pattern = {"type": "regex", "regex": {"regex": "[a-z]+"}}
    with_pattern = await refusal(body(messages=messages, response_format=pattern))

    assert "sonar-deep-research" in research["message"]
    assert "regex" in with_pattern["message"]


async def test_a_picture_is_taken_and_counted() -> None:
    response = await asked(messages=[{"role": "user", "content": image(data_uri(PNG))}])
    assert response.status_code == 200
    assert "1 × 1" in response.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize("raw", [b"", b"{", b'{"model": "\\ud800"}', b"\xff", b"[]", b'"text"'])
async def test_a_body_that_is_no_json_object_is_a_bad_request(raw: bytes) -> None:
    async with in_process() as client:
        response = await client.post("/chat/completions", content=raw)
    assert (response.status_code, response.json()["error"]["type"]) == (400, "bad_request")


async def test_a_deeply_nested_body_is_refused_like_any_other() -> None:
    async with in_process() as client:
        response = await client.post("/chat/completions", content=b'{"model":' + b"[" * 900 + b"]" * 900 + b"}")
    assert response.status_code == 400


@pytest.mark.parametrize(
    "messages", ["text", [], [1], [{"role": "user", "content": 3}], [{"role": "user", "content": [{"type": "text"}]}]]
)
async def test_messages_that_are_none_are_a_bad_request(messages: Any) -> None:
    assert (await refusal(body(messages=messages)))["type"] == "bad_request"


@pytest.mark.parametrize(
    "wanted",
    [
        {"type": "xml"},
        {"type": "json_schema"},
        {"type": "json_schema", "json_schema": {"schema": {"$ref": "#"}}},
        {"type": "json_schema", "json_schema": {"schema": {"type": "array", "minItems": "many"}}},
        {"type": "regex", "regex": {"regex": "(?=x)y"}},
        {"type": "regex", "regex": {"regex": "((a{9999}){9999}){9999}"}},
    ],
)
async def test_formats_that_cannot_be_honoured_are_refused(wanted: dict[str, Any]) -> None:
    assert (await refusal(body(response_format=wanted)))["type"] == "bad_request"


@pytest.mark.parametrize("header", ["", "Bearer ", "Basic abc", "Bearer pplx-bad", "Bearer pplx-no-credits"])
async def test_a_missing_or_refused_key_gets_a_page_of_html(header: str) -> None:
    async with in_process() as client:
        response = await client.post("/chat/completions", json=body(), headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["content-type"].startswith("text/html")
    assert "401 Authorization Required" in response.text


async def test_other_paths_and_methods_are_told_apart() -> None:
    async with in_process() as client:
        missing = await client.get("/v1/unknown")
        method = await client.get("/chat/completions")

    assert (missing.status_code, missing.json()["error"]["code"]) == (404, 404)
    assert (method.status_code, method.headers["allow"]) == (405, "POST")
    assert all(response.headers["x-request-id"] for response in (missing, method))


@pytest.mark.parametrize("path", ["/chat/completions", "/v1/chat/completions", "/v1/sonar"])
async def test_the_chat_has_three_paths(path: str) -> None:
    async with in_process() as client:
        response: httpx.Response = await client.post(path, json=body("#demo:echo hi"), headers=KEY)
    assert response.json()["choices"][0]["message"]["content"] == "hi"
