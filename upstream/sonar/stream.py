"""The chunks of a Sonar stream, and the whole object of a blocking call, as events.

How they are put together: docs/sonar.md, "Reading a stream". A server that speaks chat completions without sources,
usage or cumulative messages goes through the same code: everything but the delta is optional.
"""

from decimal import Decimal
from typing import Any

from upstream.events import (
    Event,
    Finished,
    MediaFound,
    ReasoningDelta,
    RelatedFound,
    SourcesFound,
    Started,
    UsageReported,
    WebSource,
)
from upstream.sonar.fields import questions_of, sources_of, status_of, steps_of, text_of
from upstream.sonar.repeated_chunk import Growth, RepeatedChunk
from upstream.sse import Message
from upstream.translation import fields
from upstream.translation.answer_text import Words
from upstream.translation.base import StreamFailed, Translation
from upstream.translation.halves import Halves
from upstream.translation.payloads import parse_json

DONE = "chat.completion.done"
_KNOWN = frozenset(
    {DONE, "chat.completion", "chat.completion.chunk", "chat.reasoning", "chat.reasoning.done", "text_completion"}
)
_PIECES = frozenset({"content", "reasoning", "reasoning_content", "text"})  # texts that come in pieces
_COMPARISONS = (
    16  # chunks in a row that resembled none before them; the rest of such a stream is parsed without looking
)
_USAGE_EVERY = 32  # chunks: a stopped answer keeps figures that are nearly right, without an event for every word


