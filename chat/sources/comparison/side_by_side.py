"""Answers to one question as their page shows them side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from chat.models import Answer
from chat.sources.comparison.agreement import Agreement, agreement
from chat.sources.comparison.comparing import compare
from chat.sources.comparison.difference import Change, Difference, SentenceChange
from chat.sources.comparison.reading import view_of
from chat.sources.comparison.views import AnswerView

MOST_ANSWERS = 4
MOST_SENTENCES = 300  # that a page shows of one comparison


@dataclass(frozen=True, slots=True)
class Numbered:
    """An answer, and which one of its question's it is, counted from 1."""

    answer: Answer
    number: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences one after the other of which each is the same in both answers, or each is not."""

    is_same: bool
    sentences: Sequence[SentenceChange]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from the answer `old` to the answer `new`. `left_out` counts the sentences that are not shown."""

    old: Numbered
    new: Numbered
    difference: Difference

    @property
    def stretches(self) -> Sequence[Stretch]:
        """The sentences in order, as far as a page shows them."""
        shown = self.difference.sentences[:MOST_SENTENCES]
        grouped = groupby(shown, key=lambda one: one.change is Change.SAME and not one.moved)
        return [Stretch(is_same, list(found)) for is_same, found in grouped]

    @property
    def left_out(self) -> int:
        """How many sentences are not shown."""
        return max(0, len(self.difference.sentences) - MOST_SENTENCES)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The first of the answers against each of the others, and what all of them say of each figure."""

    answers: Sequence[Numbered]
    comparisons: Sequence[Comparison]
    figures: Agreement
    is_cut: bool = False
    """Whether only the beginning of one of them is compared."""


def side_by_side(answers: Sequence[Numbered]) -> SideBySide:
    """Compares up to `MOST_ANSWERS` answers that have ended, the oldest first."""
    views: list[AnswerView] = [view_of(one.answer) for one in answers[:MOST_ANSWERS]]
    comparisons = [
        Comparison(answers[0], other, compare(views[0], view))
        for other, view in zip(answers[1:MOST_ANSWERS], views[1:], strict=True)
    ]
    return SideBySide(answers[:MOST_ANSWERS], comparisons, agreement(views), any(view.is_cut for view in views))
