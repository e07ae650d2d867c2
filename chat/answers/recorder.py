"""Turns what an upstream says, event by event, into entries of the answer's log.

The way of a chunk: bytes of the upstream, event (`upstream.client`), entry (here), commit (`event_log`), frame
(`chat.live.broadcast`).
"""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from chat.answers.event_limits import EventLimits
from chat.answers.event_log import EventLog, LogWriter
from chat.answers.passages import logged
from chat.answers.transcript import Kind, Transcript
from chat.models import AnswerPassage
from core.storable import storable
from upstream import events

MOST_TEXT = 2_000_000  # characters of text and reasoning together; more than any model writes


Handlers = Mapping[type[events.Event], Callable[[Any], Awaitable[None]]]
"""What is done about events that say nothing about the answer itself, by their types."""


class TooLong(Exception):
    """The upstream writes without end."""


class Recorder:
    """Writes one answer into its log. `finished` tells whether the upstream came to a regular end, and `job` what it
    calls the work that it does by itself, on record or not.

    `sofar` is what the log holds already, of an answer that somebody else began. The upstream then tells it from the
    beginning: what it says takes the place of what is there. `submitted` is called with what the upstream calls the
    work that it does by itself, once that is on record.
    """

    def __init__(
        self,
        *,
        log: EventLog,
        writer: LogWriter,
        sofar: Transcript | None = None,
        submitted: Callable[[str], None] = lambda _job: None,
    ) -> None:
        self._log = log
        self._writer = writer
        self._submitted = submitted
        sofar = sofar or Transcript()
        self._retells = {name for name, there in ((Kind.TEXT, sofar.text), (Kind.REASONING, sofar.reasoning)) if there}
        self._told_passages = sofar.passages is not None
        self._known_steps = Counter(map(_step_key, sofar.steps))
        self._limits = EventLimits()
        self._usage: dict[str, Any] = {}
        self._written = 0
        self._speaks = bool(sofar.first_word_at)
        self.job = sofar.job
        self.finished = bool(sofar.finish)

    async def record(
        self, answer_events: AsyncGenerator[events.Event, None], *, handlers: Handlers = MappingProxyType({})
    ) -> None:
        """Record until the upstream ends. Events with a handler go there, one after another, and not into the log.

        Raises upstream.errors.UpstreamError, event_log.Fenced or TooLong; what came before is in the log.
        """
        async with aclosing(answer_events):
            async for event in answer_events:
                if handle := handlers.get(type(event)):
                    await handle(event)
                    continue
                if (bounded := self._limits.bounded(event)) is not None:
                    self._take(bounded)
                if isinstance(event, events.Submitting | events.Submitted):
                    # Nothing more happens before this is known to whoever may have to go on.
                    await self._log.settled(self._writer)
                else:
                    await self._log.room_for(self._writer)
                if isinstance(event, events.Submitted):
                    self._submitted(event.job)

    def queued_at(self, place: int) -> None:
        """Tell readers the answer's place in the queue, counted from 1. Raises event_log.Fenced."""
        self._add(Kind.STATUS, {"doing": "queued", "about": str(place)})

    def passages_sent(self, sent: Sequence[AnswerPassage] | None) -> None:
        """Tell readers which passages of documents go along, None where none were looked for. Raises
        event_log.Fenced."""
        if sent is not None and not self._told_passages:
            self._add(Kind.DOCUMENTS, storable({"passages": logged(sent)}))

    async def settle(self) -> None:
        """Have everything committed, the last figures included. Raises event_log.Fenced."""
        if self._usage:
            usage, self._usage = self._usage, {}
            self._add(Kind.USAGE, usage)
        await self._log.settled(self._writer)

    def _add(self, kind: str, data: Any) -> None:
        self._log.add(self._writer, kind, data)

    def _take(self, event: events.Event) -> None:
        match event:
            case events.TextDelta(text):
                self._text(self._kind(Kind.TEXT, Kind.TEXT_REPLACED), text)
            case events.TextReplaced(text):
                self._retells.discard(Kind.TEXT)
                self._text(Kind.TEXT_REPLACED, text)
            case events.UsageReported(usage, cost):
                # It comes with every chunk; only the last one counts.
                self._usage = {"usage": storable(dict(usage)), "cost": None if cost is None else str(cost)}
            case events.ReasoningDelta(text):
                self._grow(text)
                self._add(self._kind(Kind.REASONING, Kind.REASONING_REPLACED), storable(text))
            case events.ReasoningReplaced(text):
                self._grow(text)
                self._retells.discard(Kind.REASONING)
                self._add(Kind.REASONING_REPLACED, storable(text))
            case events.StepTaken():
                step = storable(asdict(event))
                if self._known_steps[_step_key(step)]:
                    self._known_steps[_step_key(step)] -= 1
                else:
                    self._add(Kind.STEP, step)
            case events.Submitting():
                self._add(Kind.SUBMITTING, {})
            case events.Submitted(job):
                self.job = storable(job)[:100]
                self._add(Kind.SUBMITTED, {"job": self.job, "at": _now()})
            case events.SourcesFound(sources):
                self._add(Kind.SOURCES, [storable(asdict(source)) for source in sources])
            case events.MediaFound(images, videos):
                self._add(Kind.MEDIA, storable({"images": images, "videos": videos}))
            case events.RelatedFound(questions):
                self._add(Kind.RELATED, storable(list(questions)))
            case events.StatusChanged(doing, about):
                self._add(Kind.STATUS, storable({"doing": doing, "about": about}))
            case events.Started(upstream_id, model, request_id):
                started = {"upstream_id": upstream_id, "model": model, "request_id": request_id}
                self._add(Kind.STARTED, storable(started) | {"at": _now()})
            case events.FollowUp(state):
                self._add(Kind.FOLLOW_UP, storable(dict(state)))
            case events.Finished(reason):
                self.finished = True
                for left in sorted(self._retells):
                    self._add(f"{left}_replaced", "")
                self._add(Kind.FINISH, {"reason": storable(reason)[:40]})

    def _kind(self, grows: str, replaces: str) -> str:
        """How a piece of text is written: the first one takes the place of what somebody else had written before."""
        if grows not in self._retells:
            return grows
        self._retells.discard(grows)
        return replaces

    def _text(self, kind: str, text: str) -> None:
        self._grow(text)
        if not self._speaks:
            self._speaks = True
            self._add(Kind.STATUS, {"doing": "writing", "first_word_at": _now()})
        self._add(kind, storable(text))

    def _grow(self, text: str) -> None:
        self._written += len(text)
        if self._written > MOST_TEXT:
            raise TooLong


def _step_key(step: Mapping[str, Any]) -> tuple[object, ...]:
    """What makes two steps the same one: what a stream tells may come in another order when it is told again."""
    pages = tuple(page.get("url") for page in step.get("sources") or ())
    return (step.get("kind"), step.get("thought"), tuple(step.get("terms") or ()), pages, step.get("content") or "")


def _now() -> str:
    return timezone.now().isoformat()
