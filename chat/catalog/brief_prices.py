"""What a question to a model will probably cost, in two or three words, so that models can be compared at a glance."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from chat.catalog import agent
from core.web import formats
from core.web.money import dollars
from upstream.catalog import prices

_CHARACTERS = 400  # of a question, with little before it
_LEAST = Decimal("0.005")  # US dollars; what costs less is less than a cent
_ONE = Decimal(1)
_TENTH = Decimal("0.1")


def brief_price(*, model: str, provider: str) -> str:
    """Such as *about 2 ¢*; empty where nobody knows."""
    expected = prices.forecast(
        model=model, options={}, characters=_CHARACTERS, provider=provider, listed=agent.listed_models()
    )
    if expected is None:
        return ""
    # Between the least and the most lie factors, so the middle of them is the middle of the factors.
    usual = expected.typical or (expected.low * expected.high).sqrt()
    if usual < _LEAST:
        return _("under 1 ¢")
    return _("about %(amount)s") % {"amount": _in_words(usual)}


def _in_words(amount: Decimal) -> str:
    """Whole cents, from ten cents on those that end in 0 or 5, from a dollar on tenths of a dollar."""
    cents = amount * 100
    if cents < 10:
        return f"{formats.number(int(_whole(cents)))} ¢"
    if amount < 1:
        return f"{formats.number(int(_whole(cents / 5) * 5))} ¢"
    return dollars(_whole(amount / _TENTH) * _TENTH, 2)


def _whole(amount: Decimal) -> Decimal:
    return amount.quantize(_ONE, rounding=ROUND_HALF_UP)
