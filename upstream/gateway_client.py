"""The gateway: an unofficial service that speaks with Perplexity's website (docs/gateway.md, "On the wire").

It answers questions, takes pictures, draws, and lists its models. Our events and our errors come out; HTTP stays in.
"""

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from hashlib import sha256
from typing import Any

import httpx
import orjson

from upstream import connections, picture_fetch
from upstream import http as upstream_http
from upstream.catalog import gateway_models
from upstream.catalog.gateway_models import GatewayModels
from upstream.client import Client
from upstream.connections import Connections
from upstream.drawing import DrawRequest, ImageResponse
from upstream.endpoints import Endpoint
from upstream.errors import InvalidRequest, NoImageReturned, UpstreamError
from upstream.events import Event, FollowUp
from upstream.gateway import errors as gateway_errors
from upstream.gateway import images as gateway_images
from upstream.gateway import uploads
from upstream.gateway.uploads import Uploaded
from upstream.requests import AskRequest, Picture
from upstream.translation.payloads import parse_json

logger = logging.getLogger(__name__)

DEMO = "http://gateway.demo"

_LIST_TIME = 10.0  # seconds
_UPLOAD_TIME = 40.0  # seconds: the gateway's own limit is 30
_DRAW_TIME = 130.0  # seconds: drawing can outlast the gateway's 30, and whoever runs it is told to allow more
_PASSING = (502, 504)
_LIST_RETRIES = 2

_NO_PROMPT = "There is nothing to draw: the prompt is empty."


