"""Tables as a rule for the parser: those of GitHub, without ones that cost too much, and with every cell.

GitHub drops the cells of a row that has more of them than the head. Here they are shown, below an empty head. The cells
are read here too: the rule that comes with the parser looks at every character and makes three tokens for every cell,
and took longer for 200 rows of 200 columns than a whole answer may.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import getLine, table
from markdown_it.token import Token

MOST_COLUMNS = 256
MOST_CELLS = 60_000

_BAR = re.compile(r"(?<!\\)\|")


class Row(NamedTuple):
    """A line of a table, and what its cells hold."""

    line: int
    cells: list[str]


def table_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table, unless its rows are so much shorter than their head that a small text makes a huge page."""
    if start < state.env.get("no_table_before", 0) or not table(state, start, end, True):
        return False
    if silent:
        return True
    last = start
    while last < end and not state.isEmpty(last) and state.sCount[last] >= state.blkIndent:
        last += 1
    delimiters = getLine(state, start + 1)
    if not is_in_proportion(delimiters, lines=last - start, size=state.bMarks[last] - state.bMarks[start]):
        state.env["no_table_before"] = last
        return False
    head, rows = Row(start, _cells(getLine(state, start))), list(_rows(state, start + 2, end))
    state.line = rows[-1].line + 1 if rows else start + 2
    state.tokens += _tokens(head, rows, alignments=_cells(delimiters), level=state.level, end=state.line)
    return True


def is_in_proportion(delimiters: str, *, lines: int, size: int) -> bool:
    """Whether a table of so many lines and characters may have the columns that its row of delimiters promises."""
    columns = len(delimiters.strip("> |\t").split("|"))
    return columns <= MOST_COLUMNS and columns * lines < max(1_000, min(size, MOST_CELLS))


def _rows(state: StateBlock, line: int, end: int) -> Iterator[Row]:
    """The rows below the delimiters, up to an empty line or to what begins another block."""
    terminators = state.md.block.ruler.getRules("blockquote")
    parent, state.parentType = state.parentType, "table"
    while line < end and state.sCount[line] >= state.blkIndent:
        if any(rule(state, line, end, True) for rule in terminators):
            break
        text = getLine(state, line)
        if not mdTrim(text) or state.is_code_block(line):
            break
        yield Row(line, _cells(text))
        line += 1
    state.parentType = parent


def _cells(line: str) -> list[str]:
    """The cells of a line, without the bars at its ends. A bar behind a backslash is one in the text."""
    line = mdTrim(line)
    cells = _BAR.split(line) if "\\" in line else line.split("|")
    if cells and cells[0] == "":
        cells.pop(0)
    if cells and cells[-1] == "":
        cells.pop()
    return [mdTrim(cell.replace("\\|", "|")) for cell in cells]


def _tokens(head: Row, rows: list[Row], *, alignments: list[str], level: int, end: int) -> Iterator[Token]:
    """The table as the parser writes it. The tokens around the cells of one column are the same in every row."""
    widest = max((len(row.cells) for row in rows), default=0)
    places = min(max(len(head.cells), widest), len(head.cells) + MOST_COLUMNS)
    styles = [*map(_style, alignments), *[""] * (places - len(head.cells))]
    yield Token("table_open", "table", 1, map=[head.line, end], level=level, block=True)
    yield Token("thead_open", "thead", 1, map=[head.line, head.line + 1], level=level + 1, block=True)
    yield from _row_tokens(head, _Columns("th", styles, level), least=places)
    yield Token("thead_close", "thead", -1, level=level + 1, block=True)
    if rows:
        columns = _Columns("td", styles, level)
        yield Token("tbody_open", "tbody", 1, map=[rows[0].line, end], level=level + 1, block=True)
        for row in rows:
            yield from _row_tokens(row, columns, least=len(head.cells))
        yield Token("tbody_close", "tbody", -1, level=level + 1, block=True)
    yield Token("table_close", "table", -1, level=level, block=True)


class _Columns:
    """What stands before and after the cells of each column; `level` is that of the table."""

    def __init__(self, tag: str, styles: list[str], level: int) -> None:
        openings = {style: _opening(tag, style, level + 3) for style in set(styles)}
        self.openings = [openings[style] for style in styles]
        self.closing = Token(f"{tag}_close", tag, -1, level=level + 3, block=True)
        self.level = level


def _row_tokens(row: Row, columns: _Columns, *, least: int) -> Iterator[Token]:
    """A row with `least` cells at least, whose last one holds what there is no column for."""
    place, most, level = [row.line, row.line + 1], len(columns.openings), columns.level
    cells = row.cells
    if len(cells) > most:
        cells = [*cells[: most - 1], " | ".join(cells[most - 1 :])]
    yield Token("tr_open", "tr", 1, map=place, level=level + 2, block=True)
    for number in range(max(least, len(cells))):
        yield columns.openings[number]
        content = cells[number] if number < len(cells) else ""
        yield Token("inline", "", 0, map=place, content=content, children=[], level=level + 4, block=True)
        yield columns.closing
    yield Token("tr_close", "tr", -1, level=level + 2, block=True)


def _opening(tag: str, style: str, level: int) -> Token:
    return Token(f"{tag}_open", tag, 1, attrs={"style": style} if style else {}, level=level, block=True)


def _style(delimiter: str) -> str:
    match delimiter[0], delimiter[-1]:
        case ":", ":":
            return "text-align:center"
        case _, ":":
            return "text-align:right"
        case ":", _:
            return "text-align:left"
    return ""
