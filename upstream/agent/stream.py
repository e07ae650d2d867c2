"""The events of an Agent API stream (docs/agent.md, "Streams"), and its whole response object, as our events.

The text comes up to four times: in deltas, at the end of its part, at the end of its item, and in the response that
closes the stream. Deltas are told as they come; of the rest only what differs is. Sources and steps come up to three
times, and each is told once. Only the closing response ends an answer: a connection that closes before it has broken
off.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from upstream.agent.fields import page_of, skill_step, step_of, texts_of, work_in
from upstream.agent.marks import MarkReader, numbers_in
from upstream.agent.sources import Findings, finance_sources
from upstream.agent.texts import MessageTexts
from upstream.agent.usage import cost_of, usage_of
from upstream.events import (
    Event,
    Finished,
    MediaFound,
    SourcesFound,
    Started,
    StatusChanged,
    StepTaken,
    UsageReported,
    WebSource,
)
from upstream.sse import Message
from upstream.translation import fields
from upstream.translation.answer_text import Words
from upstream.translation.base import StreamFailed, Translation
from upstream.translation.halves import Halves
from upstream.translation.payloads import parse_json

_FAILURES = frozenset({"error", "response.failed", "response.cancelled", "response.error"})
_UNFINISHED = frozenset({"failed", "cancelled", "requires_action"})
_WORKING = frozenset({"queued", "in_progress"})
_REASONING = "response.reasoning."
_PIECES = frozenset({"delta"})  # texts that come in pieces
_PROGRESS = ("...", "…")  # how the fixed lines about progress end, which say no more than the step itself


class AgentTranslation(Translation):
    """Turns one answer into events.

    `sequence` is the highest number that an event had. A stream that is taken up again after it (`resume`) may repeat
    earlier events, which are passed over then.
    """

    def __init__(self, *, request_id: str = "") -> None:
        super().__init__(request_id=request_id)
        self.sequence = -1
        self._resumed_after = -1
        self._known = ("", "")  # the response's id and its model
        self._started = False
        self._words = Words()
        self._halves = Halves()
        self._texts = MessageTexts()
        self._findings = Findings()
        self._marks = MarkReader(self._findings)
        self._sources: tuple[WebSource, ...] = ()
        self._images: dict[str, Mapping[str, Any]] = {}
        self._steps: set[tuple[str, str]] = set()  # what was told of them, by their kinds
        self._usage: Mapping[str, Any] = {}
        self._reported: Mapping[str, Any] = {}
        self._left: list[Event] = []  # what a run that failed had found and not told
        self._seen: bool | None = None  # what `has_content` was when it failed
        self._handlers: Mapping[str, Callable[[dict[str, Any], list[Event]], None]] = {
            "response.created": self._begin,
            "response.in_progress": self._begin,
            "response.queued": self._begin,
            "response.output_text.delta": self._delta,
            "response.output_text.done": self._part_done,
            "response.output_item.added": self._item_added,
            "response.output_item.done": self._item_done,
            "response.skill.loaded": self._load_skill,
            "response.completed": self._complete,
            "response.incomplete": self._complete,
        }

    @property
    def has_content(self) -> bool:
        """Whether anything has come that a reader has seen."""
        has_content = bool(self._texts or self._words or self._steps or self._sources)
        return has_content if self._seen is None else self._seen

    def resume(self) -> None:
        """The stream is taken up again: what it repeats has been told."""
        self._resumed_after = self.sequence

    def take(self, message: Message) -> list[Event]:
        """The events in one message of the stream. Raises StreamFailed."""
        event = parse_json(message.data, pieces=_PIECES)
        kind = fields.string(event.get("type")) if isinstance(event, dict) else ""
        if message.event == "error" or kind in _FAILURES:
            raise self._failure(event, message.data)
        if not isinstance(event, dict):
            return []  # such as [DONE], which other services end with
        if not kind and event.get("error"):
            raise StreamFailed(message.data)
        events: list[Event] = []
        if self._is_new(event):
            handler = self._handlers.get(kind)
            if handler:
                handler(event, events)
            elif kind.startswith(_REASONING):
                self._reason(kind.removeprefix(_REASONING), event, events)
        return events

    def whole(self, body: bytes) -> list[Event]:
        """The events of a response that comes in one piece; none when it is not one, or none that is done."""
        answer = fields.mapping(parse_json(body))
        return [] if fields.string(answer.get("status")) in _WORKING else self._read(answer, body)

    def look(self, body: bytes) -> list[Event]:
        """What is new in a response that was asked for again, done (`finished`) or not. Raises StreamFailed."""
        return self._read(fields.mapping(parse_json(body)), body)

    def _read(self, answer: Mapping[str, Any], body: bytes) -> list[Event]:
        status = fields.string(answer.get("status"))
        if status in _UNFINISHED or answer.get("error"):
            raise self._failure(answer, body)
        if not isinstance(answer.get("output"), list):
            return []
        events: list[Event] = []
        if status in ("completed", "incomplete"):
            self._complete({"response": answer}, events)
        elif status in _WORKING:
            self._begin({"response": answer}, events)
            self._gather_all(answer, events)
        return events

    def end(self) -> list[Event]:
        """What is left when the connection is over."""
        if self.finished:
            return []
        events = list(self._left)
        self._tell_text(events)
        return [*events, *self._words.finish(), *self._figures()]

    # --- one kind of event each -----------------------------------------------------------------------

    def _begin(self, event: dict[str, Any], events: list[Event]) -> None:
        """Tell that it has begun: at once, and again when its id comes later, or another model turns out to answer."""
        response = fields.mapping(event.get("response"))
        id, model = self._known
        known = (fields.name(response.get("id")) or id, fields.name(response.get("model")) or model)
        if not self._started or known != self._known:
            self._started, self._known = True, known
            events.append(Started(*known, self.request_id))

    def _delta(self, event: dict[str, Any], events: list[Event]) -> None:
        text = event.get("delta")
        if not text or not isinstance(text, str):
            return
        self._ensure_started(events)
        text = self._halves.feed(text)
        if not text:
            return
        gained = self._texts.add(event, text)
        if gained is None:
            self._retell(events)
        elif decided := self._marks.feed(gained):
            self._words.append(decided, events)

    def _part_done(self, event: dict[str, Any], events: list[Event]) -> None:
        if self._texts.settle_part(event, fields.string(event.get("text"))):
            self._retell(events)

    def _item_added(self, event: dict[str, Any], events: list[Event]) -> None:
        """What begins. A search shows as a call of a function first, which its results replace."""
        doing = work_in(fields.mapping(event.get("item")))
        if doing:
            self._ensure_started(events)
            events.append(StatusChanged(doing))

    def _item_done(self, event: dict[str, Any], events: list[Event]) -> None:
        item = fields.mapping(event.get("item"))
        if item.get("type") != "message":
            self._ensure_started(events)
            self._gather([item], events, with_steps=True)
        elif self._texts.settle_message(event, texts_of(item)):
            self._retell(events)

    def _load_skill(self, event: dict[str, Any], events: list[Event]) -> None:
        self._ensure_started(events)
        step = skill_step(event)
        if step:
            events.append(_status_of(step))
            self._tell_step(step, events)

    def _reason(self, what: str, event: dict[str, Any], events: list[Event]) -> None:
        """What it does before it writes. The service invents kinds of this; those of searches are alike."""
        self._ensure_started(events)
        thought = fields.string(event.get("thought")).strip()
        thought = "" if thought.endswith(_PROGRESS) else thought
        if what in ("started", "stopped"):
            if what == "started":
                events.append(StatusChanged("thinking"))
            if thought:
                self._tell_step(StepTaken("thinking", thought), events)
        elif what == "fetch_url_queries":
            pages = tuple(self._findings.named(page_of(url)) for url in fields.strings(event.get("urls")))
            self._announce(StepTaken("reading", thought, sources=pages), events)
        elif what.startswith("finance") and what.endswith("_queries"):
            # The item with what was found tells the step.
            events.append(StatusChanged("finance", ", ".join(fields.strings(event.get("queries")))))
        elif what.endswith("_queries"):
            self._announce(StepTaken("searching", thought, fields.strings(event.get("queries"))), events)
        elif what.endswith("_results"):
            self._gather([{**event, "type": what, "queries": ()}], events, with_steps=False)

    def _complete(self, event: dict[str, Any], events: list[Event]) -> None:
        """The end, with everything once more. Raises StreamFailed where it says that it came to none."""
        response = fields.mapping(event.get("response"))
        status = fields.string(response.get("status"))
        if status in _UNFINISHED:
            raise self._failure(response, orjson.dumps(dict(response)))
        self._begin(event, events)
        self._gather_all(response, events)
        self._tell_text(events)
        self._usage = fields.mapping(response.get("usage")) or self._usage
        self.finished = True
        cut = event.get("type") == "response.incomplete" or status == "incomplete"
        events += [*self._words.finish(), *self._figures(), Finished(_reason_of(response) if cut else "stop")]

    # --- what they have in common ---------------------------------------------------------------------

    def _is_new(self, event: Mapping[str, Any]) -> bool:
        """Whether an event was not told before. Numbers have holes, and some events have none."""
        number = event.get("sequence_number")
        if not isinstance(number, int):
            return True
        self.sequence = max(self.sequence, number)
        return number > self._resumed_after

    def _announce(self, step: StepTaken, events: list[Event]) -> None:
        """Tell what it does now, and that it did."""
        events.append(_status_of(step))
        self._tell_step(step, events)

    def _tell_step(self, step: StepTaken, events: list[Event]) -> None:
        """Tell a step, or what of it was not told before. One that says nothing is passed over."""
        terms = tuple(term for term in step.terms if (step.kind, term) not in self._steps)
        pages = tuple(page for page in step.sources if (step.kind, page.url) not in self._steps)
        texts = {(step.kind, text) for text in (step.thought, step.content) if text} - self._steps
        if not (terms or pages or texts):
            return
        self._steps |= texts | {(step.kind, term) for term in terms} | {(step.kind, page.url) for page in pages}
        if step.kind in ("searching", "reading"):
            step = replace(step, terms=terms, sources=pages)
        events.append(step)

    def _gather_all(self, response: Mapping[str, Any], events: list[Event]) -> None:
        """Take everything that the output of a response holds so far."""
        output = [fields.mapping(item) for item in fields.items(response.get("output"))]
        self._gather(output, events, with_steps=True)
        messages = {place: texts_of(item) for place, item in enumerate(output) if item.get("type") == "message"}
        self._texts.settle_output(messages)

    def _gather(self, items: Iterable[Mapping[str, Any]], events: list[Event], *, with_steps: bool) -> None:
        """Take what items of the output, or events with the same parts, have found."""
        for item in items:
            step = step_of(item)
            if step and with_steps:
                self._tell_step(step, events)
            self._take_findings(item, events)
        self._tell_sources(events)

    def _take_findings(self, item: Mapping[str, Any], events: list[Event]) -> None:
        match item.get("type"):
            case "search_results":
                is_carried = "queries" in item and item["queries"] is None
                self._findings.add_results(item.get("results"), carried=is_carried)
            case "people_search_results":
                self._findings.add_results(item.get("results"), kind="people")
            case "fetch_url_results":
                self._findings.add_pages(item.get("contents"))
            case "finance_results" | "finance_search_results":
                self._findings.add_finance(finance_sources(item))
            case "image_search_results":
                before = len(self._images)
                for image in fields.media_of(item.get("results"), address="image_url"):
                    self._images.setdefault(image["image_url"], image)
                if len(self._images) > before:
                    events.append(MediaFound(images=tuple(self._images.values())))

    def _tell_sources(self, events: list[Event]) -> None:
        sources = self._findings.sources
        if sources != self._sources:
            self._sources = sources
            events.append(SourcesFound(sources))

    def _tell_text(self, events: list[Event]) -> None:
        """Tell all of the text that differs from what was told, now that no mark will change its meaning."""
        text = self._texts.whole
        self._findings.avoid(numbers_in(text))
        self._tell_sources(events)
        self._retell(events, ending=True)

    def _retell(self, events: list[Event], *, ending: bool = False) -> None:
        """Read the text once more from its beginning, and tell what differs from what was told."""
        self._marks = MarkReader(self._findings)
        text = self._marks.feed(self._texts.whole) + (self._marks.finish() if ending else "")
        if text:
            self._ensure_started(events)
        self._words.repair(text, events, ending=True, final=True)

    def _figures(self) -> list[Event]:
        if not self._usage or self._usage == self._reported:
            return []
        self._reported = self._usage
        return [UsageReported(usage_of(self._usage), cost_of(self._usage))]

    def _ensure_started(self, events: list[Event]) -> None:
        if not self._started:
            self._begin({}, events)

    def _failure(self, said: Any, data: bytes) -> StreamFailed:
        """How a run failed. What it had found is told at the end of the connection."""
        said = fields.mapping(said)
        response = fields.mapping(said.get("response")) or said
        if isinstance(response.get("output"), list):
            self._seen = self.has_content
            self._begin({"response": response}, self._left)
            self._gather_all(response, self._left)
            self._usage = fields.mapping(response.get("usage")) or self._usage
        if response.get("status") == "cancelled":
            data = b'{"status":"cancelled"}'  # the error beside it says the same word three times
        return StreamFailed(data)


def _status_of(step: StepTaken) -> StatusChanged:
    """What it does in this step, in one line."""
    about = step.terms or [page.title or page.url for page in step.sources]
    return StatusChanged(step.kind, ", ".join(about))


def _reason_of(response: Mapping[str, Any]) -> str:
    """Why an answer is incomplete: by its length, unless the service says something else."""
    reason = fields.short(fields.mapping(response.get("incomplete_details")).get("reason"))
    return "length" if reason in ("", "max_output_tokens", "max_tokens") else reason
