"""Amounts in US dollars, as people write and read them."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

PLACES = Decimal("0.000001")
_SIGNIFICANT = 3


def exact_dollars(amount: Decimal) -> str:
    """The amount with as many places as it needs, at least two and at most six."""
    return _shown(amount, max(2, min(6, -int(amount.normalize().as_tuple().exponent))))


def rounded_dollars(amount: Decimal) -> str:
    """The amount in two places from one dollar on; less than that in as many as it takes to tell amounts apart."""
    if not amount or abs(amount) >= 1:
        return _shown(amount, 2)
    return exact_dollars(round_to(amount, min(6, _SIGNIFICANT - 1 - amount.adjusted())))


def round_to(amount: Decimal, places: int) -> Decimal:
    """The amount with so many places; a half goes up, as people round."""
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain_amount(amount: Decimal) -> str:
    """The amount as one writes it into a form or a file: a point, no sign of the currency, at least two places."""
    digits, _point, fraction = f"{amount.quantize(PLACES):f}".partition(".")
    return f"{digits}.{fraction.rstrip('0').ljust(2, '0')}"


def _shown(amount: Decimal, places: int) -> str:
    return f"${number_format(round_to(amount, places), decimal_pos=places, use_l10n=True, force_grouping=True)}"
