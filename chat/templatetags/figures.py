"""Figures as the pages show them, and the keys that make one click one question."""

import math
import uuid
from datetime import datetime
from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from core.web import formats, money

register = template.Library()


@register.filter
def until(start: datetime, end: datetime | None) -> str:
    """The time from start to end in words, such as `4.2 s` or `3 min 20 s`; empty without an end."""
    if end is None:
        return ""
    seconds = max(0.0, (end - start).total_seconds())
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": formats.number(seconds, places=1)}
    minutes, rest = divmod(round(seconds), 60)
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


@register.filter
def dollars(amount: Decimal) -> str:
    """An amount in US dollars with as many places as it needs, at least two and at most six."""
    return money.exact_dollars(amount)


@register.filter
def about(amount: Decimal) -> str:
    """An amount in US dollars in two places; one of less than a dollar in as many as tell it from others."""
    return money.rounded_dollars(amount)


@register.filter
def in_column(amount: Decimal, places: int) -> str:
    """An amount in US dollars in the places that all of its column have."""
    return money.in_column(amount, places)


@register.filter
def whole(seconds: float) -> int:
    """A wait in whole seconds, rounded up so that nobody comes too early."""
    return math.ceil(float(seconds))


@register.simple_tag
def fresh_key() -> str:
    """A key for a form that asks: sent twice, it is still one question."""
    return str(uuid.uuid4())


@register.filter
def plain(amount: Decimal | None) -> str:
    """An amount as one writes it into a field; empty for none."""
    return "" if amount is None else money.plain_amount(amount)
