"""What an upstream can tell us while it answers, whichever provider speaks.

Providers turn their wire into these; nobody above them knows a wire.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """A search result exactly as returned. Position in the list is its number, counted from 1."""

    url: str
    title: str = ""
    date: str = ""
    last_updated: str = ""
    snippet: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """The upstream took the request. `request_id` is its X-Request-ID, for its support."""

    upstream_id: str = ""
    model: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More text."""

    text: str


@dataclass(frozen=True, slots=True)
class TextReplaced:
    """The whole text so far, which does not continue what came before."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of what a reasoning model thinks aloud."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningReplaced:
    """The whole reasoning so far, which does not continue what came before."""

    text: str


@dataclass(frozen=True, slots=True)
class SourcesFound:
    """All sources known now, in the upstream's order; replaces an earlier list."""

    sources: Sequence[Source]


@dataclass(frozen=True, slots=True)
class MediaFound:
    """Pictures and videos as returned; an empty list says nothing about an earlier one."""

    images: Sequence[Mapping[str, Any]] = ()
    videos: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class RelatedFound:
    """Questions that the upstream suggests to ask next."""

    questions: Sequence[str]


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """What the upstream does while no words come: a word for the status line and, where known, what about."""

    doing: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Figures so far; replaces earlier ones. `cost` in USD, None where the upstream reported none."""

    usage: Mapping[str, Any]
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What the upstream wants to see again with the next question of the conversation."""

    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finished:
    """The regular end; a stream without it broke off. `reason` is the upstream's word, such as `stop` or `length`."""

    reason: str = "stop"


Event = (
    Started
    | TextDelta
    | TextReplaced
    | ReasoningDelta
    | ReasoningReplaced
    | SourcesFound
    | MediaFound
    | RelatedFound
    | StatusChanged
    | UsageReported
    | FollowUp
    | Finished
)
