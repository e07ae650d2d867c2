"""A run of the Agent API through its life, as the response object that the wire shows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any
from uuid import uuid4

import orjson

from upstream.demo.agent.besides import Item
from upstream.demo.agent.plan import Plan, plan_of
from upstream.demo.agent.table import FEWEST_TOKENS
from upstream.demo.agent.usage import usage_of
from upstream.demo.agent.work import Asked, Work, do_work
from upstream.demo.sonar.messages import text_of
from upstream.demo.sonar.queue import work_time
from upstream.demo.sonar.usage import tokens
from upstream.demo.switches import Switches

UNFINISHED = ("queued", "in_progress")
_PROMPT = 1780  # tokens of a preset's own prompt, which the cache has
_OVERHEAD = 30  # tokens of every request
_ECHOED: Mapping[str, Any] = {  # what an answer repeats of its request, and what it says where nothing was set
    "background": False,
    "instructions": None,
    "max_tool_calls": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "prompt_cache_key": None,
    "store": True,
    "temperature": 1,
    "tool_choice": "auto",
    "top_p": 1,
}
_FIXED: Mapping[str, Any] = {
    "frequency_penalty": 0,
    "object": "response",
    "presence_penalty": 0,
    "previous_response_id": None,  # also where one was sent
    "safety_identifier": None,
    "text": {"format": {"type": "text"}},
    "top_logprobs": 0,
    "truncation": "",
    "user": None,
}


@dataclass(slots=True)
class Run:
    """One answer. `messages` are the conversation that it ends; `waits` and `works` the seconds until work is begun
    and done, both 0 for a run that somebody waits for; `pause` those between its events, if it can be resumed;
    `cancelled_at` when it will have stopped, 0 if it was not told; `looks` and `resumes` count who came back to it.
    """

    plan: Plan
    work: Work
    body: Mapping[str, Any]
    usage: Mapping[str, Any] | None
    messages: Sequence[Mapping[str, Any]]
    switches: Switches
    question: str
    waits: float = 0.0
    works: float = 0.0
    pause: float | None = None
    cancelled_at: float = 0.0
    looks: int = 0
    resumes: int = 0
    id: str = field(default_factory=lambda: f"resp_{uuid4()}")
    message_id: str = field(default_factory=lambda: f"msg_{uuid4()}")
    created: float = field(default_factory=time)

    @property
    def in_background(self) -> bool:
        """Whether nobody has to wait for it."""
        return bool(self.body.get("background"))

    @property
    def status(self) -> str:
        """How far it is."""
        now = time()
        if self.is_stopped:
            return "cancelled"
        if now < self.created + self.works:
            return "in_progress" if now >= self.created + self.waits else "queued"
        return str(self.ended()["status"])

    @property
    def is_stopped(self) -> bool:
        """Whether somebody has stopped it."""
        return 0 < self.cancelled_at <= time()

    @property
    def sources(self) -> list[Mapping[str, Any]]:
        """What its searches have found, for the run that goes on from it."""
        found = (item for item in self.work.items if item["type"] == "search_results")
        return [result for item in found for result in item["results"]]

    def cancel(self) -> None:
        """Stop it, at once or as late as a switch wants."""
        late = self.switches.number("cancelling", 1000, most=60_000) / 1000 if "cancelling" in self.switches else 0
        self.cancelled_at = time() + late

    def output(self, text: str | None) -> list[Item]:
        """The items of the output, the message with this text last; no message where there is no text at all."""
        return [*self.work.items, *([] if text is None else [self.message(text)])]

    def message(self, text: str | None) -> Item:
        """The message item with this text, or without any content yet."""
        content = None if text is None else [{"type": "output_text", "text": text, "annotations": []}]
        head = {"type": "message", "id": self.message_id, "role": "assistant", "status": "completed"}
        return {**head, "content": content}

    def current(self) -> dict[str, Any]:
        """The response object as it is now."""
        if (status := self.status) in UNFINISHED:
            return self.response(status, output=self._partial(time()))
        return self.final()

    def submitted(self) -> dict[str, Any]:
        """The response object that the request for it is answered with."""
        return self.response("queued") if self.in_background else self.ended()

    def final(self) -> dict[str, Any]:
        """The response object that its stream ends with."""
        return self._stopped() if self.is_stopped else self.ended()

    def ended(self) -> dict[str, Any]:
        """The response object at its end, as the switches want that."""
        switches, text = self.switches, self.work.text
        if "run_failed" in switches:
            message = switches.echo or "The run could not be finished."
            error = {"message": message, "type": "internal_error", "code": "server_error"}
            return self.response("failed", error=error)
        if "cancelled" in switches:
            return self._stopped()
        text = "The final text is another one.[1]" if "final_differs" in switches else text
        reason = "content_filter" if "content_filter" in switches else self.work.finish
        reason = "max_output_tokens" if "incomplete" in switches else reason
        status = "incomplete" if reason else "requires_action" if "requires_action" in switches else "completed"
        output = [] if "text_once" in switches or (reason and text is None) else self.output(text)
        details = {"reason": reason} if reason else None
        return self.response(status, output=output, usage=self.usage, incomplete_details=details)

    def response(self, status: str, **more: Any) -> dict[str, Any]:
        """The response object with this status: all of its keys, with `more` instead of what is not known yet."""
        body, ended = self.body, status not in UNFINISHED
        served = ended and status not in ("failed", "cancelled")
        now = int(time() if self.in_background else self.created)
        most, effort = body.get("max_output_tokens"), (body.get("reasoning") or {}).get("effort")
        hidden = self.in_background and not served
        is_fast = self.plan.is_fast and status == "completed"
        return {
            **_FIXED,
            **{name: default if body.get(name) is None else body[name] for name, default in _ECHOED.items()},
            "id": self.id,
            "created_at": now,
            "completed_at": now if status == "completed" else None,
            "max_output_tokens": most and max(most, FEWEST_TOKENS),
            "reasoning": {"effort": effort, "summary": None} if effort else None,
            "model": self.plan.served if served else self.plan.name,
            "service_tier": "fast" if is_fast else "default",
            "status": status,
            "tools": [] if hidden else orjson.Fragment(orjson.dumps(self.plan.echoed())),
            **{"error": None, "incomplete_details": None, "output": [], "usage": None},
            **more,
        }

    def _stopped(self) -> dict[str, Any]:
        error = dict.fromkeys(("code", "message", "type"), "cancelled")
        output = self._partial(self.cancelled_at or float("inf"))
        return self.response("cancelled", output=output, error=error, incomplete_details={"reason": "cancelled"})

    def _partial(self, now: float) -> list[Item]:
        """The items that there are at this time, which come one after the other while it works."""
        age, span = now - self.created - self.waits, max(self.works - self.waits, 0.001)
        shown = int(len(self.work.items) * min(max(age, 0.0) / span + 0.5, 1)) if age >= 0 else 0
        return self.work.items[:shown]


def dumped(value: Any) -> bytes:
    """JSON as the service writes it, its keys in alphabetical order."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def compose_run(asked: Asked) -> Run:
    """Compose the answer to a checked request. Belongs in a thread.

    Raises SwitchError for a switch with an unreadable value.
    """
    body, switches = asked.body, asked.switches
    plan = plan_of(body, question=asked.question, switches=switches)
    work = do_work(plan, asked)
    usage = _usage(plan, work, asked)
    messages = [*asked.history, {"role": "assistant", "content": work.text or ""}]
    run = Run(plan, work, body, usage, messages, switches, asked.question)
    if run.in_background:
        run.waits, run.works = work_time(switches)
    return run


def _usage(plan: Plan, work: Work, asked: Asked) -> Mapping[str, Any] | None:
    """What it counts and costs. Thinking is counted and never shown."""
    body, written = asked.body, tokens(work.text or "")
    thinks = plan.served.startswith("openai/") and (not plan.preset or plan.preset.in_depth)
    thought = written // 2 if thinks and (body.get("reasoning") or {}).get("effort") != "none" else 0
    if work.finish and work.text is None:
        thought = max(body.get("max_output_tokens") or 0, FEWEST_TOKENS)
    search = plan.tools.get("web_search", {})
    return usage_of(
        plan.served,
        asked=_OVERHEAD + work.found + sum(tokens(text_of(message)) for message in asked.history),
        kept=_PROMPT if plan.preset else 0,
        written=written,
        reasoning=thought,
        calls=work.calls,
        pages=work.pages,
        fast=plan.preset is not None or search.get("search_type") == "fast",
        switches=asked.switches,
    )
