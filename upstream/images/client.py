"""An image service: any server that draws as OpenAI's does, `POST /v1/images/generations` (docs/images.md, "Requests").

Pictures and our errors come out; HTTP stays in.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import orjson

from upstream import connections, picture_fetch
from upstream import http as upstream_http
from upstream.connections import Connections
from upstream.drawing import LOST_LARGE, DrawRequest, ImageResponse
from upstream.endpoints import Endpoint
from upstream.errors import InvalidRequest, PictureLost, UpstreamError
from upstream.images import errors as images_errors
from upstream.images import response as images_response
from upstream.images.request import request_body
from upstream.translation import refusals
from upstream.translation.payloads import parse_json

logger = logging.getLogger(__name__)

DEMO = "http://images.demo"

_DRAW_TIME = 600.0  # seconds: without a graphics card one picture takes minutes
_MOST_PATIENCE = 60.0  # seconds that a busy service is waited for before it is asked once more

_NO_PROMPT = "There is nothing to draw: the prompt is empty."
_LOST_ELSEWHERE = "An image was drawn, but its address is neither at the image service nor encrypted."


class ImageService:
    """Speaks with one image service. One of these serves a whole process.

    `at_once` is how many pictures it draws at the same time. `transport` and `sleep` stand in for network and clock;
    `backoff` is the wait in seconds where a busy service names none. `owns_files` says that pictures at the service's
    own address are fetched through the same transport, which is how the demo in this process hands out its own.
    """

    longest = _DRAW_TIME + _MOST_PATIENCE  # seconds

    def __init__(
        self,
        *,
        endpoint: Endpoint,
        response_format: str = "",
        at_once: int = 1,
        transport: httpx.AsyncBaseTransport | None = None,
        owns_files: bool = False,
        connect_timeout: float = 10.0,
        read_timeout: float = _DRAW_TIME,
        backoff: float = 2.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.at_once = at_once
        self._endpoint = endpoint
        self._response_format = response_format
        self._owns_files = owns_files
        self._backoff = backoff
        self._sleep = sleep
        timeout = httpx.Timeout(connect=connect_timeout, read=read_timeout, write=connect_timeout, pool=None)
        self._connections = Connections(transport=transport, timeout=timeout)

    def __repr__(self) -> str:
        return f"ImageService({self._endpoint!r})"

    async def draw(self, request: DrawRequest) -> ImageResponse:
        """Have one picture drawn. It is asked for once, or once more where the service was busy or could not be
        reached. Raises UpstreamError; DrawingUncertain where nobody knows whether something was drawn."""
        if not request.prompt.strip():
            raise InvalidRequest(_NO_PROMPT)
        try:
            return await self._request_picture(request)
        except UpstreamError as error:
            wait = self._backoff if error.wait is None else error.wait
            if not error.repeat or isinstance(error, PictureLost) or wait > _MOST_PATIENCE:
                raise
        await self._sleep(wait)
        return await self._request_picture(request)

    async def fetch(self, url: str) -> bytes:
        """The bytes of a picture that was drawn, unjudged. The key stays here. Raises PictureLost."""
        if self._owns_files and url.startswith(f"{self._endpoint.base_url}/"):
            return await picture_fetch.fetch_own_file(url, http=self._connections.http)
        is_own = picture_fetch.host_of(url) == picture_fetch.host_of(self._endpoint.base_url)
        if not is_own and not url.lower().startswith("https://"):
            logger.warning("An image that was drawn is at an unencrypted address of another server.")
            raise PictureLost(_LOST_ELSEWHERE, repeat=False)
        return await picture_fetch.fetch_picture(url, base_url=self._endpoint.base_url)

    async def aclose(self) -> None:
        """Close every connection. The service can be used again afterwards."""
        await self._connections.aclose()

    async def _request_picture(self, request: DrawRequest) -> ImageResponse:
        body = request_body(request, response_format=self._response_format)
        response, content = await self._post(body)
        if not response.is_success:
            headers, key = response.headers, self._endpoint.api_key
            raise images_errors.refusal(
                status=response.status_code, headers=headers, body=content, request=request, key=key
            )
        if len(content) >= images_response.LARGEST_BODY:
            raise PictureLost(LOST_LARGE, repeat=False)
        return await asyncio.to_thread(self._read_response, content, response, request)

    def _read_response(self, content: bytes, response: httpx.Response, request: DrawRequest) -> ImageResponse:
        """The pictures in the body. Takes up to a second. Raises UpstreamError."""
        found = parse_json(content)
        if not isinstance(found, dict):
            raise images_errors.unreadable(status=response.status_code, headers=response.headers)
        host = picture_fetch.host_of(self._endpoint.base_url).rpartition(":")[0]
        request_id = refusals.header(response.headers, "x-request-id")
        drawn = images_response.image_response_in(found, request=request, host=host, request_id=request_id)
        if drawn is None:
            raise images_errors.no_picture(status=response.status_code)
        return drawn

    async def _post(self, body: dict[str, Any]) -> tuple[httpx.Response, bytes]:
        """The answer with its body, as far as that is worth reading. Raises UpstreamError."""
        headers = {"Accept": "application/json", "Content-Type": "application/json", **self._key_header()}
        http = self._connections.http()
        try:
            request = http.build_request("POST", self._endpoint.images_url, content=orjson.dumps(body), headers=headers)
            response = await http.send(request, stream=True)
            try:
                if not response.is_success:
                    return response, await upstream_http.read_error_body(response)
                return response, await upstream_http.read_body(response, most=images_response.LARGEST_BODY)
            finally:
                await upstream_http.close_response(response)
        except upstream_http.FAULTS as fault:
            failure = images_errors.unreached(fault, key=self._endpoint.api_key)
        raise failure

    def _key_header(self) -> dict[str, str]:
        return upstream_http.bearer(self._endpoint.api_key, setting="IMAGES_API_KEY")


def open_image_service(
    *,
    base_url: str,
    api_key: str,
    response_format: str = "",
    at_once: int = 1,
    demo: connections.Handler | None = None,
) -> ImageService | None:
    """The image service for an operator's settings. Without an address `demo` draws in this process, or, where that is
    not given, nothing does: None."""
    if base_url:
        endpoint = Endpoint(base_url, api_key=api_key.strip())
        return ImageService(endpoint=endpoint, response_format=response_format, at_once=at_once)
    if demo is None:
        return None
    transport = connections.InProcess(demo)
    return ImageService(endpoint=Endpoint(DEMO), at_once=at_once, transport=transport, owns_files=True)
