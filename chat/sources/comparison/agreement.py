"""What several answers say of each figure: the same, something else, or nothing.

That one answer says something else where another says a figure is known by the words around the two, so it is said of
those alone whose sentences have much in common.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from chat.sources.claims.facts import Fact, FactKind
from chat.sources.comparison.alignment import likeness
from chat.sources.comparison.said import Identity, broader_than, identity_of
from chat.sources.comparison.views import AnswerView
from chat.sources.comparison.wording import words_of

MOST_ROWS = 60
_MOST_FACTS = 300  # of an answer
_ALIKE = 0.4  # of the words besides figures, Dice
_KINDS = frozenset({FactKind.FIGURE, FactKind.DATE})


class Stance(StrEnum):
    """What an answer says of a figure that another one says."""

    SAYS = "says"
    OTHERWISE = "otherwise"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer's words for the figure; empty where it is silent."""

    stance: Stance
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, the sentence of the first answer that says it, and what each of the answers says, in their order."""

    fact: Fact
    sentence: str
    cells: Sequence[Cell]

    @property
    def is_disputed(self) -> bool:
        """Whether an answer says another figure."""
        return any(cell.stance is Stance.OTHERWISE for cell in self.cells)

    @property
    def is_agreed(self) -> bool:
        """Whether all say the same."""
        return all(cell.stance is Stance.SAYS for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The figures of several answers: `rows`, those first of which they say different things. `left_out` counts those
    beyond `MOST_ROWS`."""

    rows: Sequence[Row]
    left_out: int = 0

    @property
    def agreed(self) -> int:
        """How many of the rows all say alike."""
        return sum(row.is_agreed for row in self.rows)

    @property
    def disputed(self) -> int:
        """Of how many of the rows they say different things."""
        return sum(row.is_disputed for row in self.rows)


@dataclass(frozen=True)
class _Said:
    """A figure where it stands, and the words around it."""

    fact: Fact
    sentence: str
    words: frozenset[str]

    @cached_property
    def identity(self) -> Identity:
        return identity_of(self.fact)

    def is_like(self, other: "_Said") -> bool:
        """Whether the words around the two have much in common."""
        return likeness(self.words, other.words) >= _ALIKE

    def says_broadly(self, other: "_Said") -> bool:
        """Whether one of the two is a date that says less of the same day."""
        broad = other.identity in broader_than(self.fact) or self.identity in broader_than(other.fact)
        return broad and self.is_like(other)


def agreement(answers: Sequence[AnswerView]) -> Agreement:
    """What each of the answers says of the figures and dates of all of them, each in one row."""
    said = [list(_figures(answer))[:_MOST_FACTS] for answer in answers]
    told: list[set[Identity]] = [set() for _ in answers]  # what is in a row already
    rows: list[Row] = []
    left_out: set[Identity] = set()
    for place, figures in enumerate(said):
        for figure in figures:
            if figure.identity in told[place]:
                continue
            if len(rows) == MOST_ROWS:
                left_out.add(figure.identity)
                continue
            cells = [_cell(figure, answer, others, told) for answer, others in enumerate(said)]
            rows.append(Row(figure.fact, figure.sentence, cells))
    return Agreement(sorted(rows, key=lambda row: (not row.is_disputed, row.is_agreed)), len(left_out))


def _cell(figure: _Said, answer: int, figures: Sequence[_Said], told: Sequence[set[Identity]]) -> Cell:
    """What the answer says of the figure, which is told with it."""
    same = next((one for one in figures if one.identity == figure.identity), None)
    same = same or next((one for one in figures if one.says_broadly(figure)), None)
    if same:
        told[answer].add(same.identity)
        return Cell(Stance.SAYS, same.fact.text)
    other = _instead(figure, [one for one in figures if one.identity not in told[answer]])
    if other is None:
        return Cell(Stance.SILENT)
    told[answer].add(other.identity)
    return Cell(Stance.OTHERWISE, other.fact.text)


def _instead(figure: _Said, figures: Sequence[_Said]) -> _Said | None:
    """The figure of the same kind whose sentence is most like this one's, if it is like enough."""
    alike = [
        (likeness(figure.words, one.words), -place, one)
        for place, one in enumerate(figures)
        if one.fact.kind is figure.fact.kind and measure_of(one.fact) == measure_of(figure.fact)
    ]
    best = max(alike, key=lambda found: found[:2], default=None)
    return best[2] if best and best[0] >= _ALIKE else None


def measure_of(fact: Fact) -> object:
    """What a figure measures, as its value has it: a length, money of one currency, nothing for a count."""
    return fact.value[:-1] if isinstance(fact.value, tuple) else None


def _figures(answer: AnswerView) -> Iterator[_Said]:
    for sentence in answer.sentences:
        facts = [fact for fact in sentence.facts if fact.kind in _KINDS]
        if facts:
            words = frozenset(word for word in words_of(sentence.text) if not word[0].isdigit())
            yield from (_Said(fact, sentence.text, words) for fact in facts)
