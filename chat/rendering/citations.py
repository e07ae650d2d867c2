"""Which sources a text cites."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chat.rendering.citation_marks import MARK
from chat.rendering.markdown_parser import parse_blocks, parse_inline
from chat.rendering.text import tidy


class Citations(NamedTuple):
    """The numbers that a text cites, each once, in the order of their first mark."""

    cited: list[int]
    unknown: list[int]

    @classmethod
    def of(cls, numbers: Iterable[int], *, count: int) -> "Citations":
        """Those among the numbers that one of `count` sources answers to, and those that none does."""
        once = dict.fromkeys(numbers)
        cited = [number for number in once if 1 <= number <= count]
        return cls(cited, [number for number in once if number not in cited])


def cited_numbers(text: str, *, count: int) -> Citations:
    """The numbers in marks such as `[3]` outside code and formulas: those that one of `count` sources answers to, and
    those that none does.
    """
    return Citations.of(_numbers(text), count=count)


def _numbers(text: str) -> Iterator[int]:
    if not MARK.search(text):
        return
    env: dict[str, object] = {}
    for block in parse_blocks(tidy(text), env):
        if block.type != "inline" or "[" not in block.content:
            continue
        for token in parse_inline(block.content, env):
            if token.type == "text":
                yield from (int(match[1]) for match in MARK.finditer(token.content))
