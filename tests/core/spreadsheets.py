"""What attackers write into cells, and how programs take a table apart."""

import csv
import io
import re
from collections.abc import Iterator

CALC = "=1+cmd|' /C calc'!A0"
HOSTILE = [
    f"{before}{begin}{rest}"
    for before in (
        "",
        "x;",
        "x\t",
        "x,",
        "x|",
        "x\n",
        "x\r\n",
        "x\r",
        'x;"',
        "x; ",
        "x;\u200b",
        "\ufeff",
        " ",
        "\xa0",
        '"',
    )
    for begin, rest in (("=", "1+1"), ("+", "1+1"), ("-", "1+1"), ("@", "SUM(1+1)"), ("＝", "1+1"), ("＋", "1+1"))
] + [
    CALC,
    f"x;{CALC};",
    "x;-5",  # and the next cell goes on
    "1+1;=1+1\t=1+1,=1+1|=1+1\n=1+1",
    '";=1+1;"',
    '";"=HYPERLINK("http://127.0.0.1/?"&A1)',
    "＝1+1",
    "x;−1+1",
    "x;﹦1+1",
    "\t=1+1",
    "\r=1+1",
    "\x00=1+1",
    "x;\x1c=1+1",
]
NUMBERS = ["-5", "+5", "-0.25", "12", "-1,5", "1e-7", "-3.5E+10", "-12%"]
BEGINS = "=+-@＝＋－＠﹦﹢﹣﹫"


def cells(table: str) -> Iterator[str]:
    """Every cell that some program could see: at each separator and all of them, with quotes and without."""
    for separator in ",;\t|":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(table, newline=""), delimiter=separator, quoting=quoting):
                yield from row
    yield from re.split(r"[,;\t|\r\n]", table)
    yield from (piece.strip('"') for piece in re.split(r"[,;\t|\r\n]", table))


def computes(cell: str) -> bool:
    """Whether a spreadsheet could take the cell for a formula; one that is a number is none."""
    begin = cell.lstrip(" \t\xa0\u200b\ufeff\x00\x1c").replace('"', "")
    return begin[:1] != "" and begin[0] in BEGINS and not re.fullmatch(r"[+-]?[\d.]+([eE][+-]?\d+)?%?", begin)
