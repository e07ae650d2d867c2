"""The offline gateway answers as the real one does, also where that is odd (docs/gateway.md, "On the wire")."""

import io
import json
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.serving import PLAIN
from upstream.connections import InProcess
from upstream.demo import server
from upstream.demo.drawing import picture
from upstream.demo.gateway.routes import DemoGateway
from upstream.sse import Messages

KEY = {"Authorization": "Bearer right"}
QUESTION = {"query": "What is a list? #demo:fast"}
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


def client(gateway: DemoGateway, headers: dict[str, str] = KEY) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=InProcess(gateway.handle), base_url="http://gateway", headers=headers)


@pytest.fixture
async def open_gateway() -> AsyncIterator[httpx.AsyncClient]:
    async with client(DemoGateway(snapshots_per_second=0)) as opened:
        yield opened


def complaint(response: httpx.Response) -> tuple[int, str, str]:
    error = response.json()["error"]
    assert list(error) == ["code", "message"]
    return response.status_code, error["code"], error["message"]


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "missing or invalid authorization header"),
        ({"Authorization": "Basic x"}, "missing or invalid authorization header"),
        ({"Authorization": "Bearer"}, "missing or invalid authorization header"),
        ({"Authorization": "Bearer  right"}, "missing or invalid authorization header"),
        ({"Authorization": "Bearer wrong"}, "api key does not match"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/models", "/v1/search", "/nowhere"])
async def test_a_key_is_asked_for_everywhere_but_for_the_health_check(
    headers: dict[str, str], message: str, path: str
) -> None:
    async with client(DemoGateway(key="right"), headers) as asking:
        assert complaint(await asking.get(path)) == (401, "unauthorized", message)
        assert (await asking.get("/health")).json() == {"status": "ok"}


async def test_unknown_paths_and_wrong_methods_have_no_words(open_gateway: httpx.AsyncClient) -> None:
    nowhere, wrong = await open_gateway.get("/nowhere"), await open_gateway.get("/v1/search")

    assert (nowhere.status_code, nowhere.content) == (404, b"")
    assert (wrong.status_code, wrong.content, wrong.headers["allow"]) == (405, b"", "POST")


async def test_json_is_indented_and_ends_a_line_unless_asked_otherwise(open_gateway: httpx.AsyncClient) -> None:
    assert (await open_gateway.get("/health")).content == b'{\n  "status": "ok"\n}\n'
    assert (await open_gateway.get("/health?pretty=0")).content == b'{"status":"ok"}\n'
    assert (await open_gateway.get("/health?pretty=no")).content == b'{\n  "status": "ok"\n}\n'
    twice = await open_gateway.get("/health?pretty=0&pretty=1")
    assert (twice.status_code, twice.headers["content-type"]) == (400, "text/plain; charset=utf-8")


async def test_it_lists_its_models(open_gateway: httpx.AsyncClient) -> None:
    listed = (await open_gateway.get("/v1/models")).json()

    assert list(listed) == ["search", "reason", "research", "defaults"]
    assert [len(listed["search"]), len(listed["reason"])] == [8, 9]
    assert listed["research"]["name"] == "pplx_alpha"
    assert listed["defaults"] == {"search": "sonar", "reason": "sonar-reasoning"}


SEARCH_MODELS = "turbo, sonar, sonar-pro, gemini-3-flash, gpt-5.4, gpt-5.2, claude-4.6-sonnet, grok-4.1"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({}, "invalid_request", "missing field `query` at line 1 column 2"),
        ({"query": " "}, "invalid_request", "query can't be empty"),
        ({"query": 3}, "invalid_request", "invalid type: integer `3`, expected a string at line 1 column 10"),
        ({"query": None}, "invalid_request", "invalid type: null, expected a string at line 1 column 13"),
        (
            {"query": "x", "mode": "foo"},
            "invalid_request",
            "unknown variant `foo`, expected one of `search`, `reason`, `research` at line 1 column 25",
        ),
        (
            {"query": "x", "sources": ["foo"]},
            "invalid_request",
            "unknown source 'foo', try one of: web, scholar, social",
        ),
        (
            {"query": "x", "mode": "reason", "attachments": ["https://a.example/x.png"]},
            "invalid_request",
            "attachments are only supported in search mode",
        ),
        (
            {"query": "x", "mode": "reason", "follow_up": {"attachments": ["https://a.example/x.png"]}},
            "invalid_request",
            "attachments are only supported in search mode",
        ),
        (
            {"query": "x", "mode": "research", "model": "sonar"},
            "invalid_request",
            "research mode doesn't take a model",
        ),
        ({"query": "x", "model": ""}, "invalid_model", f"unknown model '', try one of: {SEARCH_MODELS}"),
        (
            {"query": "x", "model": "sonar-reasoning"},
            "invalid_model",
            f"unknown model 'sonar-reasoning', try one of: {SEARCH_MODELS}",
        ),
    ],
)
@pytest.mark.parametrize("path", ["/v1/search", "/v1/search/stream"])
async def test_what_is_wrong_with_a_question_is_said_in_its_words(
    open_gateway: httpx.AsyncClient, path: str, body: dict[str, Any], code: str, message: str
) -> None:
    assert complaint(await open_gateway.post(path, json=body)) == (400, code, message)


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("text/plain", b"{}", "unsupported content-type, use application/json"),
        ("application/json", b"", "EOF while parsing a value at line 1 column 0"),
        ("application/json", b"{", "EOF while parsing an object at line 1 column 1"),
        ("application/json", b"{nope}", "key must be a string at line 1 column 2"),
    ],
)
async def test_what_is_no_json_is_refused(
    open_gateway: httpx.AsyncClient, kind: str, content: bytes, message: str
) -> None:
    response = await open_gateway.post("/v1/search", content=content, headers={"Content-Type": kind})

    assert complaint(response) == (400, "invalid_request", message)


