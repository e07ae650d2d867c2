"""Whether a figure or a date of a source says what one of a sentence says."""

from decimal import Decimal
from enum import IntEnum

from chat.sources.claims.dates import Date, Day
from chat.sources.claims.figures import COUNT, Figure, Reading
from chat.sources.claims.folding import plain
from chat.sources.claims.rounding_words import Lean

_ABOUT_SHARE = Decimal("0.03")  # how far "about" reaches, where rounding to the last digit does not reach as far
_CONVERTED_SHARE = Decimal("0.03")  # how far converting a rounded figure into another unit may move it
_UNSAID_SHARE = Decimal("0.04")  # how far rounding reaches that does not say it is some
_NEAR_SHARE = Decimal("0.1")
_ROUGH_SHARE = Decimal("0.15")  # of what a source says roughly, to count as the same in fewer digits


class Match(IntEnum):
    """How well one fact fits another; the greater the better."""

    NONE = 0
    NEAR = 1  # the source says less: only rounded, or only the year
    SAME = 2


def figures_match(wanted: Figure, said: Figure) -> Match:
    """Whether the source's figure `said` is the sentence's `wanted`, rounded or in another unit or not."""
    best = Match.NONE
    for one in wanted.readings:
        for other in said.readings:
            if one.kind == other.kind:
                best = max(best, _readings_match(one, other, wanted, said))
        if best == Match.SAME:
            break
    return best


def _readings_match(one: Reading, other: Reading, wanted: Figure, said: Figure) -> Match:
    apart = abs(one.amount - other.amount)
    size = max(abs(one.amount), abs(other.amount))
    if apart <= size * Decimal("1e-9"):
        return Match.SAME
    if not size or (one.amount < 0) != (other.amount < 0):
        return Match.NONE
    if (one.half > other.half or wanted.lean or wanted.is_round) and apart <= _reach(one, other, wanted.lean):
        return Match.SAME
    if _is_converted(one, other) and apart <= min(max(one.half, other.half, one.coarse), size * _CONVERTED_SHARE):
        return Match.SAME
    if _is_converted(one, other) and said.lean and apart <= min(other.coarse, size * _CONVERTED_SHARE):
        return Match.SAME
    if one.half > other.half and apart <= min(one.half, size * _ROUGH_SHARE):
        return Match.NEAR
    if wanted.lean and apart <= size * _ABOUT_SHARE:
        return Match.NEAR
    if other.half > one.half or said.lean:
        reach = max(other.coarse, size * _ABOUT_SHARE) if said.lean else other.half
        return Match.NEAR if apart <= min(reach, size * _NEAR_SHARE) else Match.NONE
    return Match.NONE


def _reach(one: Reading, other: Reading, lean: Lean) -> Decimal:
    """How far the source's figure may be from the sentence's, which is rounded as `lean` says."""
    size = max(abs(one.amount), abs(other.amount))
    rounded = min(one.half, size * (_ROUGH_SHARE if lean else _UNSAID_SHARE))
    is_right_side = {Lean.OVER: abs(other.amount) > abs(one.amount), Lean.UNDER: abs(other.amount) < abs(one.amount)}
    if lean in is_right_side:
        # "More than 500" may be 599, but not 480.
        return min(2 * one.coarse, size * _NEAR_SHARE) if is_right_side[lean] else Decimal(0)
    if lean:
        return max(rounded, min(one.coarse, size * _NEAR_SHARE), size * _ABOUT_SHARE)
    return rounded


def _is_converted(one: Reading, other: Reading) -> bool:
    """Whether two were written in different units: then their last digits are no powers of ten apart."""
    if one.kind == COUNT or not one.half or not other.half:
        return False
    times = one.half / other.half
    while times >= 10:
        times /= 10
    while times < 1:
        times *= 10
    return abs(times - 1) > Decimal("1e-6")


def dates_match(wanted: Date, said: Date) -> Match:
    """Whether the source's date holds all that the sentence's date says; NEAR where it says only a part of it."""
    if wanted.time or said.time:
        return Match.SAME if wanted.time == said.time else Match.NONE
    if wanted.span > 1:
        same = wanted.span == said.span and wanted.days[0].year == said.days[0].year
        return Match.SAME if same else Match.NONE
    if said.span > 1:
        year = wanted.days[0].year
        return Match.NEAR if year and said.days[0].year <= year < said.days[0].year + said.span else Match.NONE
    return max(_days_match(one, other) for one in wanted.days for other in said.days)


def _days_match(wanted: Day, said: Day) -> Match:
    pairs = [(one, other) for one, other in zip(wanted, said, strict=True) if one]
    if all(one == other for one, other in pairs):
        return Match.SAME
    if any(one != other for one, other in pairs if other):
        return Match.NONE
    if wanted.year and not said.year:
        return Match.NEAR if said.day or not wanted.day else Match.NONE
    return Match.NEAR


def number_is_year(figure: Figure, date: Date) -> bool:
    """Whether a bare number and a lone year have the same digits: which of the two it is cannot always be told."""
    kind, amount, *_ = figure.readings[0]
    return kind == COUNT and date.may_be_number > 0 and amount == date.may_be_number


def bare_year(text: str, figure: Figure) -> int:
    """The year that a bare number may be, 0 for none."""
    written = plain(text[figure.start : figure.end])
    return int(written) if len(written) == 4 and written.isdigit() else 0
