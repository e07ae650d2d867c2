"""Numbers in the signs of East Asia, such as 3億5000万 or 二十三."""

import re
from collections.abc import Iterator
from decimal import Decimal

_NUMBER = re.compile(
    "(?:[0-9][0-9,]{0,20}(?:\\.[0-9]{1,10})?|[〇零一二三四五六七八九]{1,12})?[十百千万萬億亿兆]"
    "(?:[0-9][0-9,]{0,20}(?:\\.[0-9]{1,10})?|[〇零一二三四五六七八九十百千万萬億亿兆]){0,20}"
)
_DIGITS = {sign: Decimal(value) for value, sign in enumerate("〇一二三四五六七八九")} | {"零": Decimal(0)}
_POWERS = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000)}
_MYRIADS = {
    "万": Decimal("1e4"),
    "萬": Decimal("1e4"),
    "億": Decimal("1e8"),
    "亿": Decimal("1e8"),
    "兆": Decimal("1e12"),
}
_PIECE = re.compile("[0-9][0-9,]*(?:\\.[0-9]+)?|[^0-9]")
_LAST = re.compile("(?:[0-9,]*\\.([0-9]+)|([0-9,]+)|([百千]))([万萬億亿兆])([億亿])?\\Z")
_GREATEST = Decimal("1e20")


def east_numbers(text: str) -> Iterator[re.Match[str]]:
    """Where such numbers stand: they have at least one sign for a power of ten."""
    return _NUMBER.finditer(text)


def east_value(written: str) -> Decimal | None:
    """What such a number says; None where it is greater than any that people write."""
    total = section = Decimal(0)
    number: Decimal | None = None
    for piece in _PIECE.findall(written):
        if piece in _MYRIADS and total and not section and number is None:
            total *= _MYRIADS[piece]  # as in 万亿
        elif piece in _MYRIADS:
            section += number or 0
            total += (section or 1) * _MYRIADS[piece]
            section, number = Decimal(0), None
        elif piece in _POWERS:
            section += (1 if number is None else number) * _POWERS[piece]
            number = None
        elif piece in _DIGITS:
            number = (number or Decimal(0)) * 10 + _DIGITS[piece]
        else:
            number = Decimal(piece.replace(",", ""))
        if max(total, section, number or Decimal(0)) > _GREATEST:
            return None
    return total + section + (number or 0)


def last_step(written: str) -> Decimal | None:
    """What the last digit of such a number stands for; None where no digits stand before its last sign."""
    if not written[0].isdigit() or not written[0].isascii():
        return None
    last = _LAST.search(written.rstrip("0123456789,"))
    if last is None:
        return None
    great = _MYRIADS[last[4]] * (_MYRIADS[last[5]] if last[5] else 1)
    if last[1]:
        return great.scaleb(-len(last[1]))
    return great * (_POWERS[last[3]] if last[3] else 1)
