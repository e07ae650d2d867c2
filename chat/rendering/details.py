"""`<details>` with its `<summary>`, which hides its content until it is opened, as a rule for the parser.

Models write both tags on lines of their own, or in one line with what they hold; the content is Markdown. While
`</details>` is missing, the end of the text or of what surrounds it counts as the end, as it does for a code fence, and
the content is shown open, so that nothing hides behind a tag that was forgotten. Of the attributes `open` alone is
known; tags with others are shown as they were written.
"""

import re
from typing import NamedTuple

from markdown_it.rules_block import StateBlock

from chat.rendering.fences import BLANK, OpenFence

LONGEST_SUMMARY = 1_000  # characters

OPENING = re.compile(r" {0,3}<details(?P<open> open(?:=\"(?:open)?\")?)?>", re.IGNORECASE)

_CLOSING = re.compile(r"</details>[ \t]*\Z", re.IGNORECASE)
_INSIDE_SUMMARY = r"(?:(?!</?(?:summary|details)>|\n[ \t>]*\n).)*"
_SUMMARY = re.compile(rf"[\s>]*<summary>({_INSIDE_SUMMARY})</summary>", re.I | re.S)
_WITHOUT_SUMMARY = re.compile(
    rf"{OPENING.pattern}[\s>]*(?:<[/a-z]*|<summary>{_INSIDE_SUMMARY}(?:<[/a-z]*)?)?\Z", re.I | re.S
)
_FENCE = re.compile(r"[ \t>]*(`{3,}(?=[^`]*\Z)|~{3,})")
_EXTENTS = "extents_of_details"


class OpenDetails:
    """An element that is open, to be told line by line, from its first one on, where it and those inside of it end.

    A place is anything that tells lines apart. `open_at` has those where something is open, `closed_at` those where
    something closed, by the place where it opened.
    """

    def __init__(self) -> None:
        self.open_at: list[int] = []
        self.closed_at: dict[int, int] = {}
        self._fence: OpenFence | None = None

    def ends_with(self, line: str, place: int) -> bool:
        """Whether this line, without its end, closes the element."""
        line = line.strip(BLANK)
        if self._fence:
            if self._fence.ends_with(line):
                self._fence = None
            return False
        if fence := _FENCE.match(line):
            self._fence = OpenFence(fence[1], line[fence.end() :])
            return False
        if OPENING.match(line):
            self.open_at.append(place)
        if _CLOSING.search(line):
            self.closed_at[self.open_at.pop()] = place
        return not self.open_at


class _Extent(NamedTuple):
    end: int  # the line after the element
    is_closed: bool


def may_get_summary(text: str, begin: int) -> bool:
    """Whether all that stands from `begin` on is the beginning of an element whose summary is still being written."""
    return _WITHOUT_SUMMARY.match(text, begin, begin + LONGEST_SUMMARY) is not None and (
        len(text) - begin <= LONGEST_SUMMARY
    )


def details_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The element as a rule for the parser, which has seen that the line is no code."""
    begin = state.bMarks[start] + state.tShift[start]
    opening = OPENING.match(state.src, begin, state.eMarks[start])
    if opening is None or silent:
        return opening is not None
    extent = _extent(state, start, end)
    closing = _CLOSING.search(state.src, state.bMarks[extent.end - 1], state.eMarks[extent.end - 1])
    content_end = closing.start() if closing and extent.is_closed else state.eMarks[extent.end - 1]
    token = state.push("details_open", "details", 1)
    token.meta = {"open": not extent.is_closed or opening["open"] is not None}
    token.map = [start, extent.end]
    content_start = _summary(state, opening.end(), content_end)
    _content(state, _line_at(state, start, content_start), content_start, extent.end, content_end)
    state.push("details_close", "details", -1)
    state.line = extent.end
    return True


def _extent(state: StateBlock, start: int, end: int) -> _Extent:
    """Where the element ends. What lies inside of it is looked at in the same go, so that nesting costs nothing."""
    indent = state.blkIndent
    known: dict[tuple[int, int], _Extent] = state.env.setdefault(_EXTENTS, {})
    if (start, indent) not in known:
        opened = OpenDetails()
        line = start
        while line < end and (line == start or state.isEmpty(line) or state.sCount[line] >= indent):
            line += 1
            if opened.ends_with(_line(state, line - 1), line - 1):
                break
        known.update({(place, indent): _Extent(last + 1, True) for place, last in opened.closed_at.items()})
        known.update({(place, indent): _Extent(line, False) for place in opened.open_at})
    extent = known[start, indent]
    return extent if extent.end <= end else _Extent(end, is_closed=False)


def _summary(state: StateBlock, begin: int, end: int) -> int:
    """Write the summary, if there is one, and return where the content begins. Browsers name an element without."""
    summary = _SUMMARY.match(state.src, begin, min(end, begin + LONGEST_SUMMARY))
    if summary is None:
        return begin
    state.push("summary_open", "summary", 1)
    token = state.push("inline", "", 0)
    token.content = re.sub(r"\s*\n[\s>]*", " ", summary[1]).strip()
    token.children = []
    state.push("summary_close", "summary", -1)
    return summary.end()


def _line_at(state: StateBlock, line: int, place: int) -> int:
    while state.eMarks[line] < place:
        line += 1
    return line


def _content(state: StateBlock, first: int, begin: int, last: int, end: int) -> None:
    """Parse what stands between `begin`, on the line `first`, and `end`, on the line before `last`."""
    kept = state.parentType, state.lineMax, state.eMarks[last - 1]
    line_kept = state.bMarks[first], state.tShift[first], state.sCount[first], state.bsCount[first]
    state.parentType, state.lineMax, state.eMarks[last - 1] = "root", last, end
    rest = state.src[begin : state.eMarks[first]]
    state.bMarks[first], state.tShift[first] = begin, len(rest) - len(rest.lstrip(BLANK))
    state.sCount[first], state.bsCount[first] = state.blkIndent, 0
    state.md.block.tokenize(state, first, last)
    state.parentType, state.lineMax, state.eMarks[last - 1] = kept
    state.bMarks[first], state.tShift[first], state.sCount[first], state.bsCount[first] = line_kept


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
