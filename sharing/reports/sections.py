"""A report is rendered section by section: what one answer leaves open, and its notes, end with its section.

A section begins with a heading of the first or second level at the beginning of a line, outside of code fences.
"""

import re
from collections.abc import Iterator

_HEADING = re.compile(r"#{1,2}(?:[ \t]|$)")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")


def sections_of(text: str) -> list[str]:
    """The sections, which joined are the text."""
    lines = text.split("\n")
    cuts = [place for place, _line in _headings(lines) if place > 0]
    begins, ends = [0, *cuts], [*cuts, len(lines)]
    parts = ["\n".join(lines[begin:end]) for begin, end in zip(begins, ends, strict=True)]
    return [part + "\n" for part in parts[:-1]] + [parts[-1]]


def open_fence(text: str) -> str:
    """What closes the code fence that is open at the end of the text; empty where none is."""
    fence = ""
    for line in text.split("\n"):
        fence = _fence_after(line, fence)
    return fence


def _headings(lines: list[str]) -> Iterator[tuple[int, str]]:
    fence = ""
    for place, line in enumerate(lines):
        if not fence and _HEADING.match(line):
            yield place, line
        fence = _fence_after(line, fence)


def _fence_after(line: str, fence: str) -> str:
    found = _FENCE.match(line)
    if not fence:
        return found[1] if found else ""
    closes = found and found[1][0] == fence[0] and len(found[1]) >= len(fence) and not line[found.end() :].strip()
    return "" if closes else fence
