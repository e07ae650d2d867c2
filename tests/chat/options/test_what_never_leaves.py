"""What each model refuses, and what all of them refuse together, typed into the product's own form: nothing leaves.

The other side is a bare HTTP server that counts whatever reaches it.
"""

import html
import io
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.chat.options.keeping_upstream import KeepingUpstream, keeping_upstream
from tests.questions import Asked, watch
from tests.serving import Server
from tests.stores import Store
from tests.upstream.catalog.parameter_table import CLOSING, EVERY, MODELS, REGEX_FORMAT, ROWS

LIVING = EVERY.replace("R", "")  # sonar-reasoning is retired: nobody can choose it any more
TYPED = [(row.name, row.options, letter) for row in ROWS for letter in row.refuses]
TYPED += [(name, options, letter) for name, options, letters in CLOSING for letter in letters if "empty" not in name]
BY_REGEX = {"response_format": REGEX_FORMAT}
ANSWER = b'data: {"choices":[{"delta":{"content":"Yes."},"finish_reason":"stop"}]}\n\n'


@pytest.fixture(scope="module")
def upstream() -> Iterator[KeepingUpstream]:
    with keeping_upstream(answer=ANSWER, marks=b'"messages"') as server:
        yield server


@pytest.fixture(scope="module")
def own_server(
    template: Store, tmp_path_factory: pytest.TempPathFactory, upstream: KeepingUpstream
) -> Iterator[Server]:
    env = {
        "PERPLEXITY_BASE_URL": f"http://127.0.0.1:{upstream.server_port}",
        "PERPLEXITY_API_KEY": "pplx-test",
        "PERPLEXITY_PROVIDER": "sonar",
    }
    server = Server(template.copy(tmp_path_factory.mktemp("c1") / "data"), env=env).start()
    yield server
    server.close()


def typed(options: dict[str, Any], *path: str) -> dict[str, str]:
    """The options as somebody types them into the form."""
    found: dict[str, str] = {}
    for name, value in options.items():
        where = f"o.{'.'.join((*path, name))}"
        if name == "response_format":
            kind = value["type"]
            inner = value[kind]["regex"] if kind == "regex" else json.dumps(value[kind]["schema"])
            found |= {where: kind, f"{where}:{'regex' if kind == 'regex' else 'schema'}": inner}
        elif isinstance(value, dict):
            found |= typed(value, *path, name)
        elif isinstance(value, bool):
            found[where] = "on" if value else "off"
        else:
            found[where] = "\n".join(value) if isinstance(value, list) else str(value)
    return found


def send(server: Server, model: str, fields: dict[str, Any]) -> httpx.Response:
    data = {"text": "When?", "model": model, "key": str(uuid.uuid4()), **fields}
    return server.client("alice").post("/ask/", data=data)


@pytest.mark.parametrize(("name", "options", "letter"), TYPED)
def test_nothing_leaves_and_the_reason_is_told(
    own_server: Server, upstream: KeepingUpstream, name: str, options: dict[str, Any], letter: str
) -> None:
    before = len(upstream.bodies)
    response = send(own_server, MODELS[letter], typed(options))
    assert response.status_code == 422, name
    told = re.findall(r'class="(?:field-error|composer-problem)".*?</div>', html.unescape(response.text), re.S)
    assert any("<p" in place for place in told)
    assert len(upstream.bodies) == before
    assert own_server.rows("SELECT count(*) FROM chat_question") == [(0,)]


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("letter", "options", "says"),
    [("D", {}, "doesn’t accept images"), *((letter, BY_REGEX, "regular expression") for letter in LIVING)],
)
def test_no_picture_leaves_where_none_is_taken(
    own_server: Server, upstream: KeepingUpstream, letter: str, options: dict[str, Any], says: str
) -> None:
    before = len(upstream.bodies)
    client = own_server.client("alice")
    uploaded = client.post("/attachments/", files={"file": ("red.png", picture(), "image/png")})
    found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", uploaded.text)
    assert found, uploaded.text
    response = send(own_server, MODELS[letter], {**typed(options), "attachment": found[0]})
    assert response.status_code == 422
    assert says in html.unescape(response.text)
    assert len(upstream.bodies) == before


def test_fields_that_were_left_empty_are_not_sent(own_server: Server, upstream: KeepingUpstream) -> None:
    empty = [options for name, options, _letters in CLOSING if "empty" in name]
    fields = {field: "" for options in empty for field in typed(options)}
    response = send(
        own_server, "sonar", {**fields, "o.return_related_questions": "off", "o.top_p": "", "o.stop": " \n"}
    )
    assert response.status_code == 302
    conversation, _, answer = response.headers["location"].removeprefix("/c/").partition("/#answer-")
    watch(own_server.client("alice"), Asked(conversation, answer))
    assert upstream.bodies[-1] == (
        b'{"model":"sonar","messages":[{"role":"user","content":"When?"}],'
        b'"return_related_questions":false,"stream":true}'
    )
