"""Figures: numbers with what they are numbers of, in the forms of several languages."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from chat.sources.claims import fractions
from chat.sources.claims.east_figures import east_value, last_step
from chat.sources.claims.folding import EAST_ASIAN, fold
from chat.sources.claims.number_words import longest_number, ordinals
from chat.sources.claims.rounding_words import LOOK_BACK, Lean, lean_of
from chat.sources.claims.units import (
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    Unit,
    east_asian_units,
    longest_unit,
    scale_of,
    units_named,
)

ORDINAL = "ordinal"
COUNT = ""
PERCENT = "percent"

NUMBER = re.compile(
    rf"(?<![^\W_{EAST_ASIAN}])(?<!\d[.,:'])"
    r"(?:\d{1,3}(?:[ \u00a0]\d{3}){1,7}(?!\d)(?:[.,]\d{1,12}(?!\d))?|\d+(?:[.,']\d+)*)"
)
_POWERS = tuple(Decimal(10) ** power for power in range(19))  # `_scales` goes no further
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_NUMBER = 30  # signs; what is longer is no figure that anybody reads
_BEFORE_SIGNS = re.compile(
    r"(US\$|R\$|A\$|C\$|HK\$|[$\u20ac\u00a3\u00a5\u20b9\u20a9\u20bd]|\b[A-Z]{3})[ \u00a0]?[-\u2212]?\Z"
)
_MINUS = re.compile(
    r"(?:\A|[\s(\[:=|~\u20ac$\u00a3])[-\u2212]\Z|\b(?:minus|moins|menos) \Z|マイナス\Z|\A\u2212\Z|[^\d\s]\u2212\Z"
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th|\u00ba|\u00aa|e|er|\u00e8me|eme|o|a)\b(?!['\u2019])")
_MAY_BE_MINUS = ("-", "\u2212", "minus ", "moins ", "menos ", "マイナス")
_NAMED = re.compile(rf"[^\W\d_{EAST_ASIAN}][-/]\Z")  # as in COVID-19 and HTTP/2
_ORDINAL_EAST = re.compile(r"第 ?\Z")
_GAP = re.compile(r"[ \u00a0]{0,2}-?")
_WORD = re.compile(rf"[^\W\d_{EAST_ASIAN}]+|[%\u2030$\u20ac\u00a3\u00a5\u00b0]")
_UNIT_WORD = re.compile(rf"(?:[^\W_{EAST_ASIAN}]|[\u00b2\u00b3\u00b0/'%\u2030$\u20ac\u00a3\u00a5\u2103\u2109])+")
_AND = re.compile(r",?[ \u00a0]?(?:and|und|et|y|e)?[ \u00a0]?")
_SHORT_SCALES = {"k": 3, "m": 6, "b": 9, "bn": 9, "t": 12, "tn": 12, "mm": 6, "md": 9, "mds": 9, "mrd": 9, "mio": 6}
_RANGE = re.compile(
    r"[ \u00a0]?(?:[-\u2013\u2014~\uff5e\u301c]|\.\.|to|bis|\u00e0|a|y|and|und|et|e|から)[ \u00a0]?", re.IGNORECASE
)


_ONES = ("one", "a", "an", "ein", "eine", "einer", "einem", "un", "une", "um", "uma")
_HALVES = ("half", "halbe", "halben", "medio", "demi", "meio")
_PARTS = {**dict.fromkeys(_ONES, Decimal(1)), **dict.fromkeys(_HALVES, Decimal("0.5"))}
_PARTS |= {"anderthalb": Decimal("1.5"), "eineinhalb": Decimal("1.5")}
_TWOS = ("two", "zwei", "deux", "dos", "dois", "duas")
_PARTS |= dict.fromkeys(_TWOS, Decimal(2))
_PARTED = ("time", "length", "mass", "volume", "area")
_AND_A_HALF = ("et demi", "y medi", "e meio", "and a half")
PART_WORDS = frozenset(_PARTS)
"""The folded words with which a part of a million can begin, as in *half a million*."""


class Reading(NamedTuple):
    """What a figure may mean: an amount in the base of its kind, and half of what its last digit stands for. `ulp` is
    how far rounding may have moved it, `coarse` the same if the zeros at its end are none that were counted."""

    kind: str
    amount: Decimal
    half: Decimal
    coarse: Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text: its readings, the likeliest first. `lean` is how the text calls it rounded."""

    start: int
    end: int
    readings: tuple[Reading, ...]
    lean: Lean = Lean.EXACT
    is_round: bool = False

    @property
    def value(self) -> tuple[str, str, str]:
        """The normal form of the likeliest reading."""
        kind, amount, *_rest = self.readings[0]
        return ("figure", kind, _canonical(amount))


