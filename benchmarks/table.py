"""The table that a run ends with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("what", "peers", "upstream direct", "Parley", "goal", "kept")


@dataclass(frozen=True)
class Row:
    """One line: what was measured, what others and the upstream itself take, our figure and the goal.

    `kept` is None where there is nothing to hold the figure against.
    """

    what: str
    figure: str
    goal: str
    kept: bool | None
    peers: str = ""
    direct: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The words of the line, as `HEAD` names them."""
        kept = "" if self.kept is None else "yes" if self.kept else "no"
        return self.what, self.peers, self.direct, self.figure, self.goal, kept


def judged(figure: str, goal: str) -> bool | None:
    """Whether a figure such as `12 ms` keeps a goal such as `≤ 50 ms`; None when that cannot be told."""
    limit, found = re.search(r"≤\s*([\d.,]+)\s*(\w+)", goal), re.search(r"([\d.,]+)\s*(\w+)", figure)
    if not limit or not found or limit[2] != found[2]:
        return None
    return float(found[1].replace(",", "")) <= float(limit[1].replace(",", ""))


def printed(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table that reads well as it is."""
    lines = [HEAD, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    texts = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    texts.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(texts)
