"""What a document is made of, before its text is read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from files.text.document_text import Passage, Problem

LENGTH_OF_PART = 4_000  # characters of a passage where the document itself has no pages


class Unreadable(Exception):
    """The document cannot be read at all, for this reason."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Outline:
    """`unit` is what the numbers of the passages count, `count` how many of them there are, 0 where nobody knows."""

    unit: str
    passages: Iterator[Passage]
    count: int = 0


def parts_of(lines: Iterable[str]) -> Iterator[Passage]:
    """The lines as passages of some length, each with the number of its first line."""
    kept: list[str] = []
    length, first = 0, 1
    for number, line in enumerate(lines, start=1):
        kept.append(line)
        length += len(line) + 1
        if length >= LENGTH_OF_PART:
            yield Passage(first, "\n".join(kept))
            kept, length, first = [], 0, number + 1
    if kept:
        yield Passage(first, "\n".join(kept))
