"""Requests that are answered later: queued, worked on by the clock, kept for a while."""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from upstream.demo.calls import Recent
from upstream.demo.faults import fail_look
from upstream.demo.responses import Refusal, plain
from upstream.demo.switches import Switches

MOST_KEPT = 500
_PAGE, _LARGEST_PAGE = 20, 100


@dataclass(slots=True)
class Job:
    """A queued request. `compose` makes the JSON of the answer, once it is asked for."""

    model: str
    compose: Callable[[], bytes]
    switches: Switches
    key: str
    question: str
    looks: int = 0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: float = field(default_factory=time.time)
    response: bytes | None = None

    def state(self) -> dict[str, Any]:
        """What a list shows: where it is now, and since when."""
        waits, works = work_time(self.switches)
        age = time.time() - self.created
        step = (age >= waits) + (age >= works)
        status = ("CREATED", "IN_PROGRESS", "FAILED" if "failed" in self.switches else "COMPLETED")[step]
        ended = int(self.created + works)
        return {
            "id": self.id,
            "created_at": int(self.created),
            "started_at": int(self.created + waits) if step else None,
            "completed_at": ended if status == "COMPLETED" else None,
            "failed_at": ended if status == "FAILED" else None,
            "model": self.model,
            "status": status,
        }

    def look(self, request: httpx.Request) -> None:
        """Count a look at the request, which may go wrong. Raises Refusal or httpx.ReadError."""
        self.looks += 1
        done = bool(self.state()["completed_at"])
        fail_look(self.switches, self.looks, request, done=done)

    def whole(self) -> dict[str, Any]:
        """The state with the answer, or with what went wrong. Composes the answer the first time it is complete."""
        state = self.state()
        completed = state["status"] == "COMPLETED"
        if completed and self.response is None:
            self.response = self.compose()
        message = self.switches.echo or "The demo was asked to fail."
        return {
            **state,
            "error_message": message if state["status"] == "FAILED" else None,
            "response": orjson.Fragment(self.response) if completed and self.response else None,
        }


class Queue:
    """The requests of one demo, newest last."""

    def __init__(self) -> None:
        self._jobs: Recent[Job] = Recent(MOST_KEPT)

    def add(self, job: Job) -> Job:
        """Queue a request, or give the one that was queued under the same idempotency key."""
        known = next((one for one in self._jobs.values() if job.key and one.key == job.key), job)
        self._jobs[known.id] = known
        return known

    def get(self, job_id: str) -> Job:
        """The request with this id. Raises Refusal for an unknown one."""
        if job_id not in self._jobs:
            raise Refusal(plain(404))
        return self._jobs[job_id]

    def count(self, question: str | None) -> int:
        """How many requests there are, of all or of this question."""
        return sum(question is None or job.question == question for job in self._jobs.values())

    def page(self, query: Mapping[str, str]) -> dict[str, Any]:
        """A page of requests, newest first; `next_token` leads to the next one."""
        limit = min(max(_whole(query.get("limit"), _PAGE), 1), _LARGEST_PAGE)
        start = max(_whole(query.get("next_token"), 0), 0)
        states = [job.state() for job in reversed(self._jobs.values())]
        following = start + limit
        token = str(following) if following < len(states) else None
        return {"requests": states[start:following], "next_token": token}


def work_time(switches: Switches) -> tuple[float, float]:
    """Seconds until work is begun, and until it is done."""
    if "fast" in switches:
        return 0.0, 0.0
    works = switches.number("slow", 5000, most=600_000) / 1000 if "slow" in switches else 2.5
    return works / 5, works


def _whole(text: str | None, default: int) -> int:
    try:
        return int(text) if text else default
    except ValueError:
        return default
