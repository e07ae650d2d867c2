"""The demo of Perplexity's own services: their paths and keys. A `Demo` has its own pace, queue and counters."""

import re
import uuid
from collections.abc import Collection

import httpx

from upstream.demo.agent.routes import Agent
from upstream.demo.agent.table import MODELS
from upstream.demo.calls import LARGEST_BODY, Calls, asked_about
from upstream.demo.responses import Refusal, envelope, json_response, plain
from upstream.demo.sonar.queue import Queue
from upstream.demo.sonar.routes import Sonar
from upstream.demo.switches import SwitchError

BAD_KEYS = ("pplx-bad", "pplx-no-credits")  # refused; the second one stands for used-up credits
CHUNKS_PER_SECOND = 25.0
DOCUMENTS_URL = "https://parley.example"
_WITHOUT_KEY = ("/v1/models", "/demo/calls")


class Demo:
    """The offline service. `chunks_per_second`: pace of streams, 0 for no pauses; `extra_models`: ids to accept
    besides the current ones; `documents_url`: where readers find our own documentation; `withdrawn`: the status that
    Sonar's paths answer with while the others work, 0 while they do too.
    """

    def __init__(
        self,
        *,
        chunks_per_second: float = CHUNKS_PER_SECOND,
        extra_models: Collection[str] = (),
        documents_url: str = DOCUMENTS_URL,
        withdrawn: int = 0,
    ) -> None:
        documents = documents_url.rstrip("/")
        self._calls = Calls(per_second=chunks_per_second)
        self._queue = Queue()
        self._sonar = Sonar(self._calls, self._queue, models=extra_models, documents_url=documents, withdrawn=withdrawn)
        agent = Agent(self._calls, models=extra_models, documents_url=documents, note_end=self._sonar.note_end)
        own = (("GET", "/v1/models", self._models), ("GET", "/demo/calls", self._counted))
        self._routes = (*own, *self._sonar.routes, *agent.routes)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request.

        Raises httpx.TransportError, here or while the response is read, where a switch wants the connection to fail.
        """
        try:
            response = await self._answer(request)
        except Refusal as refusal:
            response = refusal.response
        except SwitchError as exc:
            response = envelope(400, "bad_request", str(exc))
        response.headers["X-Request-ID"] = str(uuid.uuid4())
        return response

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.rstrip("/") or "/"
        self._sonar.refuse_if_withdrawn(path)
        routes = {method: route for method, pattern, route in self._routes if re.fullmatch(pattern, path)}
        if not routes:
            return plain(404)
        if request.method not in routes:
            return plain(405, headers={"Allow": ", ".join(routes)})
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if path not in _WITHOUT_KEY and (scheme.lower() != "bearer" or key.strip() in ("", *BAD_KEYS)):
            return plain(401)
        await request.aread()
        if len(request.content) > LARGEST_BODY:
            return plain(413)
        return await routes[request.method](request)

    async def _models(self, _request: httpx.Request) -> httpx.Response:
        listed = [{"id": name, "object": "model", "created": 0, "owned_by": "perplexity"} for name in MODELS]
        return json_response({"object": "list", "data": listed})

    async def _counted(self, request: httpx.Request) -> httpx.Response:
        jobs = self._queue.count(asked_about(request))
        return json_response({**self._calls.shown(request), "jobs": jobs})
