"""Pages of several columns whose lines a program wrote across all of them: the text of one column after the other.

Most programs write a column from its top to its bottom, and then their order is right. Where it is not, a sentence of
one column is cut by those beside it. Tables look much the same, but their rows have to stay together: a page is read by
columns only if each is full of long lines.
"""

import statistics
from itertools import pairwise
from typing import Any

FEWEST, MOST = 1_500, 40_000
"""Characters of a page with several columns: more are no page that anybody printed, and take long to look at."""
_STEP, _GUTTER = 5, 7  # points: where is looked, and how wide nothing has to be between two columns
_NARROWEST = 0.2  # of the page's width, for a column
_LEAST_SHARE = 0.12  # of the page's text, in each column
_ALMOST_NOTHING = 0.08  # of the text that such a strip has on average, as headings across the page leave in it
_FEWEST_LINES = 12
_FULL = 0.7  # of the longest lines' length, which every second line of a column of prose has
_SHORTEST_LINES = 18  # characters
_LETTERS, _BLANKS = 0.55, 0.08  # of all signs, in prose
_PROBE = 120  # characters by which it is judged whether the order is right


def by_columns(words: Any, text: str, width: float, height: float) -> str:
    """The page's text by columns, if that is how it is to be read; else as it was. `words` is PDFium's page of text.

    Takes about a millisecond.
    """
    if not FEWEST <= len(text) <= MOST:
        return text
    edges = _edges_of_columns(words, len(text), width, height)
    if len(edges) < 3:
        return text
    columns = [words.get_text_bounded(left=left, bottom=0, right=right, top=height) for left, right in pairwise(edges)]
    if min(map(len, columns)) < _LEAST_SHARE * len(text) or not all(map(_is_prose, columns)):
        return text
    whole = "".join(text.split())
    for column in columns:
        bare = "".join(column.split())
        middle = len(bare) // 2
        if bare[middle : middle + _PROBE] not in whole:
            return "\n".join(columns)
    return text


def _edges_of_columns(words: Any, length: int, width: float, height: float) -> list[float]:
    """Where columns begin and end, from left to right; two places for a page that has but one."""
    import pypdfium2.raw as pdfium

    most = _ALMOST_NOTHING * length * _GUTTER / (0.85 * width)
    edges, free_since = [0.0], None
    places = [_STEP * step for step in range(int(_NARROWEST * width / _STEP), int((1 - _NARROWEST) * width / _STEP))]
    for place in [*places, width]:
        free = place < width and (
            pdfium.FPDFText_GetBoundedText(words, place, height, place + _GUTTER, 0, None, 0) <= most
        )
        if free and free_since is None:
            free_since = place
        elif not free and free_since is not None:
            edge = (free_since + place - _STEP + _GUTTER) / 2
            if edge - edges[-1] >= _NARROWEST * width:
                edges.append(edge)
            free_since = None
    return [*edges, width]


def _is_prose(column: str) -> bool:
    lengths = [len(line) for line in column.splitlines() if line.strip()]
    if len(lengths) < _FEWEST_LINES:
        return False
    usual, longest = statistics.median(lengths), statistics.quantiles(lengths, n=10)[-1]
    letters = sum(sign.isalpha() for sign in column)
    blanks = column.count(" ")
    wordy = letters > _LETTERS * len(column) and blanks > _BLANKS * len(column)
    return wordy and usual >= _SHORTEST_LINES and usual >= _FULL * longest
