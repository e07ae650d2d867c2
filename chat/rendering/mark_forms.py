"""The forms in which models write citation marks, as text.

Besides `[1]` those are `[1, 2]`, `[1-3]`, `[1, p. 6]`, `[Source 1]`, and the same in the brackets of East Asia, there
with a dagger before what was read: U+3010, 2, U+2020, source, U+3011. What a mark says besides its numbers, a page for
one, is kept.
"""

import re
from typing import NamedTuple

_NUMBER = r"(?:[0\uff10]|[1-9\uff11-\uff19][0-9\uff10-\uff19]{0,2})"
_DASH = "[-\u2010-\u2014]"
_PLACE = r"(?:,? ?(?:pp?|S|ss?|chs?|secs?|figs?|tabs?|nos?|vols?|paras?|\u00a7{1,2}|\u00b6)\.? ?\d[\w.\u2013-]{0,20})"
_ITEM = rf"{_NUMBER}(?: ?{_DASH} ?{_NUMBER})?{_PLACE}?"
_NAME = r"(?:(?:sources?|refs?|references?):? ?#?)"
_SAYING = "\u2020[^\\[\\]\u3010\u3011\uff3b\uff3d\n]{0,60}"
MARK = re.compile(rf"[\[\u3010\uff3b]{_NAME}?{_ITEM}(?: ?[,;] ?{_ITEM})*(?:{_SAYING})?[\]\u3011\uff3d]", re.IGNORECASE)
"""A mark, at a glance; `parts_of` looks closer."""

_CLOSING = {"[": "]", "\u3010": "\u3011", "\uff3b": "\uff3d"}
_PART = re.compile(rf"({_NUMBER})(?: ?{_DASH} ?({_NUMBER}))?({_PLACE}?)(?: ?[,;] ?)?", re.IGNORECASE)
_FIRST = re.compile(rf"{_NAME}?", re.IGNORECASE)
_WIDEST = 30  # sources in one range
_NOTHING_SAID = "\u2020source"


class MarkPart(NamedTuple):
    """One number of a mark, or the numbers of one range, and where in those sources it is said, as it was written."""

    numbers: tuple[int, ...]
    place: str = ""


def may_have_marks(content: str) -> bool:
    """Whether it is worth while to look for marks."""
    return "[" in content or "\u3010" in content or "\uff3b" in content


def number_in(label: str) -> int:
    """The number that a label is; -1 for any other label."""
    return int(label) if re.fullmatch(_NUMBER, label) else -1


def parts_of(mark: str) -> list[MarkPart]:
    """What stands between the brackets of a mark, in order.

    Nothing where the brackets are no pair, or a range is no range or begins with 0, as those of letters and figures
    in a pattern do.
    """
    if _CLOSING[mark[0]] != mark[-1]:
        return []
    inside, dagger, saying = mark[1:-1].partition("\u2020")
    first = _FIRST.match(inside)
    parts: list[MarkPart] = []
    for found in _PART.finditer(inside, first.end() if first else 0):
        start, end = int(found[1]), int(found[2] or found[1])
        if not start <= end < start + _WIDEST:
            return []
        parts.append(MarkPart(tuple(range(start, end + 1)), found[3]))
    numbers = [number for part in parts for number in part.numbers]
    if len(numbers) > 1 and 0 in numbers:
        return []
    if parts and dagger and f"{dagger}{saying}" != _NOTHING_SAID:
        parts[-1] = parts[-1]._replace(place=f"{parts[-1].place}{dagger}{saying}")
    return parts
