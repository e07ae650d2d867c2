"""Where the marks of a text stand in its Markdown, so that they can be written anew and everything else stays."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from chat.rendering.citation_marks import CitationMarks
from chat.rendering.footnotes import labels_in
from chat.rendering.mark_forms import MarkPart, may_have_marks
from chat.rendering.markdown_parser import LONGEST, LONGEST_INLINE, parse_blocks, parse_inline
from core.cpu_budget import CpuBudget

_LITERAL = ("code_inline", "math")


class PlacedMark(NamedTuple):
    """A mark from `start` to `end` of the text, and what it cites."""

    start: int
    end: int
    parts: Sequence[MarkPart]


class PlaceUnknown(Exception):
    """What the parser read can't be found again in the text: something in it is unusual."""


def placed_marks(text: str, *, marks: CitationMarks, budget: CpuBudget) -> list[PlacedMark]:
    """The marks of a tidy text, in order; what looks like one in code, formulas and links is none.

    What the parser reads has no places in the text. So everything that looks like a mark is found in both, and must be
    the same in both. Raises PlaceUnknown where it is not, OverBudget.
    """
    if len(text) > LONGEST:
        raise PlaceUnknown
    with budget.counted():
        marks.notes = labels_in(text)
        env: dict[str, object] = {}
        blocks = [block for block in parse_blocks(text, env, budget) if block.type == "inline"]
        read = [found for block in blocks for found in _read_in(block.content, marks, env, budget)]
        written = list(_written_in(text, blocks, marks))
    if [mark for mark, _parts in read] != [text[start:end] for start, end in written]:
        raise PlaceUnknown
    places = zip(written, read, strict=True)
    return [PlacedMark(start, end, parts) for (start, end), (_mark, parts) in places if parts]


def _written_in(text: str, blocks: Iterable[Token], marks: CitationMarks) -> Iterator[tuple[int, int]]:
    """What looks like a mark in the lines that the blocks were read from."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    seen = 0
    for block in blocks:
        if block.map is None:
            raise PlaceUnknown
        first, last = max(block.map[0], seen), block.map[1]
        seen = max(last, seen)
        if first >= last or last >= len(starts):
            continue
        begin, end = starts[first], starts[last]
        for start, stop, _parts in marks.marks_in(text[begin:end]):
            if not _is_escaped(text, begin + start):
                yield begin + start, begin + stop


def _read_in(
    content: str, marks: CitationMarks, env: dict[str, object], budget: CpuBudget
) -> Iterator[tuple[str, Sequence[MarkPart]]]:
    """The same in what was read, with what each cites."""
    if not may_have_marks(content):
        return
    if len(content) > LONGEST_INLINE:  # shown as it was written
        yield from ((content[start:end], ()) for start, end, _parts in marks.marks_in(content))
        return
    link: list[str] | None = None
    for token in parse_inline(content, env, budget):
        if token.type == "link_open" and token.info != "auto":
            link = []
        elif token.type == "link_close" and link is not None:
            yield from _inert(f"[{''.join(link)}]", marks)
            link = None
        elif link is not None:
            link.append(token.content)
        elif token.type == "text":
            for start, end, parts in marks.marks_in(token.content):
                yield token.content[start:end], parts
        elif token.type == "image":
            yield from _inert(f"[{token.content}]", marks)
        elif token.type in _LITERAL:
            yield from _inert(token.content, marks)


def _inert(text: str, marks: CitationMarks) -> Iterator[tuple[str, Sequence[MarkPart]]]:
    return ((text[start:end], ()) for start, end, _parts in marks.marks_in(text))


def _is_escaped(text: str, at: int) -> bool:
    before = text[max(at - 20, 0) : at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1