class Gateway:
    """Speaks with one gateway. One of these serves a whole process.

    `transport` and `sleep` stand in for network and clock; `backoff` is the wait in seconds before asking once more.
    `owns_files` says that pictures at the gateway's own address are fetched through the same transport, which is how
    the demo in this process hands out its own.
    """

    at_once = 32  # pictures
    longest = 300.0  # seconds

    def __init__(
        self,
        *,
        endpoint: Endpoint,
        transport: httpx.AsyncBaseTransport | None = None,
        owns_files: bool = False,
        connect_timeout: float = 10.0,
        backoff: float = 1.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._endpoint = endpoint
        self._owns_files = owns_files
        # Names no host, and tells one demo in a process from the next, which has forgotten everything.
        self._name = uuid.uuid4().hex[:12] if owns_files else sha256(endpoint.base_url.encode()).hexdigest()[:12]
        self._backoff = backoff
        self._sleep = sleep
        self._connect_timeout = connect_timeout
        timeout = httpx.Timeout(connect=connect_timeout, read=_LIST_TIME, write=_UPLOAD_TIME, pool=None)
        self._connections = Connections(transport=transport, timeout=timeout)
        self._client = Client(
            endpoint=endpoint, transport=transport, connect_timeout=connect_timeout, backoff=backoff, sleep=sleep
        )

    def __repr__(self) -> str:
        return f"Gateway({self._endpoint!r})"

    async def models(self) -> GatewayModels:
        """What the gateway offers now. Costs nothing, so it is asked up to three times. Raises UpstreamError."""
        attempt = 0
        while True:
            try:
                found = gateway_models.models_in(await self._request_json("GET", "/v1/models", patience=_LIST_TIME))
            except UpstreamError as error:
                if attempt == _LIST_RETRIES or not (error.repeat or error.status in _PASSING):
                    raise
                attempt += 1
                await self._sleep(self._backoff * attempt)
                continue
            if found is None:
                raise gateway_errors.unreadable(status=200)
            return found

    def ask(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        """The answer as it is being written; pictures have to be at their addresses. Raises UpstreamError, CutOff where
        words had come.

        The state that it leaves is one of this gateway: another one, with another account behind it, does not know it
        and is told the conversation anew.
        """
        return self._with_follow_up(self._client.ask(self._without_unknown_state(request)))

    def _without_unknown_state(self, request: AskRequest) -> AskRequest:
        """The request without a state that this gateway did not leave."""
        is_own = request.follow_up.get("gateway") == self._name
        return request if is_own else replace(request, follow_up={}, known=0)

    async def _with_follow_up(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        async with aclosing(events):
            async for event in events:
                yield FollowUp({**event.state, "gateway": self._name}) if isinstance(event, FollowUp) else event

    async def upload(self, picture: Picture, name: str) -> Uploaded:
        """Hand over one picture, in a request of its own: the gateway's limit is one of whole requests.

        Raises UpstreamError, TooLarge among them.
        """
        uploads.check_upload(picture)
        files = [("files", (name or "picture", picture.data, picture.media_type))]
        found = uploads.upload_in(
            await self._request_json("POST", "/v1/attachments", files=files, patience=_UPLOAD_TIME)
        )
        if found is None:
            raise gateway_errors.unreadable(status=200)
        return found

    async def draw(self, request: DrawRequest) -> ImageResponse:
        """Have a picture drawn. Takes seconds to minutes and is asked for once, or once more where nothing was drawn
        for certain. Raises UpstreamError: NotDrawn where words came instead."""
        if not request.prompt.strip():
            raise InvalidRequest(_NO_PROMPT)
        body: dict[str, Any] = {"prompt": request.prompt}
        if request.model:
            body["model"] = request.model
        body |= {"language": request.language, "incognito": request.incognito}
        try:
            found = await self._request_drawing(body, request)
        except UpstreamError as error:
            if not error.repeat:
                raise
            await self._sleep(self._backoff)
            found = await self._request_drawing(body, request)
        if not isinstance(found, dict):
            raise gateway_errors.unreadable(status=200)
        response = gateway_images.image_response_in(found)
        if response is None:
            raise NoImageReturned(status=200)
        return response

    async def _request_drawing(self, body: dict[str, Any], request: DrawRequest) -> Any:
        return await self._request_json("POST", "/v1/images", body=body, model=request.model, patience=_DRAW_TIME)

    async def fetch(self, url: str) -> bytes:
        """The bytes of a picture that was drawn, unjudged. Raises PictureLost."""
        if self._owns_files and url.startswith(f"{self._endpoint.base_url}/"):
            return await picture_fetch.fetch_own_file(url, http=self._connections.http)
        return await picture_fetch.fetch_picture(url, base_url=self._endpoint.base_url)

    async def reachable(self) -> bool:
        """Whether a gateway answers at its address; costs nothing. Never raises."""
        try:
            await self._request_json("GET", "/health", patience=3.0)
        except UpstreamError:
            return False
        return True

    async def aclose(self) -> None:
        """Close every connection. The gateway can be used again afterwards."""
        await self._connections.aclose()
        await self._client.aclose()

    async def _request_json(
        self, method: str, path: str, *, patience: float, body: Any = None, files: Any = None, model: str = ""
    ) -> Any:
        """The JSON that comes back, None for what is none. `patience` in seconds. Raises UpstreamError."""
        headers = {"Accept": "application/json", **self._key_header()}
        if body is not None:
            headers["Content-Type"] = "application/json"
        http = self._connections.http()
        key = self._endpoint.api_key
        try:
            request = http.build_request(
                method,
                f"{self._endpoint.base_url.rstrip('/')}{path}",
                content=None if body is None else orjson.dumps(body),
                files=files,
                headers=headers,
                timeout=httpx.Timeout(connect=self._connect_timeout, read=patience, write=patience, pool=None),
            )
            response = await http.send(request, stream=True)
            try:
                if response.is_success:
                    return parse_json(await upstream_http.read_body(response))
                refused = await upstream_http.read_error_body(response)
            finally:
                await upstream_http.close_response(response)
        except upstream_http.FAULTS as fault:
            failure = gateway_errors.unreached(fault, key=key)
        else:
            failure = gateway_errors.refusal(
                status=response.status_code, headers=response.headers, body=refused, model=model, key=key
            )
        raise failure

    def _key_header(self) -> dict[str, str]:
        return upstream_http.bearer(self._endpoint.api_key, setting="GATEWAY_API_KEY")


def open_gateway(*, base_url: str, api_key: str, demo: connections.Handler | None = None) -> Gateway | None:
    """The gateway for an operator's settings. Without an address `demo` answers in this process, or, where that is
    not given, nothing does: None."""
    if base_url:
        return Gateway(endpoint=Endpoint(base_url, api_key=api_key.strip()))
    if demo is None:
        return None
    return Gateway(endpoint=Endpoint(DEMO), transport=connections.InProcess(demo), owns_files=True)
