"""Tables as a rule for the parser: those of GitHub, without ones that cost too much, and with every cell.

GitHub drops the cells of a row that has more of them than the head. Here they are shown, below an empty head.
"""

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.token import Token

MOST_COLUMNS = 256
MOST_CELLS = 60_000


def table_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table, unless its rows are so much shorter than their head that a small text makes a huge page."""
    if start < state.env.get("no_table_before", 0) or not table(state, start, end, True):
        return False
    if silent:
        return True
    last = start
    while last < end and not state.isEmpty(last) and state.sCount[last] >= state.blkIndent:
        last += 1
    delimiters = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]]
    if not is_in_proportion(delimiters, lines=last - start, size=state.bMarks[last] - state.bMarks[start]):
        state.env["no_table_before"] = last
        return False
    first = len(state.tokens)
    found = table(state, start, end, False)
    if found:
        state.tokens[first:] = _with_every_cell(state, state.tokens[first:])
    return found


def is_in_proportion(delimiters: str, *, lines: int, size: int) -> bool:
    """Whether a table of so many lines and characters may have the columns that its row of delimiters promises."""
    columns = len(delimiters.strip("> |\t").split("|"))
    return columns <= MOST_COLUMNS and columns * lines < max(1_000, min(size, MOST_CELLS))


def _with_every_cell(state: StateBlock, tokens: list[Token]) -> list[Token]:
    columns = sum(token.type == "th_open" for token in tokens)
    whole: list[Token] = []
    end_of_head = widest = 0
    surplus: list[str] = []
    for token in tokens:
        if token.type == "tr_open" and end_of_head:
            assert token.map
            surplus = _cells(getLine(state, token.map[0]))[columns:]
        elif token.type == "tr_close" and not end_of_head:
            end_of_head = len(whole)
        elif token.type == "tr_close":
            if len(surplus) > MOST_COLUMNS:
                surplus[MOST_COLUMNS - 1 :] = [" | ".join(surplus[MOST_COLUMNS - 1 :])]
            whole += [part for cell in surplus for part in _cell("td", cell, level=token.level + 1)]
            widest = max(widest, len(surplus))
        whole.append(token)
    if widest:
        level = whole[end_of_head].level + 1
        whole[end_of_head:end_of_head] = [part for _ in range(widest) for part in _cell("th", "", level=level)]
    return whole


def _cells(line: str) -> list[str]:
    cells = escapedSplit(line.strip())
    if cells and cells[0] == "":
        cells.pop(0)
    if cells and cells[-1] == "":
        cells.pop()
    return [cell.strip() for cell in cells]


def _cell(tag: str, content: str, *, level: int) -> list[Token]:
    return [
        Token(f"{tag}_open", tag, 1, level=level),
        Token("inline", "", 0, content=content, level=level + 1, children=[]),
        Token(f"{tag}_close", tag, -1, level=level),
    ]
