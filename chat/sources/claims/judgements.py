"""What is said of a sentence and a source: a state, the passage, and where each fact stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chat.sources.claims.facts import Fact


class State(StrEnum):
    """What is known of a sentence and a source; the values are those of `CheckedMark.State`.

    UNREAD is for sources of which nothing could be read, and SHOWN for sentences without facts.
    """

    FOUND = "found"
    PARTLY = "partly"
    MISSING = "missing"
    UNREAD = "unread"
    SHOWN = ""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class SourceText:
    """One text of a source, plain: what the search returned, or a page as it was kept.

    `pages` are pairs of a page's number and where it begins in the text, in order; empty where there are no pages.
    An index of the text is kept for as long as this is: whoever judges many sentences keeps it.
    """

    text: str
    pages: tuple[tuple[int, int], ...] = ()
    from_search: bool = False


@dataclass(frozen=True, slots=True)
class JudgedFact:
    """A fact of the sentence, and where it stands in the source.

    `found`: in the passage or near it, as `start` to before `end` of the passage say (both 0 where it is outside).
    `elsewhere`: in the source, but where nothing else of the sentence stands. `near` is what the source says in its
    place, in the source's own words: the same in another unit, only rounded, or only the year of a date; and if it is
    `elsewhere` too, another value, which stands where the sentence's should.
    """

    fact: Fact
    found: bool
    elsewhere: bool = False
    near: str = ""
    start: int = 0
    end: int = 0

    @property
    def is_less_exact(self) -> bool:
        """Whether the source says it, but less exactly."""
        return not self.found and bool(self.near) and not self.elsewhere

    def to_json(self) -> dict[str, Any]:
        """As `CheckedMark.facts` keeps it: the fact's own keys, and what is known of it."""
        known = {"found": self.found, "elsewhere": self.elsewhere, "near": self.near}
        return {**self.fact.to_json(), **known, "in_passage": [self.start, self.end]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "JudgedFact":
        """What `to_json` gave. Raises KeyError and ValueError for anything else."""
        start, end = kept["in_passage"]
        return cls(Fact.from_json(kept), kept["found"], kept["elsewhere"], kept["near"], start, end)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one sentence and one source.

    `source` is the place of the text, among those that were given, which the passage is from; `passage_start` is where
    in it the passage begins, in code points. `page` is the page that it stands on, 0 where there are none. `highlights`
    are pairs of start and end in the passage, in order, which do not overlap.
    """

    state: State
    passage: str = ""
    page: int = 0
    highlights: tuple[tuple[int, int], ...] = ()
    facts: tuple[JudgedFact, ...] = ()
    source: int = 0
    passage_start: int = 0

    @property
    def missing(self) -> tuple[Fact, ...]:
        """The facts that were not found."""
        return tuple(judged.fact for judged in self.facts if not judged.found)
