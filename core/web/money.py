"""Amounts in US dollars, as people write and read them."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from core.web import formats

PLACES = Decimal("0.000001")
_SIGNIFICANT = 3
_FEWEST, _MOST = 2, 4  # decimal places of a column


def exact_dollars(amount: Decimal) -> str:
    """The amount with as many places as it needs, at least two and at most six."""
    return dollars(amount, max(_FEWEST, min(6, -int(amount.normalize().as_tuple().exponent))))


def brief_dollars(amount: Decimal) -> str:
    """The amount with as many places as it needs; without any, where it is whole."""
    return dollars(amount, 0) if amount == amount.to_integral_value() else exact_dollars(amount)


def rounded_dollars(amount: Decimal) -> str:
    """The amount in two places from one dollar on; less than that in as many as it takes to tell amounts apart."""
    if not amount or abs(amount) >= 1:
        return dollars(amount, _FEWEST)
    return exact_dollars(round_to(amount, min(6, _SIGNIFICANT - 1 - amount.adjusted())))


def dollars(amount: Decimal, places: int) -> str:
    """The amount in so many places, in the reader's language."""
    return formats.dollars(round_to(amount, places), places=places)


def column_places(amounts: Iterable[Decimal]) -> int:
    """The places that all amounts of a column have, so that they are added up by eye: as many as the one needs that
    needs most of them. From one dollar on an amount needs two, below as many as tell it from others, at most four."""
    return max(map(_places_needed, amounts), default=_FEWEST)


def _places_needed(amount: Decimal) -> int:
    if not amount or abs(amount) >= 1:
        return _FEWEST
    has = -int(amount.normalize().as_tuple().exponent)
    return max(_FEWEST, min(has, _SIGNIFICANT - 1 - amount.adjusted(), _MOST))


def in_column(amount: Decimal, places: int) -> str:
    """The amount in the places of its column. What would be rounded to nothing is said to be less than the least."""
    least = Decimal(1).scaleb(-places)
    if 0 < amount < least and not round_to(amount, places):
        return f"< {dollars(least, places)}"
    return dollars(amount, places)


def round_to(amount: Decimal, places: int) -> Decimal:
    """The amount with so many places; a half goes up, as people round."""
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain_amount(amount: Decimal) -> str:
    """The amount as one writes it into a form or a file: a point, no sign of the currency, at least two places."""
    digits, _point, fraction = f"{amount.quantize(PLACES):f}".partition(".")
    return f"{digits}.{fraction.rstrip('0').ljust(2, '0')}"
