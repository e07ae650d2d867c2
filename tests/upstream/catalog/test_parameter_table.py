"""Every row of the table of parameters, byte for byte as it leaves; and what must be refused does not leave."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import orjson
import pytest

from tests.upstream.catalog.parameter_table import CLOSING, EVERY, JSON_FORMAT, MODELS, REGEX_FORMAT, ROWS, search
from upstream.catalog.rules import refusals
from upstream.client import Client
from upstream.endpoints import Endpoint
from upstream.errors import InvalidRequest
from upstream.requests import AskRequest, Document, Picture, Turn, validate_request
from upstream.sonar import request as sonar_request

PICTURE = Picture("image/png", b"\x89PNG\r\n\x1a\n")
PAPER = Document("light.txt", "text/plain", b"Automated in 1998.")
MESSAGES = '"messages":[{"role":"user","content":"When?"}]'
TAKEN = [(row, letter) for row in ROWS for letter in row.takes]
REFUSED = [(row.name, row.options, letter) for row in ROWS for letter in row.refuses]
REFUSED += [(name, options, letter) for name, options, letters in CLOSING for letter in letters]


class Recorder(httpx.AsyncBaseTransport):
    """An upstream that keeps what arrives, to the byte, and answers `done`."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.paths: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append((await request.aread()).decode())
        self.paths.append(request.url.path)
        if "/async/" in request.url.path:
            return httpx.Response(400, json={"error": {"message": "enough", "type": "bad_request", "code": 400}})
        kind = {"Content-Type": "text/event-stream"}
        return httpx.Response(200, headers=kind, content=b'data: {"choices":[{"finish_reason":"stop"}]}\n\n')


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def client(recorder: Recorder) -> AsyncIterator[Client]:
    endpoint = Endpoint(base_url="https://api.example", api_key="pplx-test")
    client = Client(endpoint=endpoint, transport=recorder)
    yield client
    await client.aclose()


def asked(letter: str, options: dict[str, Any], *parts: Picture | Document, **more: Any) -> AskRequest:
    return AskRequest(model=MODELS[letter], turns=[Turn("user", "When?", parts)], options=options, **more)


async def ask(client: Client, request: AskRequest) -> None:
    async for _event in client.ask(request):
        pass


def names(value: Any) -> str:
    return str(getattr(value, "name", value if isinstance(value, str) else ""))


@pytest.mark.parametrize(("row", "letter"), TAKEN, ids=names)
async def test_what_a_model_takes_is_sent_byte_for_byte(client: Client, recorder: Recorder, row: Any, letter: str):
    await ask(client, asked(letter, row.options))
    assert recorder.bodies == [f'{{"model":"{MODELS[letter]}",{MESSAGES}{row.sent},"stream":true}}']
    assert recorder.paths == ["/chat/completions"]


@pytest.mark.parametrize("letter", EVERY)
def test_without_a_stream_none_is_asked_for(letter: str):
    body = orjson.dumps(sonar_request.sonar_body(asked(letter, {"top_k": 3}), stream=False)).decode()
    assert body == f'{{"model":"{MODELS[letter]}",{MESSAGES},"top_k":3}}'


@pytest.mark.parametrize("letter", EVERY)
async def test_the_system_message_comes_first(client: Client, recorder: Recorder, letter: str):
    turns = [Turn("system", "Be brief."), Turn("user", "When?"), Turn("assistant", "In 1998."), Turn("user", "Why “?")]
    await ask(client, AskRequest(model=MODELS[letter], turns=turns))
    assert recorder.bodies == [
        f'{{"model":"{MODELS[letter]}","messages":[{{"role":"system","content":"Be brief."}},'
        '{"role":"user","content":"When?"},{"role":"assistant","content":"In 1998."},'
        '{"role":"user","content":"Why “?"}],"stream":true}'
    ]


@pytest.mark.parametrize("letter", "SPRE")
async def test_a_picture_is_sent_as_a_data_uri(client: Client, recorder: Recorder, letter: str):
    await ask(client, asked(letter, {}, PICTURE))
    assert recorder.bodies == [
        f'{{"model":"{MODELS[letter]}","messages":[{{"role":"user","content":[{{"type":"text","text":"When?"}},'
        '{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}],"stream":true}'
    ]


@pytest.mark.parametrize("letter", "SPRE")
async def test_a_file_is_sent_in_base64_without_a_prefix(client: Client, recorder: Recorder, letter: str):
    await ask(client, asked(letter, {}, PAPER))
    assert recorder.bodies == [
        f'{{"model":"{MODELS[letter]}","messages":[{{"role":"user","content":[{{"type":"text","text":"When?"}},'
        '{"type":"file_url","file_url":{"url":"QXV0b21hdGVkIGluIDE5OTgu"},"file_name":"light.txt"}]}],"stream":true}'
    ]


@pytest.mark.parametrize("letter", "SPRE")
async def test_a_picture_goes_together_with_a_schema(client: Client, recorder: Recorder, letter: str):
    await ask(client, asked(letter, {"response_format": JSON_FORMAT}, PICTURE))
    assert len(recorder.bodies) == 1


async def test_deep_research_is_submitted_to_the_asynchronous_endpoint(client: Client, recorder: Recorder):
    request = asked("D", {"reasoning_effort": "low"}, background=True, key="0001")
    with pytest.raises(InvalidRequest):
        await ask(client, request)
    assert recorder.paths == ["/async/chat/completions"]
    assert recorder.bodies == [
        f'{{"request":{{"model":"sonar-deep-research",{MESSAGES},"reasoning_effort":"low"}},"idempotency_key":"0001"}}'
    ]


# --- What never leaves -------------------------------------------------------------------------------


async def sends_nothing(client: Client, recorder: Recorder, request: AskRequest) -> None:
    ways: list[Callable[[], Any]] = [lambda: ask(client, request)]
    if request.model == MODELS["D"]:
        background = AskRequest(request.model, request.turns, options=request.options, background=True, key="1")
        ways.append(lambda: ask(client, background))
    for way in ways:
        with pytest.raises(InvalidRequest) as refused:
            await way()
        assert refused.value.message.endswith(".")
    assert recorder.bodies == []


@pytest.mark.parametrize(("name", "options", "letter"), REFUSED, ids=names)
async def test_what_a_model_does_not_take_never_leaves(
    client: Client, recorder: Recorder, name: str, options: dict[str, Any], letter: str
):
    assert refusals(MODELS[letter], options), name
    await sends_nothing(client, recorder, asked(letter, options))


async def test_no_picture_leaves_for_deep_research(client: Client, recorder: Recorder):
    await sends_nothing(client, recorder, asked("D", {}, PICTURE))


async def test_no_file_leaves_for_deep_research(client: Client, recorder: Recorder):
    await sends_nothing(client, recorder, asked("D", {}, PAPER))


@pytest.mark.parametrize("letter", EVERY)
async def test_no_picture_leaves_with_an_expression(client: Client, recorder: Recorder, letter: str):
    await sends_nothing(client, recorder, asked(letter, {"response_format": REGEX_FORMAT}, PICTURE))


@pytest.mark.parametrize("kind", ["pro", "auto"])
def test_no_search_in_several_steps_leaves_without_a_stream(kind: str):
    with pytest.raises(InvalidRequest, match="streamed"):
        validate_request(asked("P", search(search_type=kind)), stream=False)
