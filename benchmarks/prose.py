"""What the benchmark's upstream says: prose in chunks of 15 to 25 characters, each with the time of its sending in it.

The time is a word of its own, `t` and eight digits: steps of 10 µs since the start of the run, by the machine's
monotonic clock. Whoever meets the word anywhere on the way knows how old it is.
"""

import re
import time
from collections.abc import Iterator
from functools import lru_cache
from itertools import cycle, islice

STAMP = re.compile(rb"t\d{8}(?!\d)")
STEP = 10_000  # nanoseconds
_PER_PARAGRAPH = 20  # chunks, so about 400 characters
_WORDS = (
    "harbour light stands above every channel and guides small boats home when northern weather comes early "
    "keepers wrote each signal down before evening while stone walls kept their lamps dry through long winters "
    "later engines made steady power cheap so towers lost crews but charts still name them"
)


def tick(base: int) -> int:
    """The number in the word for now; `base` is the start of the run in nanoseconds."""
    return (time.monotonic_ns() - base) // STEP


def age_of(word: bytes, arrived: int, base: int) -> int:
    """Nanoseconds from the sending of the word to its arrival."""
    return arrived - base - int(word[1:]) * STEP


@lru_cache
def chunks(count: int, paragraph: int = 0, shape: str = "") -> list[tuple[bytes, bytes]]:
    """What stands before and after the time in each chunk, as it goes into a JSON string.

    `paragraph` is the one to begin with, so that answers that begin together are not all at a list at the same time.
    With the `shape` list or table all of it is one block, of about 80 characters in each chunk.
    """
    if shape:
        return [_SHAPES[shape](number, said) for number, said in enumerate(_said(count, words=11))]
    first = paragraph * _PER_PARAGRAPH
    found = []
    for number, said in enumerate(_said(count, words=2), start=first):
        paragraph, place = divmod(number, _PER_PARAGRAPH)
        before, after = " ", f" {said}"
        if place == 0:
            before = "" if number == first else "\\n\\n"
            if paragraph % 4 == 1:
                before += "## "
        elif paragraph % 4 == 1 and place == 1:
            before = "\\n\\n"
        elif paragraph % 4 == 2 and place % 2 == 0 and place > 1:
            before = "\\n- " if place > 2 else "\\n\\n- "
        if place % 7 == 3:
            after = f" **{said}**"
        if place % 5 == 4:
            after += f"[{number % 6 + 1}]."
        found.append((before.encode(), after.encode()))
    return found


def _said(count: int, *, words: int) -> Iterator[str]:
    """So many words for each of the chunks."""
    told = cycle(_WORDS.split())
    return (" ".join(islice(told, words)) for _ in range(count))


def _item(number: int, said: str) -> tuple[bytes, bytes]:
    return (b"\\n- " if number else b"- "), f" {said}".encode()


def _line(number: int, said: str) -> tuple[bytes, bytes]:
    return (b"| " if number else b"| light | kept |\\n|---|---|\\n| "), f" {said} | yes |\\n".encode()


_SHAPES = {"list": _item, "table": _line}


def without_times(text: bytes) -> bytes:
    """The text with every time taken out, so that two runs can be compared."""
    return STAMP.sub(b"t", text)


def whole(count: int, paragraph: int = 0) -> bytes:
    """The text of `chunks`, `without_times`."""
    return b"".join(before + b"t" + after for before, after in chunks(count, paragraph)).replace(b"\\n", b"\n")
