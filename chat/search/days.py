"""Days as people type them: 2026-01-05, 2026-01, 2026, today, yesterday, 7d."""

import re
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 2000, 2100
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_DATE = re.compile(r"(?P<year>[0-9]{4})(?:[-/.](?P<month>[0-9]{1,2})(?:[-/.](?P<day>[0-9]{1,2}))?)?")
_AGO = re.compile(r"(?P<count>[0-9]{1,4})(?P<unit>[dwmy])")


def span_of(text: str, *, today: date) -> tuple[date, date] | None:
    """The first day that this text means, and the one after its last; None for any other text.

    `7d` is the day a week ago; w, m and y stand for weeks, 30 days and 365 days.
    """
    typed = text.strip().lower()
    named = {"today": 0, "yesterday": 1}.get(typed)
    if ago := _AGO.fullmatch(typed):
        named = int(ago["count"]) * _DAYS[ago["unit"]]
    if named is not None:
        day = today - timedelta(days=min(named, 10_000))
        return day, day + timedelta(days=1)
    found = _DATE.fullmatch(typed)
    if not found:
        return None
    year, month, day_of_month = int(found["year"]), found["month"], found["day"]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        first = date(year, int(month or 1), int(day_of_month or 1))
    except ValueError:
        return None
    if day_of_month:
        return first, first + timedelta(days=1)
    if month:
        return first, date(year + first.month // 12, first.month % 12 + 1, 1)
    return first, date(year + 1, 1, 1)
