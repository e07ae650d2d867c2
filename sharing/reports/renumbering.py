"""Writing the marks of a text anew, so that each means in another list of sources what it meant in its own."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from chat.rendering.citation_marks import CitationMarks, SourceLike
from chat.rendering.mark_forms import MarkPart, SourceNumber, may_have_marks
from chat.rendering.mark_places import PlacedMark, PlaceUnknown, placed_marks
from chat.rendering.text import tidy
from core.cpu_budget import CpuBudget

NumberOf = Callable[[SourceNumber], int | None]
"""The new number of a source; None for one that no source answers to."""

_BRACKET = "&#91;"  # which is shown as a bracket, and begins no mark


def marks_of(text: str, *, marks: CitationMarks, budget: CpuBudget) -> list[PlacedMark]:
    """The marks of a tidy text, in order. Raises PlaceUnknown, OverBudget."""
    return placed_marks(text, marks=marks, budget=budget) if may_have_marks(text) else []


def numbers_of(placed: Iterable[PlacedMark]) -> Iterator[SourceNumber]:
    """What marks cite, in order."""
    return (number for mark in placed for part in mark.parts for number in part.numbers)


def renumbered(text: str, *, marks: CitationMarks, number_of: NumberOf, budget: CpuBudget) -> str:
    """The text with new numbers in its marks, and else as it was. A number that no source answers to is there as text.

    Raises PlaceUnknown where it can't be said for certain that each mark means the same, OverBudget.
    """
    text = tidy(text)
    return with_numbers(text, marks_of(text, marks=marks, budget=budget), number_of=number_of, budget=budget)


def with_numbers(text: str, placed: Sequence[PlacedMark], *, number_of: NumberOf, budget: CpuBudget) -> str:
    """The same for a text whose marks are known."""
    if not placed:
        return text
    pieces: list[str] = []
    at = 0
    for mark in placed:
        pieces += (text[at : mark.start], _written(mark, number_of))
        at = mark.end
    new = "".join((*pieces, text[at:]))
    meant = [number for number in map(number_of, numbers_of(placed)) if number]
    known = CitationMarks([_Numbered(number) for number in sorted(set(meant))])
    if list(numbers_of(marks_of(new, marks=known, budget=budget))) != meant:
        raise PlaceUnknown
    return new


def linked(text: str, sources: Iterable[SourceLike]) -> list[int]:
    """The numbers of the sources whose addresses stand in the text."""
    return [source.number for source in sources if source.url and source.url in text]


class _Numbered:
    """A source of which nothing counts but its number."""

    title = url = ""

    def __init__(self, number: int) -> None:
        self.number = number


def _written(mark: PlacedMark, number_of: NumberOf) -> str:
    """A mark with its new numbers, each in brackets of its own, with what was said beside it."""
    return "".join(_one(number, part, number_of) for part in mark.parts for number in part.numbers)


def _one(number: SourceNumber, part: MarkPart, number_of: NumberOf) -> str:
    lead = part.lead if number == part.numbers[0] else ""
    new = number_of(number)
    return f"[{lead}{new}{part.place}]" if new else f"{_BRACKET}{lead}{number}{part.place}]"