class _Number(NamedTuple):
    values: tuple[Decimal, ...]
    places: int  # digits behind the decimal mark


def _canonical(amount: Decimal) -> str:
    whole = amount.to_integral_value()
    # What is large has no room for nine places; it keeps as many digits as it is counted with.
    rounded = +whole if amount == whole else (round(amount, 9) if amount.adjusted() < 15 else amount).normalize()
    return f"{rounded:f}"


def figure_at(text: str, found: re.Match[str], language: str) -> Figure | None:
    """The figure whose number `NUMBER` found in a text that is `plain`; None where that is none: a version, a label.

    Raises nothing: what cannot be read is None.
    """
    if len(found[0]) > _LONGEST_NUMBER:
        return None
    start, end = found.span()
    number = _parsed(found[0], language)
    if number is None:
        return None
    before = text[max(0, start - LOOK_BACK) : start]
    if before.endswith(("-", "/")) and _NAMED.search(before):
        return None
    sign = -1 if before.endswith(_MAY_BE_MINUS) and _MINUS.search(before) else 1
    if (ordinal := _ORDINAL.match(text, end)) and number.places == 0:
        return _simple(start, ordinal.end(), ORDINAL, number.values[0])
    if "第" in before[-2:] and _ORDINAL_EAST.search(before) and number.places == 0:
        return _simple(start, end, ORDINAL, number.values[0])
    values = tuple(value * sign for value in number.values)
    currency, begin = _currency_before(before, start)
    return _with_unit(text, begin, start, end, values, number.places, currency, language)


def east_figure_at(text: str, found: re.Match[str], language: str) -> Figure | None:
    """The figure in East Asian signs, such as 3億5000万 or 二十三, that `east_numbers` found."""
    number = east_value(found[0])
    if number is None:
        return None
    start, end = found.span()
    before = text[max(0, start - LOOK_BACK) : start]
    if _ORDINAL_EAST.search(before):
        return _simple(start, end, ORDINAL, number)
    currency, begin = _currency_before(before, start)
    figure = _with_unit(text, begin, start, end, (number,), 0, currency, language)
    if figure and len(found[0]) < 2 and figure.end == end:
        return None  # a single sign may be any word
    step = last_step(found[0])
    if figure is None or step is None or not number:
        return figure
    readings = tuple(
        reading._replace(
            half=abs(reading.amount / number) * step / 2,
            coarse=max(reading.coarse, abs(reading.amount / number) * step / 2),
        )
        for reading in figure.readings
    )
    return replace(figure, readings=readings, is_round=True)


def word_figure_at(text: str, words: list[tuple[int, int, str]], language: str) -> Figure | None:
    """The figure in words that begins with the first of these words of a text, which are start, end and folded word."""
    start, end, folded = words[0]
    if folded in (known := ordinals(language)):
        return _simple(start, end, ORDINAL, Decimal(known[folded]))
    if part := _part_of_unit(text, words):
        return part
    for count in range(min(fractions.LONGEST, len(words)), 0, -1):
        if share := fractions.fractions().get(" ".join(word[2] for word in words[:count])):
            half = Decimal("0.5")
            lean = lean_of(text[max(0, start - LOOK_BACK) : start])
            return Figure(start, words[count - 1][1], (Reading(*share, half, half),), lean, is_round=True)
    if part_of_million := _part_of_million(text, words, language):
        return part_of_million
    number, count = longest_number([word[2] for word in words], 0, language)
    if not number:
        return None
    end = words[count - 1][1]
    return _with_unit(text, start, start, end, (Decimal(number),), 0, (), language)


def _part_of_unit(text: str, words: list[tuple[int, int, str]]) -> Figure | None:
    """What *a quarter of an hour* or *ein halber Liter* is. *Half-year* and the like are no figures."""
    percent, count = fractions.part_before_unit([word[2] for word in words])
    units, end = _unit_behind(text, words[count - 1][1]) if count else ((), 0)
    share = percent / 100
    readings = tuple(Reading(u.kind, share * u.factor, *[u.factor / 200] * 2) for u in units if u.kind in _PARTED)
    return Figure(words[0][0], end, readings, is_round=True) if readings else None


