"""Filters for what readers read of numbers, days and times, in every template without being loaded.

What a program reads needs none: whole numbers are printed as they are unless a filter says otherwise.
"""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.web import formats

register = template.Library()


class Count(int):
    """A whole number that prints with marks between its thousands, and counts in a plural as the number it is."""

    def __str__(self) -> str:
        return formats.number(int(self))


@register.filter
def number(value: float | Decimal | None) -> "Count | str":
    """The number as the reader writes it; empty for none."""
    if value is None or value == "":
        return ""
    return Count(value) if isinstance(value, int) else formats.number(value)


@register.filter
def day(moment: date | None) -> str:
    """The reader's day; empty for none."""
    return formats.day(moment) if moment else ""


@register.filter
def day_of_year(moment: date | None) -> str:
    """The reader's day without the year; empty for none."""
    return formats.day_of_year(moment) if moment else ""


@register.filter
def month(moment: date | None) -> str:
    """The month and its year; empty for none."""
    return formats.month(moment) if moment else ""


@register.filter
def clock(moment: datetime | None) -> str:
    """The reader's time of day; empty for none."""
    return formats.clock(moment) if moment else ""


@register.filter
def moment(at: datetime | None) -> str:
    """The reader's day and time; empty for none."""
    return formats.moment(at) if at else ""


@register.filter
def written_day(text: str) -> str:
    """A day that a service wrote by its numbers, as the reader writes it."""
    return formats.written_day(str(text or ""))


@register.simple_tag
def moment_pattern() -> str:
    """How a day, `{1}`, and a time, `{0}`, stand beside each other, for scripts that write them."""
    return formats.moment_pattern()


@register.simple_tag
def when(at: datetime, shown: str = "moment") -> SafeString:
    """The moment, or its *day* alone, with what a script needs to tell it on another clock."""
    text = formats.day(at) if shown == "day" else formats.moment(at)
    return format_html('<time datetime="{}" data-shown="{}">{}</time>', at.isoformat(timespec="seconds"), shown, text)
