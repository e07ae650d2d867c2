"""What an upstream can tell us while it answers, whichever provider speaks.

Providers turn their wire into these; nobody above them knows a wire.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class WebSource:
    """A search result exactly as returned, or something else that an answer leans on.

    `number` is the mark by which the text cites it, unique in its list; 0 is its place in the list, counted from 1. A
    result that is numbered by its place keeps it with an empty `url` where it came without an address, so that no
    number moves. `carried` is what an earlier answer of the conversation had found already. `kind` is empty for what a
    search of the web found, else `page` (was read without having been searched for), `people` or `finance`.
    """

    url: str
    title: str = ""
    date: str = ""
    last_updated: str = ""
    snippet: str = ""
    origin: str = ""
    number: int = 0
    carried: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """The upstream took the request. `request_id` is its X-Request-ID, for its support.

    Comes again when the connection broke before the first word and the question was sent again, and when another
    `model` turns out to have answered than the one that was asked: the last one counts.
    """

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
class StepTaken:
    """One step of a search in several steps: what it was for and what it came to.

    `kind` is one of the words of StatusChanged: `searching` (with its `terms`), `reading` (with the pages in
    `sources`), `finance` (what was looked up, in `terms`), `calculating`, `thinking`, `preparing`. `content` is what it
    brought beside sources, as Markdown: the tables of a look-up, a program and what it printed.
    """

    kind: str
    thought: str = ""
    terms: Sequence[str] = ()
    sources: Sequence[WebSource] = ()
    content: str = ""


@dataclass(frozen=True, slots=True)
class Submitting:
    """The question is about to be handed over to an upstream that would work on it twice if it were asked twice. Until
    something else is told, nobody knows whether it arrived."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The upstream works on it by itself and calls this work `job`; whoever knows that can go on waiting for it."""

    job: str


@dataclass(frozen=True, slots=True)
class SourcesFound:
    """All sources known now, in the upstream's order; replaces an earlier list. Never empty."""

    sources: Sequence[WebSource]


@dataclass(frozen=True, slots=True)
class MediaFound:
    """Pictures and videos as returned; an empty list says nothing about an earlier one.

    A picture's address is always in `image_url`, a video's in `url`.
    """

    images: Sequence[Mapping[str, Any]] = ()
    videos: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class RelatedFound:
    """Questions that the upstream suggests to ask next."""

    questions: Sequence[str]


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """What the upstream does while no words come: a word for the status line and, where known, what about.

    The words: `searching` (about: the search terms), `reading` (the page), `finance` (what is looked up),
    `calculating`, `thinking`, `preparing` (the name of a skill), `queued` (the place in the queue, counted from 1),
    `uploading` (which picture of how many, as `2/3`), `submitted` and `researching` (work that the upstream does by
    itself), and `retrying` (the whole seconds until the question is sent again).
    """

    doing: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Throttled:
    """The upstream takes no more questions for this model for `wait` seconds; says nothing about this answer."""

    wait: float


@dataclass(frozen=True, slots=True)
class RateLimitSeen:
    """Of the `limit` requests that the upstream takes, `remaining` are left until, in `wait` seconds, it takes as many
    again. Says nothing about this answer."""

    limit: int
    remaining: int
    wait: float


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Figures so far; replaces earlier ones. `cost` in USD, six places, None where the upstream reported none."""

    usage: Mapping[str, Any]
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PictureUploaded:
    """The service has a copy of the picture that the asker knows by `reference`, at `url`.

    `smaller` says that it is a smaller copy, because the service took no larger one.
    """

    reference: str
    url: str
    smaller: bool = False


@dataclass(frozen=True, slots=True)
class DocumentsInlined:
    """The service takes no files: the text of the documents went along in their place."""


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
    | StepTaken
    | Submitting
    | Submitted
    | SourcesFound
    | MediaFound
    | RelatedFound
    | StatusChanged
    | Throttled
    | RateLimitSeen
    | UsageReported
    | PictureUploaded
    | DocumentsInlined
    | FollowUp
    | Finished
)