def _part_of_million(text: str, words: list[tuple[int, int, str]], language: str) -> Figure | None:
    """What *a million*, *half a million* or *un millón y medio* is: a scale whose number is an article or a part."""
    start, end, folded = words[0]
    value = _PARTS.get(folded)
    rest = words[1:]
    if value != 1 and rest and rest[0][2] in ("a", "un", "of"):
        end, rest = rest[0][1], rest[1:]
    if (
        value is None
        or not rest
        or scale_of(rest[0][2], language) < (3 if value == 2 else 6)
        or text[end : rest[0][0]].strip(" \u00a0-")
    ):
        return None
    behind = " ".join(word[2] for word in rest[1:4])
    has_half = value == 1 and behind.startswith(_AND_A_HALF)
    value = Decimal("1.5") if has_half else value
    figure = _with_unit(text, start, start, rest[0][0], (value,), 1, (), language)
    if figure is None or not has_half:
        return figure
    count = 2 if behind.split()[1:2] != ["a"] else 3
    units, end = _unit_behind(text, rest[count][1])
    amount = figure.readings[0]
    times = units[0].factor if units else Decimal(1)
    kind = units[0].kind if units else COUNT
    return Figure(
        start, end, (Reading(kind, amount.amount * times, amount.half * times, amount.half * times),), is_round=True
    )


def with_ranges(text: str, figures: list[Figure]) -> list[Figure]:
    """The figures, the first of *10–12 km* with the unit of the second as well."""
    result = list(figures)
    for place in range(len(result) - 2, -1, -1):
        first, second = result[place], result[place + 1]
        gap = text[first.end : second.start]
        if len(gap) > 8 or first.readings[0].kind or not _RANGE.fullmatch(gap):
            continue
        kind, amount, *_ = second.readings[0]
        bare = re.sub(r"[^\d.,]", "", text[second.start : second.end])
        number = _parsed(bare, "en") if bare.strip(".,") else None
        if number is None or not number.values[0] or (not kind and amount == number.values[0]):
            continue
        times = amount / number.values[0]
        more = tuple(
            Reading(kind, r.amount * times, r.half * abs(times), r.coarse * abs(times)) for r in first.readings
        )
        result[place] = replace(first, readings=(*more, *first.readings))
    return result


def with_compounds(text: str, figures: list[Figure]) -> list[Figure]:
    """The figures, those like *2 hours and 30 minutes* as one."""
    result: list[Figure] = []
    for figure in figures:
        if result and (sum_ := _compound(text, result[-1], figure)):
            result[-1] = sum_
        else:
            result.append(figure)
    return result


def _compound(text: str, first: Figure, second: Figure) -> Figure | None:
    kind, amount, half, _coarse = first.readings[0]
    other = second.readings[0]
    if kind != other.kind or kind not in ("time", "length", "mass", "months") or not half:
        return None
    is_part = 0 < other.amount < 2 * half and other.half < half and first.end < second.start
    if not is_part or not _AND.fullmatch(text, first.end, second.start):
        return None
    sum_ = amount + other.amount
    return replace(first, end=second.end, readings=(Reading(kind, sum_, other.half, other.half),))


def _simple(start: int, end: int, kind: str, amount: Decimal) -> Figure:
    return Figure(start, end, (Reading(kind, amount, Decimal(0), Decimal(0)),))


def _parsed(written: str, language: str) -> _Number | None:
    """The values that a number in digits may have, and its digits behind the decimal mark."""
    written = written.replace(" ", "").replace("\u00a0", "").replace("'", "")
    points, commas = written.count("."), written.count(",")
    if not points and not commas:
        return _Number((Decimal(written),), 0)
    if points and commas:
        mark = max(".,", key=written.rfind)
        whole, _, part = written.rpartition(mark)
        if written.count(mark) > 1 or not _are_thousands(re.split(r"[.,]", whole)):
            return None
        return _Number((Decimal(f"{re.sub('[.,]', '', whole)}.{part}"),), len(part))
    mark = "." if points else ","
    groups = written.split(mark)
    if len(groups) > 2:
        return _Number((Decimal("".join(groups)),), 0) if _are_thousands(groups) else None
    whole, part = groups
    decimal = Decimal(f"{whole}.{part}")
    if len(part) != 3 or len(whole) > 3 or whole.startswith("0"):
        return _Number((decimal,), len(part))
    thousands = Decimal(whole + part)
    is_decimal = (mark == ".") == (language in ("en", "ja", "zh", "ar"))
    return _Number((decimal, thousands), 3) if is_decimal else _Number((thousands, decimal), 0)


