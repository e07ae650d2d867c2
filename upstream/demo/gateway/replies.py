"""How the gateway speaks: pretty JSON, its errors, its keys (contract B2, B3)."""

import hmac
from typing import Any

import httpx
import orjson

JSON = "application/json; charset=utf-8"

INVALID = "invalid_request"
INVALID_MODEL = "invalid_model"
UNAUTHORIZED = "unauthorized"
PERPLEXITY = "perplexity_error"
TIMEOUT = "upstream_timeout"

_STATUS = {INVALID: 400, INVALID_MODEL: 400, UNAUTHORIZED: 401, PERPLEXITY: 502, TIMEOUT: 504}


class Refused(Exception):
    """The request is answered with an error of the gateway's form."""

    def __init__(self, code: str, message: str, *, status: int = 0) -> None:
        self.code = code
        self.message = message
        self.status = status or _STATUS[code]
        super().__init__(message)

    def body(self) -> dict[str, Any]:
        """`{"error":{"code","message"}}`, keys in this order."""
        return {"error": {"code": self.code, "message": self.message}}


class Plain(Exception):
    """The request is answered by the web framework itself, in plain text or without a word."""

    def __init__(self, status: int, text: str = "", *, allow: str = "") -> None:
        self.response = httpx.Response(status, text=text) if text else httpx.Response(status)
        if text:
            self.response.headers["Content-Type"] = "text/plain; charset=utf-8"
        if allow:
            self.response.headers["Allow"] = allow
        super().__init__(status)


def wants_pretty(request: httpx.Request) -> bool:
    """Whether JSON is to be indented: always, unless the address says `pretty=0`. Raises Plain for several values."""
    said = request.url.params.get_list("pretty")
    if len(said) > 1:
        raise Plain(400, "Failed to deserialize query string: duplicate field `pretty`")
    return said != ["0"]


def json(data: Any, *, pretty: bool, status: int = 200) -> httpx.Response:
    """A JSON response, with a line end after it."""
    options = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if pretty else 0)
    return httpx.Response(status, headers={"Content-Type": JSON}, content=orjson.dumps(data, option=options))


def check_key(request: httpx.Request, key: str) -> None:
    """Raises Refused unless the request carries the key; without a key everybody may come."""
    if not key:
        return
    header = request.headers.get("Authorization", "")
    scheme, _, given = header.partition(" ")
    if not header.isascii() or scheme.lower() != "bearer" or not given or " " in given:
        raise Refused(UNAUTHORIZED, "missing or invalid authorization header")
    if not hmac.compare_digest(given.encode(), key.encode()):
        raise Refused(UNAUTHORIZED, "api key does not match")
