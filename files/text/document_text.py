"""What was read in a document: passages with their numbers, and why there are no more of them."""

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

from files import limits

_BETWEEN = 2  # characters between two passages at most
_WORTH_SAYING = 200  # characters; less of a passage than this tells nobody anything


class Problem(StrEnum):
    """Why a document's text is not there, or not all of it."""

    NONE = ""
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    BOMB = "bomb"  # it would unpack, or expand its entities, beyond measure
    NO_TEXT = "no_text"  # a scan, or nothing but pictures
    MOSTLY_IMAGES = "mostly_images"  # the same of more than half of its pages
    UNREADABLE = "unreadable"  # a kind of document that nobody here can read
    TOO_SLOW = "too_slow"
    TOO_HEAVY = "too_heavy"  # it needs more memory than it may have
    PAGES = "pages"  # it has more pages than are read
    LENGTH = "length"  # it has more text than is read


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document. `number` counts its pages (slides, sheets, lines) from 1; `label` is what it is called,
    such as the name of a sheet."""

    number: int
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a document, as much as there was room for. `first` and `last` are numbers of its passages; 0
    when there is nothing. `whole` says that nothing is missing of what was read."""

    text: str
    first: int = 0
    last: int = 0
    whole: bool = True


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document, as far as it could be read.

    `unit` is what the numbers count: `page`, `slide`, `sheet`, `part` or `line`. `count` is how many of them the
    document has, 0 where nobody knows; those without any text have no passage.
    """

    unit: str = "page"
    count: int = 0
    passages: Sequence[Passage] = field(default_factory=tuple)
    problem: Problem = Problem.NONE

    @property
    def characters(self) -> int:
        """The length of the text."""
        return sum(len(passage.text) for passage in self.passages)

    @property
    def without_text(self) -> int:
        """How many pages of those that were read have no text: scans, pictures, blank ones."""
        if self.unit != "page" or self.problem in (Problem.TOO_SLOW, Problem.TOO_HEAVY, Problem.LENGTH):
            return 0
        return max(0, min(self.count, limits.MOST_PAGES) - len({passage.number for passage in self.passages}))

    @property
    def is_numbered(self) -> bool:
        """Whether readers can find a passage by its number."""
        return self.unit in ("page", "slide", "sheet")

    def excerpt(self, room: int) -> Excerpt:
        """The beginning of the text, in at most so many characters; where passages have numbers, each under a heading.

        A passage that does not fit any more is cut at the end of a word.
        """
        pieces: list[str] = []
        last, whole = 0, True
        for passage in self.passages:
            heading = self._heading(passage)
            left = room - len(heading) - _BETWEEN
            if left < min(len(passage.text), _WORTH_SAYING):
                whole = False
                break
            text = _cut(passage.text, left)
            pieces.append(heading + text)
            last = passage.number if self.is_numbered else passage.number + text.count("\n")
            room = left - len(text)
            if len(text) < len(passage.text):
                whole = False
                break
        text = ("\n\n" if self.is_numbered else "\n").join(pieces)
        return Excerpt(text, first=self.passages[0].number if pieces else 0, last=last, whole=whole)

    def _heading(self, passage: Passage) -> str:
        if not self.is_numbered:
            return ""
        number = f"{self.unit.capitalize()} {passage.number}"
        return f"[{number}: {passage.label}]\n" if passage.label else f"[{number}]\n"

    def to_bytes(self) -> bytes:
        """What the store keeps."""
        passages = [[passage.number, passage.label, passage.text] for passage in self.passages]
        kept = {"unit": self.unit, "count": self.count, "problem": self.problem.value, "passages": passages}
        return gzip.compress(orjson.dumps(kept), compresslevel=6, mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes) -> "DocumentText":
        """What `to_bytes` made. Raises ValueError."""
        try:
            kept: dict[str, Any] = orjson.loads(gzip.decompress(data))
            passages = tuple(Passage(number, text, label) for number, label, text in kept["passages"])
            return cls(kept["unit"], kept["count"], passages, Problem(kept["problem"]))
        except (EOFError, KeyError, TypeError, gzip.BadGzipFile, zlib.error) as fault:
            raise ValueError("no text of a document") from fault


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return f"{kept[: max(kept.rfind(' '), kept.rfind(chr(10)), most // 2)].rstrip()}…"
