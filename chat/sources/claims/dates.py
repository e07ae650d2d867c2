"""Dates and times of day, in the forms of several languages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from chat.sources.claims.folding import EAST_ASIAN, fold
from chat.sources.claims.months import ERAS, SHORT_NAMES_THAT_ARE_WORDS, is_month, months


class Day(NamedTuple):
    """A date as far as it is said; 0 is what is not."""

    year: int = 0
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        year = f"{self.year:04}" if self.year else "-"
        parts = [year, *([f"{self.month:02}"] if self.month else []), *([f"{self.day:02}"] if self.day else [])]
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Date:
    """A date of a text. `days` are its readings, two where the order of day and month is not known; a time of day has
    `time` instead, as 14:30, and a decade or a century has `span` years from the year of its day on."""

    start: int
    end: int
    days: tuple[Day, ...] = ()
    time: str = ""
    span: int = 1
    may_be_number: int = 0

    @property
    def value(self) -> tuple[str, ...]:
        """The normal form."""
        if self.time:
            return ("time", self.time)
        if self.span > 1:
            return ("years", str(self.days[0].year), str(self.span))
        return ("date", "|".join(sorted(map(str, self.days))))


EARLIEST, LATEST = 1000, 2199
_LETTER = rf"[^\W\d_{EAST_ASIAN}]"
_NAME = rf"({_LETTER}{{3,12}})"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})(?![\d-])")
_MARK = "[ \u200e\u200f]?"  # Arabic writes the marks of direction between the parts
_NUMERIC = re.compile(rf"(\d{{1,2}}){_MARK}([./-]){_MARK}(\d{{1,2}}){_MARK}\2{_MARK}(\d{{4}}|\d{{2}})(?![\d.,]?\d)")
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|\u00ba|\.)?[ \u00a0]{{0,2}}(?:of |de |di |do m\u00eas de )?-?{_NAME}\.?"
    r"(?:,?[ \u00a0]{1,2}(?:of |de |del |do )?(\d{4})(?!\d))?"
)
_MORE_DAYS = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.)?[ \u00a0]?"
    r"(?:[-\u2013\u2014/]|bis(?: zum)?|to|and|und|au|et|al|a|y|e|ao)[ \u00a0]?(?=\d{1,2}(?!\d))"
)
_AFTER_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?(?:[-\u2013](\d{1,2}))?(?![\d.,:]\d|\d| ?%)(?:,?[ \u00a0]{1,2}(\d{4})(?!\d))?"
)
_MONTH_BEFORE = re.compile(rf"{_NAME}\.?,?[ \u00a0]{{1,2}}(?:de |del |of |the |do )?\Z")
_YEAR = re.compile(r"(\d{4})(?![\d]|[.,]\d|['\u2019]\d)")
_DECADE = re.compile(r"(\d{3}0)(?:['\u2019]?s|er(?:n|[- ]Jahren?)?|年代)(?!\w)|(\d{3}0)年代")
_DECADE_BEFORE = re.compile(r"(?:ann\u00e9es|a\u00f1os|anos|d\u00e9cada de|decade of the) \Z")
_CENTURY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|e|\u00e8me|\.)?(?: century| ?si\u00e8cle| Jahrhunderts?|世紀|世纪)")
_EAST_FULL = re.compile(
    r"(\d{4}|[〇零一二三四五六七八九]{4}) ?年(?:\(.{0,8}?\))? ?(?:(\d{1,2}) ?月(?: ?(\d{1,2}) ?[日号])?)?"
)
_EAST_DAY = re.compile(r"(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]")
_EAST_ERA_YEAR = re.compile(r"(\d{1,2}|元)年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_ERA_BEFORE = re.compile(f"({'|'.join(ERAS)})\\Z")
_ERA_ENDS = frozenset(era[-1] for era in ERAS)
_CLOCK = re.compile(r"(\d{1,2})[:h](\d{2})(?::\d{2})?(?![\d:])[ \u00a0]?([ap]\.?m\b\.?)?", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})[ \u00a0]?(?:([ap]\.?m\b\.?)|(Uhr\b))", re.IGNORECASE)
_EAST_CLOCK = re.compile(r"(\d{1,2})時(?:(\d{1,2})分|(半))?(?!間)")
_CLOCKS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[int, int, str]]], ...] = (
    (_CLOCK, lambda found: (int(found[1]), int(found[2]), found[3] or "")),
    (_HOUR, lambda found: (int(found[1]), 0, found[2] or "")),
    (_EAST_CLOCK, lambda found: (int(found[1]), 30 if found[3] else int(found[2] or 0), "")),
)
"""The hour, the minutes and the half of the day that each form tells."""
_LOOK_BACK = 26

_PREPOSITION = re.compile(
    r"(?:\A|[(\[\u2013\u2014\-/,;:|]\s?|\b(?:in|since|from|until|till|to|by|of|during|before|after|between|and|year|early|late|mid|around"
    r"|im|jahr|jahre|jahres|seit|von|bis|ab|um|anfang|ende|mitte|nach|vor|und|zwischen|sommer|winter|herbst|fr\u00fchjahr"
    r"|en|de|depuis|d\u00e8s|jusqu'en|vers|fin|d\u00e9but|et|entre|apr\u00e8s|avant|ann\u00e9e|\u00e9t\u00e9|hiver"
    r"|desde|hasta|hacia|del|a\u00f1o|y|e|em|desde|at\u00e9|ano|spring|summer|autumn|fall|q[1-4])[ -])\Z",
    re.IGNORECASE,
)
_NOUN_BEHIND = re.compile(rf"[ \u00a0](?:{_LETTER}{{3,}}|[%\u20ac$\u00b0])")


def date_at(text: str, at: int) -> tuple[Date, ...]:
    """The dates that begin at a number in a text that is `plain`, or just before it; nothing where it is no date."""
    before = text[max(0, at - _LOOK_BACK) : at]
    for rule in (_numeric, _east_asian, _by_name, _span, _time, _year):
        if found := rule(text, at, before):
            return found
    return ()


def _numeric(text: str, at: int, _before: str) -> tuple[Date, ...]:
    if found := _ISO.match(text, at):
        day = Day(int(found[1]), int(found[3]), int(found[4]))
        if _is_possible(day):
            return (Date(at, found.end(), (day,)),)
    if (found := _ISO_MONTH.match(text, at)) and 1 <= int(found[2]) <= 12 and _is_year(int(found[1])):
        return (Date(at, found.end(), (Day(int(found[1]), int(found[2])),)),)
    if found := _NUMERIC.match(text, at):
        year = int(found[4])
        if len(found[4]) == 2:
            year += 2000 if year < 50 else 1900
        first, second = int(found[1]), int(found[3])
        days = dict.fromkeys(day for day in (Day(year, second, first), Day(year, first, second)) if _is_possible(day))
        if days and (len(found[4]) == 4 or found[2] != "-"):
            readings = tuple(days)[:1] if found[2] == "." else tuple(days)
            return (Date(at, found.end(), readings),)
    return ()


def _east_asian(text: str, at: int, before: str) -> tuple[Date, ...]:
    if found := _EAST_DAY.match(text, at):
        day = Day(0, int(found[1]), int(found[2]))
        return (Date(at, found.end(), (day,)),) if _is_possible(day) else ()
    if before[-1:] in _ERA_ENDS and (era := _ERA_BEFORE.search(before)):
        if found := _EAST_ERA_YEAR.match(text, at):
            year = ERAS[era[1]] + (1 if found[1] == "元" else int(found[1]))
            return (Date(at - len(era[1]), found.end(), (Day(year, int(found[2] or 0), int(found[3] or 0)),)),)
        return ()
    if (found := _EAST_FULL.match(text, at)) and not text.startswith(("代", "間"), found.end()):
        day = Day(_east_year(found[1]), int(found[2] or 0), int(found[3] or 0))
        if _is_possible(day):
            return (Date(at, found.end(), (day,)),)
    return ()


def _by_name(text: str, at: int, before: str) -> tuple[Date, ...]:
    known = months()
    if (found := _DAY_FIRST.match(text, at)) and (month := known.get(fold(found[2]))):
        day = Day(int(found[3] or 0), month, int(found[1]))
        end = found.end(3) if found[3] else found.end(2)
        if _is_possible(day) and (day.year or not _is_word(found[2])):
            return (Date(at, end, (day,)),)
    if more := _MORE_DAYS.match(text, at):
        rest = _by_name(text, more.end(), "")
        if len(rest) >= 1 and rest[0].days and 1 <= int(more[1]) <= 31 and rest[0].days[0].day:
            first = rest[0].days[0]._replace(day=int(more[1]))
            return (Date(at, more.end(1), (first,)), *rest)
    name = _MONTH_BEFORE.search(before) if _may_end_with_month(before) else None
    month = known.get(fold(name[1])) if name and not _is_word(name[1]) else None
    if not name or not month:
        return ()
    start = at - len(before) + name.start(1)
    if found := _YEAR.match(text, at):
        return (Date(start, found.end(), (Day(int(found[1]), month),)),) if _is_year(int(found[1])) else ()
    if found := _AFTER_MONTH.match(text, at):
        days = [Day(int(found[3] or 0), month, int(day)) for day in (found[1], found[2]) if day]
        if all(map(_is_possible, days)):
            return tuple(
                Date(start if not place else found.start(2), found.end(), (day,)) for place, day in enumerate(days)
            )
    return ()


def _may_end_with_month(before: str) -> bool:
    if before[-1:] not in (" ", "\u00a0"):
        return False
    return any(is_month(fold(word.strip(".,([*\"'"))) for word in before.split()[-2:])


def _span(text: str, at: int, before: str) -> tuple[Date, ...]:
    if found := _DECADE.match(text, at):
        return (Date(at, found.end(), (Day(int(found[1] or found[2])),), span=10),)
    if _DECADE_BEFORE.search(before) and (found := _YEAR.match(text, at)) and found[1].endswith("0"):
        return (Date(at, found.end(), (Day(int(found[1])),), span=10),)
    if (found := _CENTURY.match(text, at)) and 1 <= int(found[1]) <= 21:
        return (Date(at, found.end(), (Day(int(found[1]) * 100 - 99),), span=100),)
    return ()


def _time(text: str, at: int, before: str) -> tuple[Date, ...]:
    for pattern, parts in _CLOCKS:
        if found := pattern.match(text, at):
            hour, minute, half = parts(found)
            half = "pm" if before.endswith("午後") else half.lower().replace(".", "")
            hour = hour % 12 + 12 * (half == "pm") if half and hour <= 12 else hour
            if hour < 24 and minute < 60:
                return (Date(at, found.end(), time=f"{hour:02}:{minute:02}"),)
    return ()


def _year(text: str, at: int, before: str) -> tuple[Date, ...]:
    found = _YEAR.match(text, at)
    if not found or not _is_year(int(found[1])):
        return ()
    behind = _NOUN_BEHIND.match(text, found.end())
    if behind and not _PREPOSITION.search(before):
        return ()
    if int(found[1]) >= 2100 or text[found.end() : found.end() + 1] in ("%", "\u00b0", "\u20ac"):
        return ()
    east = text[found.end() : found.end() + 1]
    if east > "\u3000" and east.isalpha():
        return ()  # a counted thing, as in 5000世帯
    return (Date(at, found.end(), (Day(int(found[1])),), may_be_number=int(found[1])),)


def _is_year(year: int) -> bool:
    return EARLIEST <= year <= LATEST


def _is_possible(day: Day) -> bool:
    return (
        (not day.year or _is_year(day.year))
        and 0 <= day.month <= 12
        and 0 <= day.day <= 31
        and (day.month > 0 or not day.day)
    )


def _is_word(month: str) -> bool:
    """Whether the name of a month is a word of its own too, so that it takes a year to tell."""
    return month in ("may", "march") or month.lower() in SHORT_NAMES_THAT_ARE_WORDS


def _east_year(written: str) -> int:
    return (
        int(written)
        if written.isdigit() and written.isascii()
        else int("".join(str("〇一二三四五六七八九".find(sign.replace("零", "〇"))) for sign in written))
    )
