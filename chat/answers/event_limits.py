"""How much is kept of what an upstream says beside the text: no list is endless, and no name is a book.

What a page shows of an answer is rendered again for every reader, so it is bounded where it comes in. Ordinary answers
have some ten sources and five related questions; the longest research has a few hundred sources.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core import graphemes
from upstream import events
from upstream.events import WebSource

MOST_SOURCES = 500
MOST_LISTS = 200  # of sources, each of which takes the place of the one before
MOST_STEPS = 300  # of one answer
MOST_SOURCES_IN_STEPS = 1_000  # of all steps of one answer
MOST_MEDIA = 100  # pictures, and as many videos
MOST_RELATED = 20
MOST_TERMS = 50
MOST_PARTS = 20  # of what is said about a picture
LONGEST_URL = 4_000  # characters; a longer address is none, but its source keeps its number
LONGEST_TITLE = 500  # characters, as for everything that is a name
LONGEST_SNIPPET = 5_000
LONGEST_THOUGHT = 10_000
LONGEST_CONTENT = 30_000  # characters of what a step brought as Markdown
MOST_CONTENT = 100_000  # characters of what all steps of one answer brought


class EventLimits:
    """What one answer may still bring, from its beginning on."""

    def __init__(self) -> None:
        self._lists = MOST_LISTS
        self._steps = MOST_STEPS
        self._sources_in_steps = MOST_SOURCES_IN_STEPS
        self._content = MOST_CONTENT

    def bounded(self, event: events.Event) -> events.Event | None:
        """The event with as much in it as is kept; None when nothing of it is."""
        match event:
            case events.SourcesFound(sources):
                self._lists -= 1
                kept = events.SourcesFound(tuple(map(_source, sources[:MOST_SOURCES])))
                return kept if self._lists >= 0 else None
            case events.MediaFound(images, videos):
                return events.MediaFound(_media(images), _media(videos))
            case events.RelatedFound(questions):
                return events.RelatedFound(_names(questions[:MOST_RELATED]))
            case events.StatusChanged(doing, about):
                return events.StatusChanged(doing[:LONGEST_TITLE], graphemes.cut(about, LONGEST_TITLE))
            case events.StepTaken():
                return self._step(event)
        return event

    def _step(self, step: events.StepTaken) -> events.StepTaken | None:
        if self._steps <= 0:
            return None
        self._steps -= 1
        sources = step.sources[: self._sources_in_steps]
        self._sources_in_steps -= len(sources)
        content = graphemes.cut(step.content, min(LONGEST_CONTENT, self._content))
        self._content -= len(content)
        return replace(
            step,
            thought=graphemes.cut(step.thought, LONGEST_THOUGHT),
            terms=_names(step.terms[:MOST_TERMS]),
            sources=tuple(map(_source, sources)),
            content=content,
        )


def _source(source: WebSource) -> WebSource:
    return replace(
        source,
        url=source.url if len(source.url) <= LONGEST_URL else "",
        title=graphemes.cut(source.title, LONGEST_TITLE),
        snippet=graphemes.cut(source.snippet, LONGEST_SNIPPET),
    )


def _names(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(graphemes.cut(text, LONGEST_TITLE) for text in texts)


def _media(found: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """What is said about each picture in texts and numbers; without what has an address that is too long."""
    kept = []
    for item in found[:MOST_MEDIA]:
        parts = list(item.items())[:MOST_PARTS]
        if not any(isinstance(value, str) and len(value) > LONGEST_URL for _name, value in parts):
            kept.append({name[:LONGEST_TITLE]: value for name, value in parts if _is_simple(value)})
    return tuple(kept)


def _is_simple(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)