class SonarTranslation(Translation):
    """Turns one answer into events. After a reason to finish a late object with sources may still follow."""

    def __init__(self, *, request_id: str = "") -> None:
        super().__init__(request_id=request_id)
        self.reason = ""
        self._started = False
        self._words = Words()
        self._thoughts = Halves()
        self._thought = False  # whether reasoning came in a field of its own
        self._steps = 0
        self._results: Any = None  # as in the last chunk, to see cheaply that nothing is new
        self._citations: Any = None
        self._related: Any = None
        self._images: Any = None
        self._videos: Any = None
        self._sources: tuple[WebSource, ...] = ()
        self._usage: dict[str, Any] = {}
        self._cost: Decimal | None = None
        self._cost_parts: Any = None
        self._reported_usage: dict[str, Any] = {}
        self._search_type = ""
        self._chunks = 0
        self._repeated: RepeatedChunk | None = None  # the last chunk, if the next one may be much the same
        self._comparisons = _COMPARISONS

    @property
    def finishing(self) -> bool:
        """Whether the upstream has said why it stops."""
        return bool(self.reason)

    @property
    def has_content(self) -> bool:
        """Whether anything has come that a reader has seen. From then on asking again would show another answer."""
        return bool(self._words or self._thought or self._steps or self._sources)

    def take(self, message: Message) -> list[Event]:
        """The events in one message of the stream. Raises StreamFailed."""
        data = message.data
        if self._repeated and message.event != "error" and (growth := self._repeated.growth(data)):
            return self._grow(growth)
        if data.startswith(b"[DONE]"):
            return self._finish()
        if message.event == "error":
            raise StreamFailed(data)
        chunk = parse_json(data, pieces=_PIECES)
        if not isinstance(chunk, dict):
            return []
        if chunk.get("error"):
            raise StreamFailed(data)
        events = self.chunk(chunk)
        self._repeated = self._expected_again(data, chunk)
        return events

    def whole(self, body: bytes) -> list[Event]:
        """The events of a blocking call's answer; none when it is not one. Raises StreamFailed."""
        answer = parse_json(body)
        if isinstance(answer, dict) and answer.get("error"):
            raise StreamFailed(body)
        if not isinstance(answer, dict) or not isinstance(answer.get("choices"), list):
            return []
        return [*self.chunk(answer), *self._finish()]

    def end(self) -> list[Event]:
        """What is left when the connection is over. It was the regular end when `finished` holds afterwards."""
        if self.finished:
            return []
        if self.finishing:
            return self._finish()
        return [*self._words.finish(), *self._figures()]

    def chunk(self, chunk: dict[str, Any]) -> list[Event]:
        """The events in one parsed object."""
        kind = chunk.get("object")
        if _is_unknown(kind):
            return []
        self._chunks += 1
        events: list[Event] = []
        if not self._started:
            self._started = True
            events.append(Started(fields.name(chunk.get("id")), fields.name(chunk.get("model")), self.request_id))
        self._extras(chunk, events)
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if isinstance(choice, dict) and not choice.get("index"):
            self._choice(choice, done=kind == DONE, events=events)
        usage = chunk.get("usage")
        if usage and isinstance(usage, dict):
            self._count(usage, events)
        if kind == DONE:
            events += self._finish()
        return events

    def _expected_again(self, data: bytes, chunk: dict[str, Any]) -> RepeatedChunk | None:
        """The chunk that was just taken, if the next one may be the same but for its text and its figures."""
        kind = chunk.get("object")
        if _is_unknown(kind) or kind == DONE or self.finishing or not self._comparisons:
            return None
        self._comparisons -= 1
        return RepeatedChunk.of(data, chunk)

    def _grow(self, growth: Growth) -> list[Event]:
        """The events in a chunk that is the same as the last one but for what is new: as `chunk` would tell them."""
        self._comparisons = _COMPARISONS
        self._chunks += 1
        events: list[Event] = []
        self._words.append(growth.text, events)
        if growth.usage:
            self._count(growth.usage, events)
        return events

    def _choice(self, choice: dict[str, Any], *, done: bool, events: list[Event]) -> None:
        delta, message = choice.get("delta"), choice.get("message")
        text = ""
        if isinstance(delta, dict):
            thought = delta.get("reasoning_content") or delta.get("reasoning")
            if thought and isinstance(thought, str):
                self._thought = True
                thought = self._thoughts.feed(thought)
                if thought:
                    events.append(ReasoningDelta(thought))
            steps = delta.get("reasoning_steps")
            if steps and isinstance(steps, list):
                self._reason_in_steps(steps, events)
            text = text_of(delta.get("content"))
            if text:
                self._words.append(text, events)
        reason = choice.get("finish_reason")
        if reason and isinstance(reason, str):
            self.reason = reason[: fields.SHORT]
        if isinstance(message, dict):
            self._reason_in_message(message, done=done, events=events)
            if not text or done or self.reason:
                self._words.repair(text_of(message.get("content")), events, ending=bool(self.reason), final=done)

    def _reason_in_message(self, message: dict[str, Any], *, done: bool, events: list[Event]) -> None:
        """Reasoning that comes with the whole message and did not come before."""
        steps = message.get("reasoning_steps")
        if isinstance(steps, list) and len(steps) > self._steps:
            self._reason_in_steps(steps[self._steps :], events)
        thought = message.get("reasoning_content") or message.get("reasoning")
        if thought and isinstance(thought, str) and not self._thought and (done or self.reason):
            self._thought = True
            events.append(ReasoningDelta(thought))

    def _reason_in_steps(self, steps: list[Any], events: list[Event]) -> None:
        self._steps += len(steps)
        for step in steps_of(steps):
            events += [status_of(step), step]

    def _extras(self, chunk: dict[str, Any], events: list[Event]) -> None:
        """Sources, media and related questions: a later value that is not empty replaces an earlier one."""
        results, citations = chunk.get("search_results"), chunk.get("citations")
        if (results and results != self._results) or (citations and citations != self._citations):
            self._results = results if results and isinstance(results, list) else self._results
            self._citations = citations if citations and isinstance(citations, list) else self._citations
            sources = sources_of(self._results or (), self._citations or ())
            if sources and sources != self._sources:
                self._sources = sources
                events.append(SourcesFound(sources))
        images, videos = chunk.get("images") or self._images, chunk.get("videos") or self._videos
        if images != self._images or videos != self._videos:
            self._images, self._videos = images, videos
            found = MediaFound(fields.media_of(images, address="image_url"), fields.media_of(videos, address="url"))
            if found.images or found.videos:
                events.append(found)
        related = chunk.get("related_questions")
        if related and related != self._related:
            self._related = related
            questions = questions_of(related)
            if questions:
                events.append(RelatedFound(questions))
        metadata = chunk.get("search_metadata")
        if isinstance(metadata, dict):
            self._search_type = fields.short(metadata.get("search_type_used")) or self._search_type

    def _count(self, usage: dict[str, Any], events: list[Event]) -> None:
        """Keep the figures, and tell them now and then; of costs, the last one that is not the zero of an unfinished
        answer."""
        self._usage = usage
        cost = fields.cost_of(usage)
        if cost is not None:
            self._cost, self._cost_parts = cost, usage["cost"]
        if self._chunks % _USAGE_EVERY == 0:
            events += self._figures()

    def _figures(self) -> list[Event]:
        if not self._usage:
            return []
        usage = {name: value for name, value in self._usage.items() if name != "cost"}
        if self._cost is not None:
            usage["cost"] = self._cost_parts
        if self._search_type:
            usage["search_type_used"] = self._search_type
        if usage == self._reported_usage:
            return []
        self._reported_usage = usage
        return [UsageReported(usage, self._cost)]

    def _finish(self) -> list[Event]:
        if self.finished:
            return []
        self.finished = True
        return [*self._words.finish(), *self._figures(), Finished(self.reason or "stop")]


def _is_unknown(kind: Any) -> bool:
    """Whether an object is of a kind that is not for us."""
    return isinstance(kind, str) and bool(kind) and kind not in _KNOWN
