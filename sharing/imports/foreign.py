"""Conversations of another service, before they are rows: what all services have in common.

`key` is what the service calls a question or an answer; it stays the same in every file of that service. Texts are
Markdown, and `[n]` cites the source with that number.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core.sentences import Sentence

EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)  # before any of the services was there
LATEST_AHEAD = timedelta(hours=1)  # clocks differ
_MILLISECONDS = 100_000_000_000  # a number of seconds as large as this would be the year 5138


class ImportRefused(Exception):
    """Nothing of a file, or of one of its conversations, can be taken. Its sentence is for people."""

    def __init__(self, sentence: "str | Sentence") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class LeftOut(StrEnum):
    """What of a conversation is not taken. People are told how many there were of each."""

    SYSTEM = "system"  # instructions of the service
    TOOL = "tool"  # what tools were told and answered
    HIDDEN = "hidden"  # messages that the service itself doesn't show
    ALONE = "alone"  # answers that no question stands before
    EMPTY = "empty"  # messages without words
    PICTURE = "picture"  # pictures that aren't in the file, or in answers
    FILE = "file"  # attached documents
    DATE = "date"  # dates that can't be right, and were corrected
    LONG = "long"  # texts that were cut
    MANY = "many"  # questions, answers or sources beyond what one conversation may have
    PASSAGE = "passage"  # passages of documents whose space does not come along
    VOUCHED = "vouched"  # checks and verifications, which nobody brings but an owner who brings a whole team
    TEAM = "team"  # what else a team has, the same way
    PART = "part"  # parts of an archive that say nothing Parley can use


@dataclass(frozen=True, slots=True)
class ForeignSource:
    """A page that an answer used. `number` is what the text cites it by."""

    number: int
    url: str
    title: str = ""
    date: str = ""
    snippet: str = ""
    last_updated: str = ""
    origin: str = ""
    kind: str = ""
    carried: bool = False


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """An attached file. `read` gives its bytes, at most as many as one upload may have, and raises OSError."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class ForeignAnswer:
    """One answer. `more` are fields of the row, where Parley itself wrote the file. `by` names who asked for it."""

    key: str
    text: str
    at: datetime
    model: str = ""
    reasoning: str = ""
    sources: Sequence[ForeignSource] = ()
    by: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignQuestion:
    """One question, or one version of it: `follows` is the question before, `version_of` the first version."""

    key: str
    text: str
    at: datetime
    follows: str = ""
    version_of: str = ""
    answers: Sequence[ForeignAnswer] = ()
    files: Sequence[ForeignFile] = ()
    by: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignConversation:
    """One conversation, with its questions in the order in which they are stored."""

    service: str
    id: str
    title: str
    questions: Sequence[ForeignQuestion]
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    pinned: bool = False
    archived: bool = False
    tags: Sequence[str] = ()
    owner: str = ""
    owner_name: str = ""
    visibility: str = ""
    space: str = ""
    forked_from: str = ""
    created_at: datetime | None = None
    last_asked_at: datetime | None = None

    @property
    def answer_count(self) -> int:
        """How many answers there are to all questions."""
        return sum(len(question.answers) for question in self.questions)

    @property
    def digest(self) -> str:
        """Tells whether the same conversation has grown or changed since."""
        found = hashlib.sha256()
        for question in self.questions:
            found.update(f"{question.key}\n".encode("utf-8", "replace"))
            for answer in question.answers:
                found.update(f"\t{answer.key}\n".encode("utf-8", "replace"))
        return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A conversation that cannot be taken, and why. `is_end`: nothing after it could be read either."""

    title: str
    why: "str | Sentence"
    is_end: bool = False


Found = ForeignConversation | Unreadable


def text_of(value: Any) -> str:
    """The value if it is text, else none."""
    return value if isinstance(value, str) else ""


def list_of(value: Any) -> list[Any]:
    """The value if it is a list, else none."""
    return value if isinstance(value, list) else []


def dict_of(value: Any) -> dict[str, Any]:
    """The value if it is a mapping, else none."""
    return value if isinstance(value, dict) else {}


class Clock:
    """Reads what services write as times, and keeps them within reason: where there is none, or one that cannot be
    right, the time before holds. `wrong` counts those that could not be."""

    def __init__(self, start: Any = None) -> None:
        self.wrong = 0
        self._now = timezone.now()
        self._last = self._now
        found = self._read(start)
        self._last = found or self._now

    @property
    def last(self) -> datetime:
        """The time that was read last."""
        return self._last

    def read(self, said: Any) -> datetime:
        """The time as it was said: seconds or milliseconds since 1970, or ISO 8601."""
        found = self._read(said)
        if found:
            self._last = found
        return self._last

    def _read(self, said: Any) -> datetime | None:
        if said is None or said == "":
            return None
        found = _moment(said)
        if found is None or not EARLIEST <= found <= self._now + LATEST_AHEAD:
            self.wrong += 1
            return None
        return min(found, self._now)


def moment_in(said: Any) -> datetime | None:
    """The time as it was said, if it can be right."""
    found, now = _moment(said), timezone.now()
    return min(found, now) if found and EARLIEST <= found <= now + LATEST_AHEAD else None


def _moment(said: Any) -> datetime | None:
    try:
        if isinstance(said, bool):
            return None
        if isinstance(said, (int, float)):
            seconds = said / 1000 if abs(said) >= _MILLISECONDS else said
            if abs(seconds) >= 1e15:  # nanoseconds, or nothing
                seconds = said / 1_000_000_000
            return datetime.fromtimestamp(seconds, UTC)
        if not isinstance(said, str) or len(said) > 40:
            return None
        found = parse_datetime(said)
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
