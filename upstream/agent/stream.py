"""The events of an Agent API stream (docs/agent.md, "Streams"), and its whole response object, as our events.

The text comes up to four times: in deltas, at the end of its part, at the end of its item, and in the response that
closes the stream. Deltas are told as they come; of the rest only what differs is. Only the closing response ends an
answer: a connection that closes before it has broken off.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from upstream.agent.fields import Findings, texts_of, usage_of
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
from upstream.translation.payloads import parse_json

_BETWEEN = "\n\n"  # between two messages of one answer
_FAILURES = frozenset({"error", "response.failed", "response.cancelled", "response.error"})
_UNFINISHED = frozenset({"failed", "cancelled", "requires_action"})


class AgentTranslation(Translation):
    """Turns one answer into events."""

    def __init__(self, *, request_id: str = "") -> None:
        super().__init__(request_id=request_id)
        self._known = ("", "")  # the response's id and its model
        self._started = False
        self._words = Words()
        self._texts: dict[Any, str] = {}  # what each message of the output says so far, by its id
        self._findings = Findings()
        self._sources: tuple[WebSource, ...] = ()
        self._images: dict[str, Mapping[str, Any]] = {}
        self._steps = 0
        self._usage: Mapping[str, Any] = {}
        self._reported: Mapping[str, Any] = {}
        self._told: set[bytes] = set()  # steps that the output of a run has shown
        self._left: list[Event] = []  # what a run that failed had found and not told
        self._handlers: Mapping[str, Callable[[dict[str, Any], list[Event]], None]] = {
            "response.created": self._begin,
            "response.in_progress": self._begin,
            "response.queued": self._begin,
            "response.output_text.delta": self._delta,
            "response.output_text.done": self._part_done,
            "response.output_item.done": self._item_done,
            "response.reasoning.started": self._think,
            "response.reasoning.stopped": self._think,
            "response.reasoning.search_queries": self._search,
            "response.reasoning.image_search_queries": self._search,
            "response.reasoning.fetch_url_queries": self._fetch,
            "response.reasoning.search_results": self._collect_results,
            "response.reasoning.fetch_url_results": self._collect_results,
            "response.reasoning.image_search_results": self._collect_results,
            "response.completed": self._complete,
            "response.incomplete": self._complete,
        }

    @property
    def has_content(self) -> bool:
        """Whether anything has come that a reader has seen."""
        return bool(self._words or self._steps or self._sources)

    def take(self, message: Message) -> list[Event]:
        """The events in one message of the stream. Raises StreamFailed."""
        event = parse_json(message.data)
        kind = event.get("type") if isinstance(event, dict) else None
        if message.event == "error" or kind in _FAILURES:
            raise StreamFailed(message.data)
        if not isinstance(event, dict):
            return []  # such as [DONE], which other services end with
        if kind is None and event.get("error"):
            raise StreamFailed(message.data)
        handler = self._handlers.get(kind) if isinstance(kind, str) else None
        events: list[Event] = []
        if handler:
            handler(event, events)
        return events

    def whole(self, body: bytes) -> list[Event]:
        """The events of a response that comes in one piece; none when it is not one, or none that is done."""
        answer = parse_json(body)
        if not isinstance(answer, dict):
            return []
        if answer.get("status") in _UNFINISHED or answer.get("error"):
            raise StreamFailed(body)
        if answer.get("status") not in ("completed", "incomplete") or not isinstance(answer.get("output"), list):
            return []
        events: list[Event] = []
        self._complete({"response": answer}, events)
        return events

    def look(self, body: bytes) -> list[Event]:
        """What is new in a response that was asked for again, done (`finished`) or not. Raises StreamFailed."""
        answer = parse_json(body)
        if not isinstance(answer, dict):
            return []
        found: list[Event] = []
        self._tell_output(answer, found)
        try:
            return [*found, *self.whole(body)]
        except StreamFailed:
            self._left = found
            raise

    def end(self) -> list[Event]:
        """What is left when the connection is over, or when a run failed."""
        return [] if self.finished else [*self._left, *self._words.finish(), *self._figures()]

    # --- one kind of event each -----------------------------------------------------------------------

    def _begin(self, event: dict[str, Any], events: list[Event]) -> None:
        """Tell that it has begun: at once, and again when the response's id comes later than that."""
        response = fields.mapping(event.get("response"))
        known = (fields.name(response.get("id")), fields.name(response.get("model")))
        if not self._started or (known[0] and not self._known[0]):
            self._started, self._known = True, known
            events.append(Started(*known, self.request_id))

    def _delta(self, event: dict[str, Any], events: list[Event]) -> None:
        text = event.get("delta")
        if not text or not isinstance(text, str):
            return
        self._ensure_started(events)
        key = _key(event)
        is_last = not self._texts or key == next(reversed(self._texts))
        if is_last or key not in self._texts:
            if not is_last:
                self._words.append(_BETWEEN, events)
            self._texts[key] = self._texts.get(key, "") + text
            self._words.append(text, events)
        else:
            self._settle(key, self._texts[key] + text, events)

    def _part_done(self, event: dict[str, Any], events: list[Event]) -> None:
        """The end of one part of a message. Where the message has several, its own end settles it."""
        key, text = _key(event), fields.string(event.get("text"))
        if not event.get("content_index") and not self._texts.get(key, "").startswith(text):
            self._settle(key, text, events)

    def _item_done(self, event: dict[str, Any], events: list[Event]) -> None:
        item = fields.mapping(event.get("item"))
        if item.get("type") == "message":
            self._settle(_key({"item_id": item.get("id"), **event}), texts_of(item), events)
        else:
            self._gather(item, events)

    def _settle(self, key: Any, text: str, events: list[Event]) -> None:
        """Bring one message to the text that it has in the end."""
        if text and self._texts.get(key) != text:
            self._ensure_started(events)
            self._texts[key] = text
            self._words.repair(_BETWEEN.join(self._texts.values()), events, ending=True, final=True)

    def _think(self, event: dict[str, Any], events: list[Event]) -> None:
        self._step("thinking", event, events)

    def _search(self, event: dict[str, Any], events: list[Event]) -> None:
        self._step("searching", event, events, terms=fields.strings(event.get("queries")))

    def _fetch(self, event: dict[str, Any], events: list[Event]) -> None:
        pages = [fields.source_of(url) for url in fields.strings(event.get("urls"))]
        self._step("reading", event, events, pages=tuple(pages))

    def _step(
        self,
        kind: str,
        event: dict[str, Any],
        events: list[Event],
        *,
        terms: tuple[str, ...] = (),
        pages: tuple[WebSource, ...] = (),
    ) -> None:
        """What it does now, and, where there is something to say about it, that it did."""
        self._ensure_started(events)
        if event.get("type") != "response.reasoning.stopped":
            about = ", ".join(terms or (page.title or page.url for page in pages))
            events.append(StatusChanged(kind, about))
        thought = fields.string(event.get("thought")).strip()
        if thought or terms or pages:
            self._steps += 1
            events.append(StepTaken(kind, thought, terms, pages))

    def _collect_results(self, event: dict[str, Any], events: list[Event]) -> None:
        self._ensure_started(events)
        kind = fields.string(event.get("type")).removeprefix("response.reasoning.")
        self._gather({**event, "type": kind}, events)
        usage = fields.mapping(event.get("usage"))
        self._usage = usage or self._usage

    def _gather(self, item: Mapping[str, Any], events: list[Event]) -> None:
        """Take what an item of the output, or an event with the same parts, has found."""
        match item.get("type"):
            case "search_results":
                self._findings.add_results(item.get("results"))
            case "fetch_url_results":
                self._findings.add_pages(item.get("contents"))
            case "image_search_results":
                before = len(self._images)
                for image in fields.media_of(item.get("results"), address="image_url"):
                    self._images.setdefault(image["image_url"], image)
                if len(self._images) > before:
                    events.append(MediaFound(images=tuple(self._images.values())))
        sources = self._findings.sources
        if sources != self._sources:
            self._sources = sources
            events.append(SourcesFound(sources))

    def _tell_output(self, response: Mapping[str, Any], events: list[Event]) -> None:
        """Tell the searches and pages of an output that may still grow, each once."""
        output = [item for item in fields.items(response.get("output")) if isinstance(item, dict)]
        for item in output:
            if item.get("type") == "message":
                continue
            self._begin({"response": response}, events)
            pages = [fields.source_of(page) for page in fields.items(item.get("contents"))]
            step = StepTaken("searching", "", fields.strings(item.get("queries")))
            if pages:
                step = StepTaken("reading", "", (), tuple(page for page in pages if page.url))
            known = orjson.dumps([step.kind, step.terms, [page.url for page in step.sources]])
            if (step.terms or step.sources) and known not in self._told:
                self._told.add(known)
                self._steps += 1
                events.append(step)
            self._gather(item, events)

    def _complete(self, event: dict[str, Any], events: list[Event]) -> None:
        """The end, with everything once more. Raises StreamFailed where it says that it came to none."""
        response = fields.mapping(event.get("response"))
        status = response.get("status")
        if status in _UNFINISHED:
            raise StreamFailed(orjson.dumps(dict(response)))
        self._begin(event, events)
        output = [item for item in fields.items(response.get("output")) if isinstance(item, dict)]
        for item in output:
            self._gather(item, events)
        said = [text for item in output if item.get("type") == "message" and (text := texts_of(item))]
        self._words.repair(_BETWEEN.join(said), events, ending=True, final=True)
        self._usage = fields.mapping(response.get("usage")) or self._usage
        self.finished = True
        cut = event.get("type") == "response.incomplete" or status == "incomplete"
        events += [*self._words.finish(), *self._figures(), Finished(_reason(response) if cut else "stop")]

    def _figures(self) -> list[Event]:
        if not self._usage or self._usage == self._reported:
            return []
        self._reported = self._usage
        return [UsageReported(usage_of(self._usage), fields.cost_of(self._usage))]

    def _ensure_started(self, events: list[Event]) -> None:
        if not self._started:
            self._begin({}, events)


def _key(event: Mapping[str, Any]) -> Any:
    """To which message of the output an event about text belongs."""
    key = event.get("output_index")
    key = event.get("item_id") if key is None else key
    return key if isinstance(key, str | int) else None


def _reason(response: Mapping[str, Any]) -> str:
    """Why an answer is incomplete: by its length, unless the service says something else."""
    reason = fields.short(fields.mapping(response.get("incomplete_details")).get("reason"))
    return "length" if reason in ("", "max_output_tokens", "max_tokens") else reason