def _are_thousands(groups: list[str]) -> bool:
    """Whether these are groups of three, or as in India of two with three at the end."""
    first, *rest = groups
    if not rest:
        return True
    return (
        1 <= len(first) <= 3
        and len(rest[-1]) == 3
        and len({len(group) for group in rest[:-1]} | {3}) <= 2
        and all(len(group) in (2, 3) for group in rest)
    )


def _currency_before(before: str, start: int) -> tuple[tuple[Unit, ...], int]:
    last = before.rstrip(" \u00a0-\u2212")[-1:]
    found = _BEFORE_SIGNS.search(before) if not last.isalnum() or last.isupper() else None
    if not found or (found[1].isalpha() and found[1] not in CURRENCY_CODES):
        return (), start
    code = CURRENCY_SIGNS.get(found[1], found[1])
    begin = start - len(before) + found.start()
    units = (Unit(code), Unit("CNY")) if found[1] == "\u00a5" else (Unit(code),)
    return units, begin


def _with_unit(
    text: str,
    begin: int,
    start: int,
    end: int,
    values: tuple[Decimal, ...],
    places: int,
    currency: tuple[Unit, ...],
    language: str,
) -> Figure | None:
    """A figure with what stands behind its number: words for powers of ten, and a unit."""
    power, end = _scales(text, end, language, has_currency=bool(currency))
    units, end = (currency, end) if currency else _unit_behind(text, end)
    if not currency and units == () and _LETTER.match(text, end) and text[end] < "\u3000":
        return None  # as in 3D or 737s: a label
    scale = _POWERS[power]
    readings: list[Reading] = []
    for place, value in enumerate(values):
        digits = places if place == 0 else (0 if places else len(str(value).partition(".")[2]))
        step = scale.scaleb(-digits)
        coarse = scale * _zeros(value) if not digits else step
        for unit in units or (Unit(COUNT),):
            amount = value * scale * unit.factor + unit.offset
            readings.append(Reading(unit.kind, amount, step * unit.factor / 2, coarse * unit.factor / 2))
    lean = lean_of(text[max(0, begin - LOOK_BACK) : begin])
    return Figure(begin, end, tuple(readings), lean, is_round=power > 0)


def _zeros(value: Decimal) -> Decimal:
    """The power of ten that a whole number ends with, but always with a digit before it."""
    digits = str(abs(value.to_integral_value()))
    return Decimal(10) ** min(len(digits) - len(digits.rstrip("0")), len(digits) - 1)


def _scales(text: str, end: int, language: str, *, has_currency: bool) -> tuple[int, int]:
    power = 0
    while True:
        gap = _GAP.match(text, end)
        assert gap
        word = _WORD.match(text, gap.end())
        if not word:
            return power, end
        folded = fold(word[0])
        more = scale_of(folded, language)
        if not more and folded in _SHORT_SCALES and power == 0:
            money = has_currency or re.match(
                r"[ \u00a0]?(?:[$\u20ac\u00a3]|(?:EUR|USD|GBP|CHF)\b)", text[word.end() : word.end() + 5]
            )
            if money or (folded == "k" and word.start() == end) or (folded in ("bn", "mrd", "mio")):
                more = _SHORT_SCALES[folded]
        if not more or power + more > 18:
            return power, end
        power, end = power + more, word.end()
        if text[end : end + 1] == "." and folded in ("mio", "mrd", "tsd", "mill", "mds"):
            end += 1


def _unit_behind(text: str, end: int) -> tuple[tuple[Unit, ...], int]:
    """The units that may be meant by what follows a number, and where they end."""
    gap = _GAP.match(text, end)
    assert gap
    at = gap.end()
    for name in ("de ", "d'", "of "):
        if text.startswith(name, at):
            at += len(name)
            break
    if text[at : at + 1] >= "\u3000":
        for name in east_asian_units():
            if text.startswith(name, at):
                return units_named(name), at + len(name)
        return (), end
    names: list[str] = []
    best: tuple[tuple[Unit, ...], int] = ((), end)
    place = at
    while len(names) < longest_unit():
        word = _UNIT_WORD.match(text, place)
        if not word:
            break
        names.append(word[0])
        if units := units_named(" ".join(names)):
            best = units, word.end()
        place = word.end()
        if text[place : place + 1] not in (" ", "\u00a0"):
            break
        place += 1
    return best
