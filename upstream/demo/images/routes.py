"""The image service's HTTP face: its routes, its key, its errors."""

import asyncio
import hmac
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping

import httpx

from upstream.demo.calls import LARGEST_BODY, Calls, drawn_at, own_address
from upstream.demo.images import answers, checks, errors, table
from upstream.demo.responses import Refusal, json_response
from upstream.demo.switches import SwitchError

_BEFORE = re.compile(r"(?:/api)?/v1")  # some servers have their paths in both places

Route = Callable[[httpx.Request], Awaitable[httpx.Response]]


class DemoImages:
    """The offline image service. `key`: what callers have to present, nothing for everybody; `form`: how pictures come
    back whatever the model, `url` or `b64_json`; `strict`: every model refuses `response_format`, as OpenAI's do;
    `base_url`: the address under which its own files are reached, by default the one that was asked.
    """

    def __init__(self, *, key: str = "", form: str = "", strict: bool = False, base_url: str = "") -> None:
        self._key = key
        self._form = form
        self._strict = strict
        self._base_url = base_url.rstrip("/")
        self._calls = Calls(per_second=0)
        self._routes: Mapping[str, tuple[str, Route]] = {
            "/images/generations": ("POST", self._draw),
            "/models": ("GET", self._models),
        }

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request. Raises httpx.TransportError where a switch wants the connection to fail."""
        try:
            response = await self._answer(request)
        except Refusal as refusal:
            response = refusal.response
        except SwitchError as exc:
            response = errors.refuse(400, str(exc)).response
        response.headers["X-Request-ID"] = f"req_{uuid.uuid4().hex}"
        return response

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/demo/calls":
            return json_response(self._calls.shown(request))
        if path.startswith(answers.PATH):
            return await self._picture(request)
        before = _BEFORE.match(path)
        if before is None or path[before.end() :] not in self._routes:
            raise errors.refuse(404, f"Invalid URL ({request.method} {path})")
        method, route = self._routes[path[before.end() :]]
        if request.method != method:
            raise errors.refuse(405, f"Not allowed to {request.method} on {path}.", code="method_not_supported")
        self._check_key(request)
        await request.aread()
        if len(request.content) > LARGEST_BODY:
            raise errors.refuse(413, "The request is too large.")
        return await route(request)

    async def _models(self, _request: httpx.Request) -> httpx.Response:
        self._calls.count("/v1/models")
        return json_response(table.list_models())

    async def _draw(self, request: httpx.Request) -> httpx.Response:
        body = checks.read_body(request)
        prompt = body.get("prompt")
        switches, shown = self._calls.record(request, prompt.strip() if isinstance(prompt, str) else "", body)
        number = self._calls.count_of(shown)
        await self._calls.wait(switches)
        if number <= switches.number("times", float("inf"), most=float("inf")):
            errors.fail(switches, request)
        model = checks.model_of(body)
        if self._strict or "strict" in switches:
            checks.refuse_form(body)
        checks.check_body(body, model)
        size = checks.size_of(body, model)
        if "no_json" in switches:
            return httpx.Response(200, html="<!doctype html><title>Sign in</title>")
        asked_form = body.get("response_format") if model.takes_form == "yes" else None
        count = body.get("n", 1)
        made = await asyncio.to_thread(
            answers.answer_body,
            shown,
            model=model,
            form=asked_form or self._form or model.form,
            size=size,
            file_format=body.get("output_format") or "png",
            count=count,
            first=(number - 1) * count,
            switches=switches,
            base=own_address(request, self._base_url),
        )
        return json_response(made)

    async def _picture(self, request: httpx.Request) -> httpx.Response:
        if "Authorization" in request.headers:
            raise errors.refuse(400, "A picture's address takes no key.")
        return await drawn_at(request, answers.NAME)

    def _check_key(self, request: httpx.Request) -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if not self._key:
            return
        if scheme.lower() != "bearer" or not given.strip():
            raise errors.refuse(401, "You didn't provide an API key.")
        if not hmac.compare_digest(given.strip().encode(), self._key.encode()):
            said = f"Incorrect API key provided: {given.strip()[:4]}***."
            raise errors.refuse(401, said, code="invalid_api_key")
