"""The forms in which Perplexity answers: JSON, streams while they are made, and errors as JSON or as a page of HTML."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any

import httpx
import orjson

MODELS_PAGE = "https://docs.perplexity.ai/docs/getting-started/models"

PAGES = {  # the title, and who sends it
    401: ("Authorization Required", "openresty"),
    500: ("Internal Server Error", "openresty"),
    502: ("Bad Gateway", "cloudflare"),
    504: ("Gateway Time-out", "cloudflare"),
    524: ("A timeout occurred", "cloudflare"),
}
ERRORS = {  # the type, and the sentence
    403: ("permission_denied", "You are not allowed to use this resource."),
    404: ("not_found", "The requested resource was not found."),
    405: ("method_not_allowed", "This method is not allowed here."),
    410: ("gone", "This endpoint is no longer available."),
    413: ("request_too_large", "The request body is too large."),
    429: ("rate_limit_exceeded", "Rate limit exceeded, please slow down."),
}


class Refusal(Exception):
    """The request is answered with an error; `response` is that answer."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        super().__init__(response.status_code)


class Body(httpx.AsyncByteStream):
    """A response's bytes while they are made. Closing it ends the making."""

    def __init__(self, source: AsyncGenerator[bytes, None]) -> None:
        self._source = source

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._source

    async def aclose(self) -> None:
        """End the stream, finished or not."""
        await self._source.aclose()


def json_response(body: Any) -> httpx.Response:
    """200 with this JSON."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return httpx.Response(200, headers={"Content-Type": "application/json"}, content=content)


def stream_response(source: AsyncGenerator[bytes, None], parameters: str = "; charset=utf-8") -> httpx.Response:
    """200 with these bytes as they are made; `parameters` are those of the content type."""
    headers = {"Content-Type": f"text/event-stream{parameters}", "Cache-Control": "no-cache"}
    return httpx.Response(200, headers=headers, stream=Body(source))


def envelope(
    status: int, kind: str, message: str, *, param: str = "", headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """`{"error":{"message","type","code","param"?}}`, the form of most refusals."""
    error: dict[str, Any] = {"message": message, "type": kind, "code": status}
    return httpx.Response(status, headers=headers, json={"error": {**error, "param": param} if param else error})


def unprocessable(field: str, message: str = "Field required") -> httpx.Response:
    """422 with `detail`: where in the body something is missing, and what."""
    return httpx.Response(422, json={"detail": [{"loc": ["body", field], "msg": message, "type": "missing"}]})


def plain(status: int, *, message: str = "", headers: Mapping[str, str] | None = None) -> httpx.Response:
    """The answer that belongs to a status: HTML for 401 and trouble in front of the service, JSON otherwise."""
    if status == 422:
        return unprocessable("messages", message or "Field required")
    if status == 503:
        return httpx.Response(status, headers=headers, json={"error": message or "overloaded, try again later"})
    if status in ERRORS:
        kind, text = ERRORS[status]
        return envelope(status, kind, message or text, headers=headers)
    title, server = PAGES[status]
    page = (
        f"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1>"
        f"</center>\r\n<hr><center>{message or server}</center>\r\n</body>\r\n</html>\r\n"
    )
    return httpx.Response(status, headers=headers, html=page)
