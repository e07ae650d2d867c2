"""Code fences, and fences inside a fence that holds Markdown.

A model that shows a Markdown file writes its code blocks inside one, fenced with as many signs. CommonMark ends the
outer fence at the first inner end, and what follows stands inside out. Here an inner fence that names a language is
kept together with its end. Where the outer fence then has no end of its own, CommonMark's reading holds.
"""

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.fence import fence

BLANK = " \t"

_HOLDS_FENCES = {"markdown", "md", "mdx", "mdown"}
_INNER = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*[^\s`]")
_INDENT = re.compile(r" *\t?")


class OpenFence:
    """A fence that is open, to be told line by line what comes after its first line."""

    def __init__(self, marker: str, info: str) -> None:
        self.marker = marker
        self.holds_fences = info.strip(BLANK).split(maxsplit=1)[:1] != [] and (
            info.split(maxsplit=1)[0].lower() in _HOLDS_FENCES
        )
        self._inner = ""

    @property
    def is_inside(self) -> bool:
        """Whether an inner fence is open."""
        return bool(self._inner)

    def ends_with(self, line: str) -> bool:
        """Whether this line, without its end, closes the fence."""
        if self._inner:
            if is_closing(line, self._inner):
                self._inner = ""
            return False
        if self.holds_fences and (inner := _INNER.match(line)):
            self._inner = inner[1]
            return False
        return is_closing(line, self.marker)


def width(line: str) -> int:
    """Columns by which a line is indented; a tab makes it at least four."""
    if line[:1] not in " \t":
        return 0  # as for nearly every line
    blanks = _INDENT.match(line)
    indent = blanks.group() if blanks else ""
    return 4 if indent.endswith("\t") else len(indent)


def is_closing(line: str, fence: str) -> bool:
    """Whether a line closes the code block that this fence opened."""
    marks = line.strip(BLANK)
    return width(line) < 4 and len(marks) >= len(fence) and not marks.strip(fence[0])


def fence_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A fence as a rule for the parser."""
    if not fence(state, start, end, True):
        return False
    if silent:
        return True
    last = _own_end(state, start, end)
    if last is None:
        return fence(state, start, end, False)
    token = state.push("fence", "code", 0)
    marker, info = _opening(_line(state, start))
    token.info, token.markup = info, marker
    token.content = state.getLines(start + 1, last, state.sCount[start], True)
    state.line = last + 1
    token.map = [start, state.line]
    return True


def _own_end(state: StateBlock, start: int, end: int) -> int | None:
    """The line that ends a fence which holds fences; None for any other, and for one without an end of its own."""
    opened = OpenFence(*_opening(_line(state, start)))
    if not opened.holds_fences:
        return None
    for line in range(start + 1, end):
        if not state.isEmpty(line) and state.sCount[line] < state.blkIndent:
            return None
        if not state.is_code_block(line) and opened.ends_with(_line(state, line)):
            return line
    return None


def _opening(line: str) -> tuple[str, str]:
    marker = line[: len(line) - len(line.lstrip(line[0]))]
    return marker, line[len(marker) :]


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