async def test_a_body_without_a_type_or_beyond_two_mib_is_refused(open_gateway: httpx.AsyncClient) -> None:
    untyped = await open_gateway.post("/v1/search", content=b"{}")
    large = await open_gateway.post("/v1/search", json={"query": "x" * 2**21})

    assert complaint(untyped)[2] == "content-type is missing, use application/json"
    assert (large.status_code, large.text) == (413, "Failed to buffer the request body: length limit exceeded")


async def test_an_answer_names_its_results_and_where_to_go_on(open_gateway: httpx.AsyncClient) -> None:
    first = (await open_gateway.post("/v1/search", json=QUESTION)).json()
    assert list(first) == ["id", "mode", "model", "answer", "web_results", "follow_up"]
    assert (first["mode"], first["model"]) == ("search", "sonar")
    assert first["web_results"]
    assert all(list(result) == ["name", "url", "snippet"] for result in first["web_results"])

    again = await open_gateway.post("/v1/search", json={"query": "And a tuple?", "follow_up": first["follow_up"]})
    lost = {"backend_uuid": "00000000-0000-4000-8000-000000000000", "attachments": []}
    elsewhere = await open_gateway.post("/v1/search", json={"query": "And a tuple?", "follow_up": lost})

    assert "began with “What is a list?”" in again.json()["answer"]
    assert "began with" not in elsewhere.json()["answer"]
    assert again.json()["follow_up"]["backend_uuid"] != first["follow_up"]["backend_uuid"]


async def streamed(gateway: httpx.AsyncClient, *switches: str) -> tuple[str, list[tuple[str, Any]]]:
    """The whole stream as text, and its events with their data."""
    query = "What is a list? " + " ".join(f"#demo:{switch}" for switch in ("fast", *switches))
    response = await gateway.post("/v1/search/stream", json={"query": query})
    assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream")
    return response.text, [(message.event, json.loads(message.data)) for message in Messages().feed(response.content)]


async def test_the_stream_is_snapshots_and_one_last_object(open_gateway: httpx.AsyncClient) -> None:
    text, events = await streamed(open_gateway)
    snapshots = [data for event, data in events if event == "message"]
    answers = [snapshot["answer"] for snapshot in snapshots]

    assert text.startswith('event: message\ndata: {"answer":null,"web_results":[]}\n\nevent: message\ndata: {"answer"')
    assert "\r" not in text
    assert events[-1][0] == "done"
    assert all(longer.startswith(shorter) for shorter, longer in pairwise(answers[1:]))
    assert any(one == other for one, other in pairwise(answers[1:]))
    assert events[-1][1]["answer"] == answers[-1]
    assert events[-1][1]["follow_up"]["backend_uuid"]


