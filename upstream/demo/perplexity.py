"""The demo of Perplexity's own services: their paths and keys. A `Demo` has its own pace, queue and counters."""

import uuid
from collections.abc import Collection, Mapping

import httpx

from upstream.demo.agent.routes import Agent
from upstream.demo.agent.table import MODELS
from upstream.demo.calls import LARGEST_BODY, Calls, asked_about
from upstream.demo.faults import Refusal, envelope, plain
from upstream.demo.responses import json_response
from upstream.demo.sonar.queue import Queue
from upstream.demo.sonar.routes import Route, Sonar
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
        self._agent = Agent(self._calls, models=extra_models, documents_url=documents, note_end=self._sonar.note_end)

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
        methods = self._methods(path)
        if methods is None:
            return plain(404)
        if request.method not in methods:
            return plain(405, headers={"Allow": ", ".join(methods)})
        if path not in _WITHOUT_KEY and not _has_good_key(request):
            return plain(401)
        await request.aread()
        if len(request.content) > LARGEST_BODY:
            return plain(413)
        return await methods[request.method](request)

    def _methods(self, path: str) -> Mapping[str, Route] | None:
        if path == "/v1/models":
            return {"GET": self._models}
        if path == "/demo/calls":
            return {"GET": self._counted}
        return self._sonar.methods(path) or self._agent.methods(path)

    async def _models(self, _request: httpx.Request) -> httpx.Response:
        listed = [{"id": name, "object": "model", "created": 0, "owned_by": "perplexity"} for name in MODELS]
        return json_response({"object": "list", "data": listed})

    async def _counted(self, request: httpx.Request) -> httpx.Response:
        jobs = self._queue.count(asked_about(request))
        return json_response({**self._calls.shown(request), "jobs": jobs})


def _has_good_key(request: httpx.Request) -> bool:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(key.strip()) and key.strip() not in BAD_KEYS
