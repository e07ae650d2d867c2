"""The demo of Perplexity's own services: their paths and keys. A `Demo` has its own pace, queue and counters."""

import re
import uuid
from collections.abc import Collection, Mapping
from time import time

import httpx

from upstream.demo.agent import models, refusals
from upstream.demo.agent.routes import PATHS, Agent
from upstream.demo.calls import LARGEST_BODY, Calls, asked_about
from upstream.demo.responses import Refusal, envelope, json_response, plain
from upstream.demo.sonar.queue import Queue
from upstream.demo.sonar.routes import Sonar
from upstream.demo.switches import SwitchError

BAD_KEYS = ("pplx-bad", "pplx-no-credits")  # refused; the second one stands for used-up credits
ORGANISATION_KEY = "pplx-organisation"  # may list the models, and nothing else
CHUNKS_PER_SECOND = 25.0
DOCUMENTS_URL = "https://parley.example"
MODELS, COUNTED = "/v1/models", "/demo/calls"
_CALLS, _WINDOW = 50, 3  # calls that are taken in so many seconds; nobody is refused for more


class Demo:
    """The offline service. `chunks_per_second`: pace of streams, 0 for no pauses; `extra_models`: ids to accept
    besides the current ones; `documents_url`: where readers find our own documentation; `sonar`: how Sonar's paths
    answer, which have ended (`upstream.demo.sonar.routes.ENDS`).
    """

    def __init__(
        self,
        *,
        chunks_per_second: float = CHUNKS_PER_SECOND,
        extra_models: Collection[str] = (),
        documents_url: str = DOCUMENTS_URL,
        sonar: str = "ended",
    ) -> None:
        documents = documents_url.rstrip("/")
        self._calls = Calls(per_second=chunks_per_second)
        self._queue = Queue()
        self._sonar = Sonar(self._calls, self._queue, models=extra_models, documents_url=documents, end=sonar)
        self._agent = Agent(self._calls, models=extra_models, documents_url=documents, note_end=self._sonar.note_end)
        own = (("GET", MODELS, self._models), ("GET", COUNTED, self._counted))
        self._routes = (*own, *self._sonar.routes, *self._agent.routes)
        self._window, self._used = 0, 0  # when the present window ends, and the calls in it

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
        response.headers.setdefault("X-Request-ID", str(uuid.uuid4()))
        if request.url.path != COUNTED:
            for name, figure in self._limits(exhausted=response.status_code == 429).items():
                response.headers.setdefault(name, figure)
        return response

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.rstrip("/") or "/"
        routes = {method: route for method, pattern, route in self._routes if re.fullmatch(pattern, path)}
        if not routes:
            return plain(404)
        if self._sonar.has_ended(path):
            self._check_key(request, path)
            self._sonar.refuse_if_ended()
        if request.method not in routes:
            return plain(405, headers={"Allow": ", ".join(routes)})
        self._check_key(request, path)
        await request.aread()
        if len(request.content) > LARGEST_BODY:
            return plain(413)
        return await routes[request.method](request)

    def _check_key(self, request: httpx.Request, path: str) -> None:
        """Raise Refusal for a key that is missing or will not do."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if path == COUNTED:
            return
        if scheme.lower() != "bearer" or key.strip() in ("", *BAD_KEYS):
            is_new = path == MODELS or re.match(PATHS, path) or self._sonar.has_ended(path)
            raise Refusal(refusals.form(401) if is_new else plain(401))
        if key.strip() == ORGANISATION_KEY and path != MODELS:
            raise Refusal(refusals.form(403, message=refusals.ORGANISATION))

    def _limits(self, *, exhausted: bool) -> Mapping[str, str]:
        """The headers of a limit that this demo tells of and does not keep."""
        now = int(time())
        if now >= self._window:
            self._window, self._used = now + _WINDOW, 0
        self._used += 1
        remaining = 0 if exhausted else max(_CALLS - self._used, 1)
        told = {"limit": _CALLS, "remaining": remaining, "reset": self._window, "used": _CALLS - remaining}
        return {f"X-RateLimit-{name}": str(figure) for name, figure in told.items()}

    async def _models(self, _request: httpx.Request) -> httpx.Response:
        return json_response({"object": "list", "data": models.listed()})

    async def _counted(self, request: httpx.Request) -> httpx.Response:
        question = asked_about(request)
        jobs = self._queue.count(question) + self._agent.count(question, in_background=True)
        runs = self._agent.count(question, in_background=False)
        return json_response({**self._calls.shown(request), "jobs": jobs, "runs": runs})
