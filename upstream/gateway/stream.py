"""What the gateway streams, as events: whole snapshots again and again, then one last object.

A snapshot is all that is known at that moment, not what is new. It may say less than the one before: then what was
there stays. `done` repeats the last snapshot, which need not be the best one.
"""

from collections.abc import Mapping
from typing import Any

from upstream.events import Event, Finished, FollowUp, SourcesFound, Started, WebSource
from upstream.sse import Message
from upstream.translation import fields
from upstream.translation.answer_text import Words
from upstream.translation.base import StreamFailed, Translation
from upstream.translation.payloads import parse_json

# What the gateway says itself when nothing came.
_NOTHING = b'{"error":{"code":"perplexity_error","message":"stream ended before anything came back"}}'


class GatewayTranslation(Translation):
    """Translates one answer."""

    def __init__(self, *, request_id: str = "") -> None:
        super().__init__(request_id=request_id)
        self._begun = False
        self._text = ""
        self._words = Words()
        self._results: list[Any] = []

    @property
    def has_content(self) -> bool:
        """Whether there is text or a source."""
        return bool(self._text or self._results)

    def take(self, message: Message) -> list[Event]:
        """The events in one message. Raises StreamFailed for `event: error`."""
        if message.event not in ("message", "done", "error"):
            return []
        found = parse_json(message.data)
        if message.event == "error" or fields.mapping(found).get("error"):
            raise StreamFailed(message.data)
        if not isinstance(found, dict):
            return []
        return self._last(found) if message.event == "done" else [*self._start(), *self._snapshot(found)]

    def whole(self, body: bytes) -> list[Event]:
        """The events of the response object of a blocking call; none when it is not one. Raises StreamFailed."""
        found = parse_json(body)
        if fields.mapping(found).get("error"):
            raise StreamFailed(body)
        if not isinstance(found, dict) or not {"answer", "follow_up", "id"} & set(found):
            return []
        return self._last(found)

    def end(self) -> list[Event]:
        """What was held back of the text: a stream without `done` broke off."""
        return [] if self.finished else self._words.finish()

    def _last(self, found: Mapping[str, Any]) -> list[Event]:
        """What `done` says, merged with what was there: it may be empty although there was text before.

        Raises StreamFailed where there never was any.
        """
        said = self._snapshot(found)
        if not self._text:
            raise StreamFailed(_NOTHING)
        self.finished = self._begun = True
        mode, model = fields.name(found.get("mode")), fields.name(found.get("model"))
        started = Started(
            upstream_id=fields.name(found.get("id")),
            model=f"{mode}/{model}" if mode and model else model,
            request_id=self.request_id,
        )
        state = fields.mapping(found.get("follow_up"))
        events: list[Event] = [started, *said, *self._words.finish()]
        backend_uuid = fields.name(state.get("backend_uuid"))
        if backend_uuid:
            attachments = list(fields.strings(state.get("attachments")))
            events.append(FollowUp({"backend_uuid": backend_uuid, "attachments": attachments}))
        return [*events, Finished()]

    def _start(self) -> list[Event]:
        if self._begun:
            return []
        self._begun = True
        return [Started(request_id=self.request_id)]

    def _snapshot(self, found: Mapping[str, Any]) -> list[Event]:
        events: list[Event] = []
        results = fields.items(found.get("web_results"))
        if results and results != self._results:
            self._results = results
            events.append(SourcesFound([_source(result) for result in results]))
        text = fields.string(found.get("answer"))
        if text and text != self._text:
            self._words.repair(text, events, ending=True, final=True)
            self._text = text
        return events


def _source(result: Any) -> WebSource:
    """A search result. What it is called depends on who speaks."""
    values = fields.mapping(result)
    if not values:
        return fields.source_of(result)
    url = fields.address(values.get("url"))
    title = fields.words(values.get("name")) or fields.words(values.get("title")) or fields.host(url)
    return WebSource(url=url, title=title, snippet=fields.words(values.get("snippet")))
