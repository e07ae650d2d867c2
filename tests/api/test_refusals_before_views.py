"""What programs are told where no view is asked: a request is too large, or something is down. JSON, in English."""

from typing import Any

import orjson
import psycopg.errors
import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from api.faults import is_for_programs
from config.middleware.outages import OutagePages, server_error
from config.middleware.request_bodies import LARGEST_FORM, LARGEST_REQUEST_OF_A_PROGRAM, SMALL_FORM
from files.errors import StorageDown
from tests.api.making import token_on_page
from tests.serving import Server

CHAT = "/v1/chat/completions"


def error_in(body: bytes) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(body)["error"]
    assert set(found) == {"message", "type", "param", "code"}
    return found


def test_a_request_that_is_not_read_is_refused_in_openais_form(server: Server) -> None:
    token = token_on_page(server.client("alice"), "ask", "draw")
    with server.client() as stranger:
        stranger.headers["Accept-Language"] = "de"
        for secret, path, size, status, code in (
            (token, CHAT, LARGEST_REQUEST_OF_A_PROGRAM, 413, "request_too_large"),
            (token, "/v1/images/generations", LARGEST_FORM, 413, "request_too_large"),
            ("parley_" + "x" * 32, CHAT, SMALL_FORM, 401, "invalid_api_key"),
            ("sk-other", CHAT, SMALL_FORM, 401, "invalid_api_key"),
        ):
            headers = {"Authorization": f"Bearer {secret}"}
            refused = stranger.post(path, content=b" " * (size + 1), headers=headers)
            assert (refused.status_code, error_in(refused.content)["code"]) == (status, code), path
            assert refused.headers["Content-Type"] == "application/json"


def full_disk() -> OperationalError:
    fault = OperationalError()
    fault.__cause__ = psycopg.errors.DiskFull()
    return fault


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (StorageDown(), "The file storage isn’t responding. Try again in a moment."),
        (full_disk(), "The server’s disk is full, so nothing new can be saved."),
    ],
)
def test_an_outage_is_told_to_programs_as_json(fault: Exception, words: str) -> None:
    pages = OutagePages(lambda request: HttpResponse())
    with translation.override("de"):
        told = pages.process_exception(RequestFactory().post(CHAT), fault)
    assert told
    assert (told.status_code, told["Retry-After"]) == (503, "10")
    found = error_in(told.content)
    assert (found["type"], found["code"]) == ("server_error", "unavailable")
    assert found["message"] == words


def test_a_mistake_of_ours_is_told_to_programs_as_json() -> None:
    told = server_error(RequestFactory().post(CHAT))
    assert (told.status_code, error_in(told.content)["code"]) == (500, "internal_error")
    assert server_error(RequestFactory().post("/spaces/"))["Content-Type"].startswith("text/html")


def test_what_is_for_people_is_no_address_of_programs() -> None:
    assert all(map(is_for_programs, (CHAT, "/chat/completions", "/v1/sonar", "/api/search", "/mcp")))
    assert not any(map(is_for_programs, ("/", "/api/", "/account/tokens/", "/c/v1/", "/chat/completions/x", "/v11")))
