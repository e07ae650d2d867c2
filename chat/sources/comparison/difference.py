"""What changed between two answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chat.sources.claims.facts import Fact, FactKind
from chat.sources.comparison.views import SourceView


class Change(StrEnum):
    """What became of a sentence."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    GONE = "gone"


class Reason(StrEnum):
    """What makes a change a real one: something besides the wording."""

    FIGURES = "figures"
    DATES = "dates"
    NAMES = "names"
    QUOTATIONS = "quotations"
    STATEMENTS = "statements"
    SOURCES = "sources"


REASON_OF = {
    FactKind.FIGURE: Reason.FIGURES,
    FactKind.DATE: Reason.DATES,
    FactKind.NAME: Reason.NAMES,
    FactKind.QUOTATION: Reason.QUOTATIONS,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `differs` where the other answer's sentence says something else."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence of the old answer, of the new one, or of both; `moved` where it stands at another place now."""

    change: Change
    old: str = ""
    new: str = ""
    old_pieces: Sequence[Piece] = ()
    new_pieces: Sequence[Piece] = ()
    moved: bool = False
    turned: bool = False
    """Whether one of the two denies something where the other does not."""

    @property
    def text(self) -> str:
        """The sentence as the newer answer has it, or as it was."""
        return self.new or self.old


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that is another one now, `old` to `new`; None where it was not said before, or is not any more."""

    old: Fact | None
    new: Fact | None
    sentence: str = ""
    """The sentence that says it: the new one, for what is gone the old one."""

    @property
    def kind(self) -> FactKind:
        """What it is."""
        fact = self.new or self.old
        if fact is None:
            raise ValueError("A change of nothing.")
        return fact.kind


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """Which sources came, went and stayed, each as the newer answer has it that has it."""

    added: Sequence[SourceView] = ()
    gone: Sequence[SourceView] = ()
    kept: Sequence[SourceView] = ()

    @property
    def cited_changed(self) -> bool:
        """Whether a source that the text relies on came or went."""
        return any(source.cited for source in (*self.added, *self.gone))


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed from one answer to another. `sentences` are in the order of the new answer, with what is gone
    where it was."""

    sentences: Sequence[SentenceChange]
    facts: Sequence[FactChange]
    sources: SourceChanges

    @property
    def reasons(self) -> frozenset[Reason]:
        """What changed besides the wording."""
        found = {REASON_OF[change.kind] for change in self.facts if _counts(change)}
        if any(one.turned or one.change in {Change.ADDED, Change.GONE} for one in self.sentences):
            found.add(Reason.STATEMENTS)
        if self.sources.cited_changed:
            found.add(Reason.SOURCES)
        return frozenset(found)

    @property
    def is_real_change(self) -> bool:
        """Whether the new answer says something else, and not only in other words."""
        return bool(self.reasons)

    @property
    def changed_sentences(self) -> Sequence[SentenceChange]:
        """The sentences that are not as they were."""
        return [one for one in self.sentences if one.change is not Change.SAME]

    def to_json(self, *, most: int = 40) -> dict[str, Any]:
        """What can be kept of it in a row: the first `most` of each list, without sentences that stayed."""
        return {
            "reasons": sorted(self.reasons),
            "facts": [
                {
                    "kind": one.kind.value,
                    "old": one.old.text if one.old else "",
                    "new": one.new.text if one.new else "",
                    "sentence": one.sentence,
                }
                for one in self.facts[:most]
            ],
            "sentences": [
                {"change": one.change.value, "old": one.old, "new": one.new} for one in self.changed_sentences[:most]
            ],
            "sources": {
                name: [{"title": one.title, "url": one.url} for one in found[:most]]
                for name, found in (("added", self.sources.added), ("gone", self.sources.gone))
            },
            "kept_sources": len(self.sources.kept),
        }


def _counts(change: FactChange) -> bool:
    """A name that is only said more or less often than before is wording; another one in its place is not."""
    return change.kind is not FactKind.NAME or bool(change.old and change.new)
