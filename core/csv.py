"""Tables for other programs, as CSV in which no cell is a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence

AT_ONCE = 2_000  # rows in one piece
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


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
    """The cell as text to a spreadsheet, which would compute what looks like a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, line: str) -> str:
        return line
