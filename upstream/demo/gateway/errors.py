"""How the gateway speaks: pretty JSON, its errors, its keys."""

import hmac
from typing import Any

import httpx
import orjson

from upstream.demo.responses import Refusal

INVALID = "invalid_request"
INVALID_MODEL = "invalid_model"
UNAUTHORIZED = "unauthorized"
PERPLEXITY = "perplexity_error"
TIMEOUT = "upstream_timeout"

_STATUS = {INVALID: 400, INVALID_MODEL: 400, UNAUTHORIZED: 401, PERPLEXITY: 502, TIMEOUT: 504}


class Refused(Exception):
    """The request is answered with an error of the gateway's form: `{"error":{"code","message"}}`, in this order."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.status = _STATUS[code]
        self.body = {"error": {"code": code, "message": message}}
        super().__init__(message)


def by_framework(status: int, text: str = "", *, allow: str = "") -> Refusal:
    """What the web framework itself answers, in plain text or without a word."""
    headers = {"Content-Type": "text/plain; charset=utf-8"} if text else {}
    return Refusal(httpx.Response(status, headers=headers | ({"Allow": allow} if allow else {}), content=text))


def wants_pretty(request: httpx.Request) -> bool:
    """Whether JSON is to be indented: always, unless the address says `pretty=0`. Raises Refusal for several values."""
    said = request.url.params.get_list("pretty")
    if len(said) > 1:
        raise by_framework(400, "Failed to deserialize query string: duplicate field `pretty`")
    return said != ["0"]


def json(data: Any, request: httpx.Request, *, status: int = 200, pretty: bool | None = None) -> httpx.Response:
    """A JSON response with a line end after it, indented as the request wants, or as `pretty` says. Raises Refusal."""
    indented = wants_pretty(request) if pretty is None else pretty
    options = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if indented else 0)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return httpx.Response(status, headers=headers, content=orjson.dumps(data, option=options))


def check_key(request: httpx.Request, key: str) -> None:
    """Raises Refused unless the request carries the key; without a key everybody may come."""
    header = request.headers.get("Authorization", "")
    scheme, _, given = header.partition(" ")
    if key and (not header.isascii() or scheme.lower() != "bearer" or not given or " " in given):
        raise Refused(UNAUTHORIZED, "missing or invalid authorization header")
    if key and not hmac.compare_digest(given.encode(), key.encode()):
        raise Refused(UNAUTHORIZED, "api key does not match")
