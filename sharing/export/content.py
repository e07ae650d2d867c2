"""What an export holds, whatever it was made from and in whatever format it is written.

An export is a row of parts, handed out one by one: a writer never has more than one of them in memory. A part is the
head of a conversation, a question with its answers, or a text of its own, such as a report.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in the list of an answer or a report.

    `number` is what the text cites it by: `3`, or `D1` for a document of a space. `date` is as the search returned it.
    One that is not `cited` was only retrieved.
    """

    number: str
    title: str
    url: str = ""
    date: str = ""
    cited: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes along. `load` returns its bytes, and raises OSError or FileMissing where they can't be had;
    None for one that is only named. Sizes in pixels, 0 where nobody knows."""

    name: str
    media_type: str = ""
    width: int = 0
    height: int = 0
    load: Callable[[], bytes] | None = None


@dataclass(frozen=True, slots=True)
class ExportedAnswer:
    """One answer. `html` is its text as Parley shows it (`chat.rendering`), with `data-check` at marks that were
    checked; `text` is the Markdown as the model wrote it.

    `state` is a word of `Answer.State`, `state_note` a sentence for one that did not finish, else empty. `check` is
    the line about its citations, empty where they were not checked. `reasoning` is empty unless it was asked for.
    """

    text: str
    html: str
    sources: Sequence[SourceLine] = ()
    model: str = ""
    asked_by: str = ""
    at: datetime | None = None
    state: str = "finished"
    state_note: str = ""
    check: str = ""
    reasoning: str = ""
    pictures: Sequence[Picture] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ExportedConversation:
    """The head of a conversation; its questions follow as parts. `record` is what docs/export-format.md has of it,
    without its questions; empty unless records were asked for."""

    title: str
    place: str = ""
    owner: str = ""
    at: datetime | None = None
    url: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportedQuestion:
    """A question with its answers, oldest first. `record` as with a conversation."""

    text: str
    answers: Sequence[ExportedAnswer] = ()
    asked_by: str = ""
    at: datetime | None = None
    pictures: Sequence[Picture] = ()
    files: Sequence[str] = ()
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportedText:
    """A text with its list of sources, such as a report. `html` as that of an answer."""

    text: str
    html: str
    sources: Sequence[SourceLine] = ()


def _go_on() -> None:
    """Nothing stops what nobody watches."""


Part = ExportedConversation | ExportedQuestion | ExportedText


@dataclass(frozen=True, slots=True)
class Export:
    """What is written into one file. `parts` can be gone through once. `language` is the code of the reader's; `url` is
    where it stands in Parley; `head` is the beginning of a record file, empty for one that is not read back. `still` is
    called now and then by what takes long, and raises what breaks it off."""

    title: str
    parts: Iterable[Part]
    made_at: datetime
    made_by: str = ""
    url: str = ""
    language: str = "en"
    head: Mapping[str, Any] = field(default_factory=dict)
    still: Callable[[], None] = _go_on


@dataclass(frozen=True, slots=True)
class Along:
    """What goes along besides questions, answers and sources."""

    reasoning: bool = False
    pictures: bool = True
    checks: bool = True
