"""Tables for other programs, as CSV in which no cell is a formula.

A spreadsheet computes a cell that begins like a formula, and what a cell is depends on the country: where lists are
separated by semicolons it splits at those, quotes or not, and LibreOffice splits at tabs, commas and semicolons alike.
So every piece of a text that some separator could make a cell of begins with an apostrophe if it would be computed.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

AT_ONCE = 2_000  # rows in one piece
_SEPARATORS = re.compile("([,;|\t\n\r\v\f\x85\u2028\u2029])")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:[eE][+-]?\d+)?%?", re.ASCII)
_BEGIN = frozenset("=+-@")
_QUOTES = frozenset("\"'")


def lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The table, its heading first, in pieces of many rows."""
    writer = csv.writer(_Echo())
    yield writer.writerow(columns)
    piece: list[str] = []
    for row in rows:
        piece.append(writer.writerow([harmless(cell) for cell in row]))
        if len(piece) == AT_ONCE:
            yield "".join(piece)
            piece = []
    yield "".join(piece)


def harmless(cell: str) -> str:
    """The cell as text to a spreadsheet, wherever it is split. A number stays one, whatever its sign; but not one in a
    text: at another separator the next cell would go on where it ends, as in -5,1+… with a decimal comma."""
    if _NUMBER.fullmatch(cell):
        return cell
    return "".join(f"'{piece}" if _is_formula(piece) else piece for piece in _SEPARATORS.split(cell))


def _is_formula(piece: str) -> bool:
    """Whether it begins like a formula once blanks, invisible signs and quotes are gone, in signs of any width."""
    for sign in piece:
        if sign.isspace() or sign in _QUOTES or unicodedata.category(sign)[0] in "CZM":
            continue
        return unicodedata.normalize("NFKC", sign)[0] in _BEGIN
    return False


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, line: str) -> str:
        return line
