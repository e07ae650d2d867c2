"""An answer's Markdown as the pieces of text that sentences are in: paragraphs, items, headings, rows of tables."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from chat.rendering.fences import OpenFence, width
from chat.sources.claims.folding import fold
from chat.sources.claims.months import is_month

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)\Z")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?:\d+(?:\.\d+)*\.?[ \t]+)?")
_ITEM = re.compile(r"[ \t]*+(?:>[ \t]*+)*+(?:[-*+\u2022]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_QUOTE = re.compile(r" {0,3}(?:>[ \t]?)++")
_ROW_LINE = re.compile(r"[ \t]*+\|?+[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?+[ \t]*+\Z")
_WORD = re.compile(r"[^\W\d_]+")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|={2,}[ \t]*)\Z")
_NOTE = re.compile(r" {0,3}\[(?:\^[^\]\n]{1,50}|\d{1,3})\]:[ \t]*")
_INDENTED = 4


class Block(NamedTuple):
    """A piece of Markdown, from `start` to before `end`. A `row` of a table is one sentence."""

    start: int
    end: int
    is_row: bool = False


def blocks_of(markdown: str) -> Iterator[Block]:
    """The blocks in order, without code, and without the signs that make them items or headings. Linear."""
    fence: OpenFence | None = None
    begin = end = -1
    after_blank, in_list = True, False
    lines = list(_lines(markdown))
    for place, (at, line) in enumerate(lines):
        if fence:
            fence = None if fence.ends_with(line) else fence
            continue
        opening = _FENCE.match(line.lstrip() if in_list else line)
        is_blank = not line.strip()
        own = _item(line) or _HEADING.match(line) or _NOTE.match(line)
        is_ruled = _ROW_LINE.match(line) is not None and "-" in line
        is_row = "|" in line and _is_in_table(lines, place)
        if opening or is_blank or own or is_ruled or is_row or _RULE.match(line):
            if begin >= 0:
                yield Block(begin, end)
            begin = -1
        if opening and not ("`" in opening[2] and opening[1][0] == "`"):
            fence = OpenFence(opening[1], opening[2])
            in_list = in_list and line[:1] in " \t"
        elif is_row and not is_ruled:
            yield Block(at, at + len(line), is_row=True)
            in_list = in_list and line[:1] in " \t"
        elif own:
            begin, end = at + own.end(), at + len(line)
            in_list = _item(line) is not None
            if _HEADING.match(line):
                yield Block(begin, end)
                begin = -1
        elif not (is_blank or is_ruled or _RULE.match(line)):
            is_code = begin < 0 and after_blank and not in_list and width(line) >= _INDENTED
            if begin < 0 and not is_code:
                quote = _QUOTE.match(line)
                begin = at + (quote.end() if quote else 0)
                in_list = in_list and line[:1] in " \t"
            end = at + len(line)
        after_blank = is_blank or (after_blank and begin < 0 and width(line) >= _INDENTED)
    if begin >= 0:
        yield Block(begin, end)


def _item(line: str) -> re.Match[str] | None:
    """What makes a line an item of a list; a day, as in *3. Oktober*, does not."""
    found = _ITEM.match(line)
    if found and "." in found[0] and (word := _WORD.match(line, found.end())) and is_month(fold(word[0])):
        return None
    return found


def _lines(markdown: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in markdown.split("\n"):
        yield at, line.rstrip("\r")
        at += len(line) + 1


def _is_in_table(lines: list[tuple[int, str]], place: int) -> bool:
    """Whether this line begins with a stroke, or the line that makes a table follows or stands above."""
    line = lines[place][1]
    if line.lstrip().startswith("|"):
        return True
    following = lines[place + 1][1] if place + 1 < len(lines) else ""
    above = lines[place - 1][1] if place else ""
    return any("|" in near and _ROW_LINE.match(near) for near in (following, above))
