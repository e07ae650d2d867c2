"""What a demo counts and remembers, and how fast and how well it answers: what the stand-ins for all services share."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote

import httpx

from upstream.demo.drawing import picture
from upstream.demo.faults import fault_of
from upstream.demo.responses import Refusal
from upstream.demo.switches import HEADER, Switches, read_switches, without_switches

SLOWEST = 60_000  # milliseconds
LARGEST_BODY = 120 * 1024 * 1024  # bytes
LARGEST_SIDE = 2048  # pixels
_KEPT_TEXT = 100_000  # characters of each text in the request that is shown
_KEPT_DEPTH = 50

Value = TypeVar("Value")
Fault = Callable[[Switches, httpx.Request], httpx.Response | None]


class Recent(OrderedDict[str, Value]):
    """What came last: beyond `most` entries the oldest one is forgotten."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: str, value: Value) -> None:
        super().__setitem__(key, value)
        if len(self) > self._most:
            del self[next(iter(self))]


class Calls:
    """The calls of one demo, which sends `per_second` chunks of a stream, or does not pause with 0."""

    def __init__(self, *, per_second: float) -> None:
        self._pause = 1 / per_second if per_second else 0.0
        self._total = 0
        self._by_question: Recent[int] = Recent(1000)
        self._last: Any = None

    def record(self, request: httpx.Request, prompt: str, body: Any) -> tuple[Switches, str]:
        """The switches and the question of a call, which is counted. Raises SwitchError."""
        switches, question = read_switches(prompt, request.headers.get(HEADER, ""))
        self.count(question, body)
        return switches, question

    def count(self, question: str, body: Any = None) -> None:
        """Count a call; without a question its path stands for it."""
        self._total += 1
        self._last = self._last if body is None else _shortened(body)
        self._by_question[question] = self.count_of(question) + 1

    def count_of(self, question: str) -> int:
        """How many calls had this question."""
        return self._by_question.get(question, 0)

    def shown(self, request: httpx.Request) -> dict[str, Any]:
        """What `/demo/calls` shows: the number of calls, all or those of a question, and the last request."""
        asked = asked_about(request)
        return {"calls": self._total if asked is None else self.count_of(asked), "last": self._last}

    async def fail(self, request: httpx.Request, switches: Switches, question: str, *, fault: Fault = fault_of) -> None:
        """Wait and fail as the switches say; `fault` gives the failures. Raises Refusal or httpx.TransportError."""
        await self.wait(switches)
        times = switches.number("times", float("inf"), most=float("inf"))
        response = fault(switches, request) if self.count_of(question) <= times else None
        if response is not None:
            raise Refusal(response)

    async def wait(self, switches: Switches) -> None:
        """Let the response begin late, if a switch wants that."""
        if "delay" in switches:
            await asyncio.sleep(switches.number("delay", 1000, most=SLOWEST) / 1000)

    async def hold_reply(self, request: httpx.Request, switches: Switches, question: str) -> None:
        """Lose the reply to what was taken, or let it come late, if a switch wants that. Raises httpx.ReadError."""
        if switches.still("lost_reply", self.count_of(question), 1):
            raise httpx.ReadError("the demo was asked to break the connection", request=request)
        if "late_reply" in switches:
            await asyncio.sleep(switches.number("late_reply", 3000, most=SLOWEST) / 1000)

    def pause(self, switches: Switches) -> float:
        """Seconds between chunks."""
        if "fast" in switches:
            return 0.0
        return switches.number("slow", 500, most=SLOWEST) / 1000 if "slow" in switches else self._pause


def own_address(request: httpx.Request, base_url: str) -> str:
    """Where a demo's own files are reached: `base_url`, or the address that was asked."""
    return base_url or str(request.url.copy_with(path="/", query=None)).rstrip("/")


async def drawn_at(request: httpx.Request, name: re.Pattern[str]) -> httpx.Response:
    """The picture whose `number`, `prompt` and perhaps `width`, `height` and `form` are in the path, as the groups of
    `name`. Takes some tens of milliseconds."""
    found = name.fullmatch(unquote(request.url.raw_path.decode().partition("?")[0]))
    if found is None:
        return httpx.Response(404)
    about = {"width": "1024", "height": "1024", "form": "png", **found.groupdict()}
    size = (min(int(about["width"]), LARGEST_SIDE), min(int(about["height"]), LARGEST_SIDE))
    form = about["form"]
    content = await asyncio.to_thread(picture, about["prompt"], number=int(about["number"]), size=size, form=form)
    return httpx.Response(200, headers={"Content-Type": f"image/{form}"}, content=content)


def asked_about(request: httpx.Request) -> str | None:
    """The question in the address of `/demo/calls`, if there is one."""
    question = request.url.params.get("question")
    return None if question is None else without_switches(question)


def _shortened(value: Any, depth: int = 0) -> Any:
    """The request with its very long texts (pictures) cut, so that showing the last call keeps little."""
    if depth > _KEPT_DEPTH:
        return "…"
    if isinstance(value, str) and len(value) > _KEPT_TEXT:
        return f"{value[:64]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [_shortened(entry, depth + 1) for entry in value]
    if isinstance(value, dict):
        return {key: _shortened(entry, depth + 1) for key, entry in value.items()}
    return value