async def test_the_stream_misbehaves_on_demand(open_gateway: httpx.AsyncClient) -> None:
    _, events = await streamed(open_gateway, "done_null_answer")
    assert (events[-1][1]["answer"], events[-1][1]["web_results"]) == (None, [])
    assert events[-2][1]["answer"]

    _, events = await streamed(open_gateway, "single_late_snapshot")
    assert [bool(data["answer"]) for _, data in events] == [False, False, True, True]

    _, events = await streamed(open_gateway, "shrinking_results")
    counts = [len(data["web_results"]) for event, data in events if event == "message"]
    assert counts != sorted(counts)

    _, events = await streamed(open_gateway, "rewrite")
    answers = [data["answer"] for event, data in events if event == "message" and data["answer"]]
    assert not all(longer.startswith(shorter) for shorter, longer in pairwise(answers))

    _, events = await streamed(open_gateway, "empty_stream")
    assert events == [
        (
            "error",
            {"error": {"code": "perplexity_error", "message": "the stream closed before any events came through"}},
        )
    ]

    _, events = await streamed(open_gateway, "idle_timeout")
    assert events[-1] == (
        "error",
        {"error": {"code": "upstream_timeout", "message": "the stream took longer than 30s"}},
    )

    _, events = await streamed(open_gateway, "close_without_done")
    assert {event for event, _ in events} == {"message"}

    text, _ = await streamed(open_gateway, "keepalive")
    assert "\n\n:\n\nevent" in text


async def test_trouble_behind_it_hides_in_a_502(open_gateway: httpx.AsyncClient) -> None:
    for status, words in ((429, "Too Many Requests"), (401, "Unauthorized"), (403, "Forbidden")):
        response = await open_gateway.post("/v1/search", json={"query": f"x #demo:upstream_{status}"})
        assert complaint(response)[:2] == (502, "perplexity_error")
        assert complaint(response)[2].startswith(
            f"perplexity returned {status}: HTTP status client error ({status} {words})"
        )


def upload(*files: tuple[str, bytes, str | None], field: str = "files") -> list[tuple[str, Any]]:
    return [(field, (name, data, kind)) for name, data, kind in files]


async def test_uploads_keep_their_order_and_get_the_type_that_their_bytes_have(
    open_gateway: httpx.AsyncClient,
) -> None:
    response = await open_gateway.post(
        "/v1/attachments", files=upload(("b.png", b"\xff\xd8\xff" + b"j" * 9, "image/png"), ("a b.png", PNG, None))
    )

    kept = response.json()["attachments"]
    assert [(one["filename"], one["content_type"], one["size_bytes"]) for one in kept] == [
        ("b.png", "image/jpeg", 12),
        ("a b.png", "image/png", 28),
    ]
    assert list(kept[0]) == ["url", "file_uuid", "filename", "content_type", "size_bytes"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (upload(*[("a.png", PNG, None)] * 11), "at most 10 files are allowed"),
        (upload(("a.png", PNG, None), field="file"), "unsupported multipart field, use repeated files fields"),
        (upload(("a.png", b"", "image/png")), "uploaded file 'a.png' is empty"),
        (upload(("a.png", b"%PDF-1.7", "image/png")), "uploaded file 'a.png' is not a supported image"),
        (upload(("a.txt", b"words", "text/plain")), "unsupported content type 'text/plain', use an image file"),
    ],
)
async def test_a_wrong_upload_is_refused_in_its_words(
    open_gateway: httpx.AsyncClient, files: Sequence[tuple[str, Any]], message: str
) -> None:
    assert complaint(await open_gateway.post("/v1/attachments", files=files)) == (400, "invalid_request", message)


