"""The tables that a run ends with: figures with their spread, held against goals and against what was measured beside.

Everything here is a function of the rows (`benchmarks.rows`) and of what the rounds measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from benchmarks.rounds import Rounds

HEAD = ("what", "beside it", "at f2a05b0", "now", "goal", "kept")
COMPARED = ("what", "base", "now", "now ÷ base", "goal", "kept")
NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Times:
    """A limit that another figure of the same run sets: so many times as much. `label` says what that figure is."""

    factor: float
    figure: str
    label: str


@dataclass(frozen=True)
class Part:
    """One number in a row: the figure, its unit, and what it may be.

    `most` and `least` are limits; so is each of `times`, where that other figure was measured. `count` is what it is
    one of, such as 300 answers.
    """

    figure: str
    unit: str = ""
    most: float | None = None
    least: float | None = None
    times: tuple[Times, ...] = ()

    @property
    def goal(self) -> str:
        """The limits in words; empty when there is none."""
        limits = [f"{sign} {limit:g}" for sign, limit in (("≥", self.least), ("≤", self.most)) if limit is not None]
        said = [" and ".join(limits) + (f" {self.unit}" if self.unit else "")] if limits else []
        return " and ".join(said + [f"≤ {one.factor:g} × {one.label}" for one in self.times])

    def kept(self, rounds: Rounds) -> bool | None:
        """Whether the median keeps all limits; None when that cannot be told."""
        value = rounds.median(self.figure)
        if value is None:
            return None
        kept = [value >= self.least] if self.least is not None else []
        kept += [value <= self.most] if self.most is not None else []
        others = [(one, rounds.median(one.figure)) for one in self.times]
        kept += [value <= one.factor * other for one, other in others if other is not None]
        if not all(kept):
            return False
        return True if kept and all(other is not None for _, other in others) else None


@dataclass(frozen=True)
class Row:
    """One line of the table.

    `before` says what the commit f2a05b0 took, `peers` what others took when somebody last looked, and `beside` which
    figures of the same run to print with them, each with a label.
    """

    what: str
    parts: tuple[Part, ...]
    before: str = ""
    peers: str = ""
    beside: tuple[tuple[str, Part], ...] = ()

    @property
    def goal(self) -> str:
        """The goals of all parts."""
        return " / ".join(part.goal or "–" for part in self.parts) if any(part.goal for part in self.parts) else ""

    def kept(self, rounds: Rounds) -> str:
        """`yes`, `no`, or nothing where that cannot be told."""
        kept = [part.kept(rounds) for part in self.parts if part.goal]
        return "no" if False in kept else "yes" if kept and None not in kept else ""

    def measured(self, rounds: Rounds) -> bool:
        """Whether any of its figures was measured."""
        return any(rounds.median(part.figure) is not None for part in self.parts)


def number(value: float) -> str:
    """The number with about three digits that count: `1,258`, `34.5`, `0.39`."""
    places = 0 if abs(value) >= 100 or value == round(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{places}f}"


def figure_of(parts: Sequence[Part], rounds: Rounds) -> str:
    """The medians, and behind each the least and greatest of the rounds: `35 (33–36) / 62 (60–70) ms`."""
    said = []
    for unit, alike in groupby(parts, lambda part: part.unit):
        texts = []
        for part in alike:
            median, spread = rounds.median(part.figure), rounds.spread(part.figure)
            text = "?" if median is None else number(median)
            texts.append(f"{text} ({number(spread[0])}–{number(spread[1])})" if spread else text)
        said.append(" / ".join(texts) + (f" {unit}" if unit else ""))
    return " / ".join(said)


def table(rows: Sequence[Row], rounds: Rounds) -> str:
    """The rows of which something was measured, as a Markdown table that reads well as it is."""
    lines = []
    for row in rows:
        if not row.measured(rounds):
            continue
        beside = [f"{label} {figure_of([part], rounds)}" for label, part in row.beside if rounds.median(part.figure)]
        others = "; ".join([*beside, *([row.peers] if row.peers else [])])
        lines.append((row.what, others, row.before, figure_of(row.parts, rounds), row.goal, row.kept(rounds)))
    return _aligned([HEAD, *lines])


def comparison(rows: Sequence[Row], base: Rounds, now: Rounds) -> str:
    """The rows that were measured of one commit or the other, side by side."""
    lines = []
    for row in rows:
        if not (row.measured(base) or row.measured(now)):
            continue
        there, here = (figure_of(row.parts, one) if row.measured(one) else NOT_MEASURED for one in (base, now))
        lines.append((row.what, there, here, ratios(row.parts, base, now), row.goal, row.kept(now)))
    return _aligned([COMPARED, *lines])


def ratios(parts: Sequence[Part], base: Rounds, now: Rounds) -> str:
    """How many times as much each part is now: `0.49 / 0.47`."""
    said = []
    for part in parts:
        before, after = base.median(part.figure), now.median(part.figure)
        said.append(f"{after / before:.2f}" if before and after is not None else "–")
    return " / ".join(said) if set(said) != {"–"} else ""


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    texts = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    texts.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(texts)
