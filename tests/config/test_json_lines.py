"""Log lines as JSON, and the ids of requests."""

import json
import logging
import sys
from typing import Any

import pytest
from django.test import Client

from config.logs.json_lines import JsonFormatter
from config.middleware.watched import RequestIds
from core.web.request_ids import current_request_id, note_request_id


def line(message: str, *args: object, error: BaseException | None = None) -> str:
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("chat.worker", logging.WARNING, "x.py", 1, message, args, exc_info)
    return JsonFormatter().format(record)


def test_a_line_is_one_object_whatever_the_message_holds() -> None:
    text = line('Odd "words"\nin %s lines \u2028 of %s', 3, {"a": "é"})
    said = json.loads(text)

    assert "\n" not in text
    assert said["message"] == "Odd \"words\"\nin 3 lines \u2028 of {'a': 'é'}"
    assert (said["level"], said["logger"]) == ("WARNING", "chat.worker")
    assert said["time"].endswith("+00:00")
    assert isinstance(said["process"], int)


def test_no_secret_is_in_it_neither_in_words_nor_in_tracebacks() -> None:
    try:
        raise ValueError("Bearer abcdefgh12345678 and https://user:open-sesame@host/")
    except ValueError:
        text = line("key %s refused", "pplx-AbCdEf0123456789", error=sys.exception())

    said = json.loads(text)
    assert said["error"]["type"] == "ValueError"
    assert "ValueError: Bearer …" in said["error"]["traceback"]
    assert not any(secret in text for secret in ("abcdefgh12345678", "open-sesame", "AbCdEf0123456789"))


@pytest.mark.parametrize(
    ("came", "is_kept"), [("proxy-0123456789", True), ("short", False), ("a" * 65, False), ('x"\\n{"level": 1}', False)]
)
async def test_a_request_keeps_a_well_formed_id_and_gets_one_else(came: str, is_kept: bool) -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(current_request_id())
        seen.append(json.loads(line("Something happened."))["request_id"])

    await RequestIds(app)({"type": "http", "headers": [(b"x-request-id", came.encode())]}, None, None)  # type: ignore[arg-type]

    assert seen[0] == seen[1]
    assert (seen[0] == came) is is_kept
    assert len(seen[0]) == (len(came) if is_kept else 32)


def test_a_response_says_the_id_of_its_request(client: Client) -> None:
    note_request_id("of-this-very-test")
    try:
        assert client.get("/healthz")["X-Request-ID"] == "of-this-very-test"
    finally:
        note_request_id("")
    assert "X-Request-ID" not in client.get("/healthz")