async def test_ten_files_are_taken_and_none_is_too_few(open_gateway: httpx.AsyncClient) -> None:
    ten = await open_gateway.post("/v1/attachments", files=upload(*[("a.png", PNG, None)] * 10))
    none = await open_gateway.post(
        "/v1/attachments", content=b"--b--\r\n", headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    unbound = await open_gateway.post("/v1/attachments", content=b"", headers={"Content-Type": "multipart/form-data"})

    assert len(ten.json()["attachments"]) == 10
    assert complaint(none)[2] == "at least one file is required"
    assert complaint(unbound)[2] == "invalid multipart form-data: Invalid `boundary` for `multipart/form-data` request"


async def test_the_whole_upload_has_a_limit_that_nobody_promised() -> None:
    files = upload(("a.png", PNG + b"x" * 2**21, None))
    async with client(DemoGateway()) as limited, client(DemoGateway(limited=False)) as free:
        assert complaint(await limited.post("/v1/attachments", files=files))[2] == (
            "couldn't read uploaded file 'a.png': Error parsing `multipart/form-data` request"
        )
        assert (await free.post("/v1/attachments", files=files)).status_code == 200
        too_large = await free.post("/v1/attachments", files=upload(("a.png", PNG + b"x" * 10_485_760, None)))
        assert complaint(too_large)[2] == "uploaded file 'a.png' exceeds the 10485760-byte limit"


@pytest.mark.parametrize(("code", "status"), [("failed_moderation", 400), ("too_large", 400), ("rate_limited", 502)])
async def test_the_service_behind_may_reject_an_upload(open_gateway: httpx.AsyncClient, code: str, status: int) -> None:
    response = await open_gateway.post(
        "/v1/attachments", files=upload(("a.png", PNG, None)), headers={"X-Demo-Switches": f"rejected={code}"}
    )

    assert complaint(response)[0] == status
    assert complaint(response)[2] == f"perplexity rejected the upload: {code}"


async def test_a_prompt_becomes_a_picture(open_gateway: httpx.AsyncClient) -> None:
    made = (await open_gateway.post("/v1/images", json={"prompt": "A red lighthouse at night"})).json()

    assert list(made) == ["id", "model", "prompt", "image_generation", "images", "answer", "follow_up"]
    one = made["images"][0]
    names = ["url", "thumbnail_url", "download_url", "mime_type", "source", "generation_model", "prompt"]
    assert list(one) == names
    assert (one["source"], one["generation_model"]) == ("seedream-router", "seedream")
    fetched = await open_gateway.get(one["url"])
    with Image.open(io.BytesIO(fetched.content)) as image:
        assert (image.format, image.size) == ("PNG", (1024, 1024))


async def test_pictures_fail_on_demand(open_gateway: httpx.AsyncClient) -> None:
    async def ask(prompt: str, **more: Any) -> httpx.Response:
        return await open_gateway.post("/v1/images", json={"prompt": prompt, **more})

    assert complaint(await ask("x #demo:text_only")) == (
        502,
        "perplexity_error",
        "the upstream response did not include generated images",
    )
    assert complaint(await ask("x #demo:timeout"))[:2] == (504, "upstream_timeout")
    assert complaint(await ask(" "))[2] == "prompt can't be empty"
    assert complaint(await ask("x", model="sonar-reasoning"))[1] == "invalid_model"
    assert len((await ask("x #demo:two")).json()["images"]) == 2
    bare = (await ask("x #demo:bare")).json()["images"][0]
    assert [name for name, value in bare.items() if value is not None] == ["url"]


def test_the_same_prompt_is_the_same_picture_and_another_one_is_not() -> None:
    pictures = [picture(prompt) for prompt in ("A cat", "A boat", "A red boat", "Justice", "Mercy")]

    assert picture("A cat") == pictures[0]
    assert len({*pictures, picture("A cat", number=1)}) == 6


async def test_it_can_be_served_on_a_port() -> None:
    running = await server.serve(demo=DemoGateway(snapshots_per_second=0))
    try:
        async with httpx.AsyncClient(base_url=running.address, **PLAIN) as asking:
            made = (await asking.post("/v1/images", json={"prompt": "A boat"})).json()
            assert (await asking.get(made["images"][0]["url"])).content == picture("A boat")
    finally:
        await running.close()
