"""Bar charts as plain figures: templates draw them as SVG on the server, and style sheets colour them.

Across, everything is in per cent, so that a chart fits any width without its letters growing or shrinking; up, it is
in pixels. Figures are strings already, since a language may write numbers in a way that SVG does not read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

HEIGHT = 160  # pixels of the tallest bar
LABELS = 20  # pixels below, for what is written there
GAP = Decimal("0.24")  # of a column


@dataclass(frozen=True, slots=True)
class Column:
    """What is to be drawn: amounts by kind, from the bottom up. `label` stands below, `title` says it in words."""

    label: str
    title: str
    amounts: Mapping[str, Decimal]

    @property
    def total(self) -> Decimal:
        """The height of the whole column."""
        return sum(self.amounts.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class BarPart:
    """One piece of a bar."""

    kind: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `middle` is where its label is centred."""

    label: str
    title: str
    x: str
    width: str
    middle: str
    parts: Sequence[BarPart]


@dataclass(frozen=True, slots=True)
class Line:
    """A line across the chart, at an amount."""

    amount: Decimal
    y: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template needs; lines go from the top down."""

    bars: Sequence[Bar]
    lines: Sequence[Line]
    height: str = str(HEIGHT + LABELS)
    base: str = str(HEIGHT)
    label_y: str = str(HEIGHT + LABELS - 4)


def draw_chart(columns: Sequence[Column]) -> Chart:
    """The chart of these columns, as tall as the tallest of them needs."""
    top = _round_top(max((column.total for column in columns), default=Decimal(0)))
    step = Decimal(100) / max(len(columns), 1)
    return Chart(
        bars=[_bar(column, at=number * step, step=step, top=top) for number, column in enumerate(columns)],
        lines=[
            Line(amount=top * share / 2, y=_number(HEIGHT - HEIGHT * share / 2)) for share in map(Decimal, (2, 1, 0))
        ],
    )


def _bar(column: Column, *, at: Decimal, step: Decimal, top: Decimal) -> Bar:
    parts, y = [], Decimal(HEIGHT)
    for kind, amount in column.amounts.items():
        if amount > 0:
            height = amount / top * HEIGHT
            y -= height
            parts.append(BarPart(kind=kind, y=_number(y), height=_number(height)))
    return Bar(
        label=column.label,
        title=column.title,
        x=f"{_number(at + step * GAP / 2)}%",
        width=f"{_number(step * (1 - GAP))}%",
        middle=f"{_number(at + step / 2)}%",
        parts=parts,
    )


def _round_top(largest: Decimal) -> Decimal:
    """The smallest of 1, 2, 4, 5, 8 with zeros behind or before that is not below the largest amount."""
    if largest <= 0:
        return Decimal(1)
    unit = Decimal(1).scaleb(largest.adjusted())
    return next(unit * factor for factor in (1, 2, 4, 5, 8, 10) if unit * factor >= largest)


def _number(value: Decimal) -> str:
    return f"{value:.2f}"
