"""Which sources a text cites."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from chat.rendering.citation_marks import CitationMarks, SourceLike
from chat.rendering.footnotes import labels_in
from chat.rendering.mark_forms import SourceNumber, may_have_marks
from chat.rendering.markdown_parser import (
    LONGEST,
    LONGEST_INLINE,
    is_number_with_address,
    parse_blocks,
    parse_inline,
)
from chat.rendering.text import tidy
from core.cpu_budget import CpuBudget, OverBudget

MOST_SECONDS = 0.3  # CPU seconds


class Citations(NamedTuple):
    """The numbers that a text cites, each once, in the order of their first mark."""

    cited: list[SourceNumber]
    unknown: list[SourceNumber]

    @classmethod
    def of(cls, numbers: Iterable[SourceNumber], *, known: Collection[SourceNumber]) -> "Citations":
        """Those among the numbers that one of the known sources answers to, and those that none does."""
        once = dict.fromkeys(numbers)
        return cls([number for number in once if number in known], [number for number in once if number not in known])


def cited_numbers(
    text: str, *, sources: Sequence[SourceLike], documents: int | None = None, budget: CpuBudget | None = None
) -> Citations:
    """The numbers in marks such as `[3]` outside code and formulas, and of sources that the text links to: those that
    one of the sources answers to, and those that none does; of documents as `CitationMarks` has it.

    Where the CPU time ends, those that were found until then.
    """
    marks = CitationMarks(sources, documents=documents)
    budget = budget or CpuBudget(MOST_SECONDS)
    found: list[SourceNumber] = []
    try:
        with budget.counted():
            found.extend(_numbers(text, marks, budget))
    except OverBudget:
        pass
    return Citations.of(found, known=marks.numbers)


def _numbers(text: str, marks: CitationMarks, budget: CpuBudget) -> Iterator[SourceNumber]:
    if not _may_cite(text):
        return
    marks.notes = labels_in(text)
    env: dict[str, object] = {}
    for block in parse_blocks(tidy(text[:LONGEST]), env, budget):
        if block.type != "inline" or not _may_cite(block.content) or len(block.content) > LONGEST_INLINE:
            continue
        tokens = parse_inline(block.content, env, budget)
        for index, token in enumerate(tokens):
            if token.type == "text" and not is_number_with_address(tokens, index):
                yield from marks.cited_in(token.content)
            elif token.type == "link_open" and (number := marks.number_at(str(token.attrs["href"]))):
                yield number


def _may_cite(text: str) -> bool:
    return "://" in text or may_have_marks(text)
