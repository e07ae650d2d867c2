"""Numbers, amounts, days and times as the reader writes them, in the language in force and the time zone in force.

What the Unicode CLDR says about a language holds here, as Babel has it, and browsers say the same through `Intl`. Two
things are ours: digits are Western ones in every language, and English is written as most of its readers write it: the
day before the month, and a clock of 24 hours.

What a program reads (attributes, addresses, JSON, drawings) goes through none of this.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache, lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language

CURRENCY = "USD"
MOST_PLACES = 6
_MOST_DIGITS = 5_000
"""Of a number that is written: more than a float can have, or an integer that Python reads."""
_SKELETONS = {"day": "yMMMd", "day of year": "MMMMd", "month": "yMMMM"}  # CLDR, "availableFormats"


def number(value: float | Decimal, *, places: int | None = None, grouped: bool = True) -> str:
    """The number with marks between its thousands, or without if it is not `grouped`, as of a year; with so many
    decimal places, else with those it has, six at most."""
    if isinstance(value, int) and 0 <= value < 1000 and not places:
        return str(int(value))
    if places is None:
        pattern = _pattern("#" * MOST_PLACES)
        with localcontext(prec=_MOST_DIGITS):
            return format_decimal(value, format=pattern, locale=_number_locale(), group_separator=grouped)
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return format_decimal(exact, format=_pattern("0" * places), locale=_number_locale(), group_separator=grouped)


def dollars(amount: Decimal, *, places: int) -> str:
    """The amount of US dollars with so many decimal places and the sign where the language has it."""
    locale = _number_locale()
    pattern = locale.currency_formats["standard"].pattern.replace("0.00", f"0.{'0' * places}".rstrip("."))
    return format_currency(amount, CURRENCY, format=pattern, locale=locale, currency_digits=False)


def day(moment: date) -> str:
    """The reader's day, such as *26 Nov 2026*."""
    return _written("day", moment)


def day_of_year(moment: date) -> str:
    """The reader's day where the year is known, such as *26 November*."""
    return _written("day of year", moment)


def month(moment: date) -> str:
    """The month, such as *November 2026*."""
    return _written("month", moment)


def clock(moment: datetime) -> str:
    """The reader's time of day, by 12 or 24 hours as the language has it."""
    return _written("clock", moment)


def moment(at: datetime) -> str:
    """The reader's day and time, such as *26 Nov 2026, 11:25*."""
    return moment_pattern().format(clock(at), day(at))


def moment_pattern() -> str:
    """How a day, `{1}`, and a time, `{0}`, stand beside each other."""
    return str(_date_locale().datetime_formats["medium"])


def written_day(text: str) -> str:
    """A day that somebody else wrote as `2026-11-26`, alone or before a time, as the reader writes it. Any other text
    as it is: a year or a month alone is no day."""
    try:
        return day(date.fromisoformat(text[:10])) if text[10:11] in {"", "T", " "} else text
    except ValueError:
        return text


def _written(what: str, moment: date) -> str:
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        moment = moment.replace(second=0, microsecond=0, tzinfo=None, fold=0)
    return _in_language(what, moment, _date_language())


@lru_cache(maxsize=4096)  # lists show the same moments again and again, and Babel takes its time
def _in_language(what: str, moment: date, language: str) -> str:
    locale = _locale(language)
    pattern = locale.time_formats["short"] if what == "clock" else locale.datetime_skeletons[_SKELETONS[what]]
    applied: Any = pattern.apply(moment, locale)
    return str(applied)


def _pattern(places: str) -> str:
    """How the language writes numbers, with these places in place of its own."""
    return f"{_number_locale().decimal_formats[None].pattern.partition('.')[0]}.{places}".rstrip(".")


def _number_locale() -> Locale:
    return _locale(get_language() or "en")


def _date_language() -> str:
    language = get_language() or "en"
    return "en-gb" if language == "en" else language


def _date_locale() -> Locale:
    return _locale(_date_language())


@cache
def _locale(language: str) -> Locale:
    """What the CLDR knows of the language, or of the one that it is a variety of; of English for an unknown one."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return _locale(language.rpartition("-")[0] or "en-gb")
