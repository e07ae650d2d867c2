"""What a demo counts, and how fast and how well it answers: the part that the stand-ins for all services share."""

import asyncio
from collections import Counter, deque
from typing import Any

import httpx

from upstream.demo.faults import fault_of
from upstream.demo.switches import HEADER, Switches, read_switches, without_switches

SLOWEST = 60_000  # milliseconds
LARGEST_BODY = 120 * 1024 * 1024
_COUNTED = 1000  # questions
_KEPT_TEXT = 100_000  # characters of each text in the request that is shown
_KEPT_DEPTH = 50


class Calls:
    """The calls of one demo. `pause`: seconds between the chunks of a stream."""

    def __init__(self, *, per_second: float) -> None:
        self._pause = 1 / per_second if per_second else 0.0
        self._total = 0
        self._by_question: Counter[str] = Counter()
        self._recent: deque[str] = deque()
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
        if question not in self._by_question:
            self._recent.append(question)
            if len(self._recent) > _COUNTED:
                del self._by_question[self._recent.popleft()]
        self._by_question[question] += 1

    def count_of(self, question: str) -> int:
        """How many calls had this question."""
        return self._by_question[question]

    def shown(self, request: httpx.Request) -> dict[str, Any]:
        """What `/demo/calls` shows: the number of calls, all or those of a question, and the last request."""
        asked = asked_about(request)
        return {"calls": self._total if asked is None else self._by_question[asked], "last": self._last}

    async def fault(self, request: httpx.Request, switches: Switches, question: str) -> httpx.Response | None:
        """Wait as the switches say; then the failure that they ask for. Raises httpx.TransportError."""
        await self.wait(switches)
        times = switches.number("times", float("inf"), most=float("inf"))
        return fault_of(switches, request) if self.count_of(question) <= times else None

    async def wait(self, switches: Switches) -> None:
        """Let the response begin late, if a switch wants that."""
        if "delay" in switches:
            await asyncio.sleep(switches.number("delay", 1000, most=SLOWEST) / 1000)

    def pause(self, switches: Switches) -> float:
        """Seconds between chunks."""
        if "fast" in switches:
            return 0.0
        return switches.number("slow", 500, most=SLOWEST) / 1000 if "slow" in switches else self._pause


def asked_about(request: httpx.Request) -> str | None:
    """The question in the address of `/demo/calls`, if there is one."""
    question = request.url.params.get("question")
    return None if question is None else without_switches(question)


def _shortened(value: Any, depth: int = 0) -> Any:
    """The request with its very long texts (pictures) cut, so that showing the last call keeps little."""
    if depth > _KEPT_DEPTH:
        return "…"
    if isinstance(value, str):
        return value if len(value) <= _KEPT_TEXT else f"{value[:64]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [_shortened(entry, depth + 1) for entry in value]
    if isinstance(value, dict):
        return {key: _shortened(entry, depth + 1) for key, entry in value.items()}
    return value
