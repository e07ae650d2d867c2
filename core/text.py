"""Text as people type it into forms, without what nobody can see, send or store."""

import re

LONGEST_INSTRUCTIONS = 8_000  # characters of standing instructions; about 2,000 tokens, which every question pays for

# Line breaks and tabs are part of a text; other control characters cannot be seen, sent or stored.
LINE_END = re.compile("\r\n|[\r\u2028\u2029]")
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def visible_text(text: str) -> str:
    """The text with plain line ends and without invisible characters."""
    return INVISIBLE.sub("", LINE_END.sub("\n", text))


_JOINERS = "\u200c\u200d"  # within the words of some scripts, and within pictures of several people
_LOOK_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))))
"""Letters and signs without a shape, and what chooses between shapes of the sign before."""


def can_be_seen(text: str) -> bool:
    """Whether anything of the text has a shape. A question without is none, and nobody finds what has such a name."""
    return any(sign.isprintable() and not sign.isspace() and sign not in _LOOK_BLANK for sign in text)


def one_line(text: str) -> str:
    """A name or title on one line, without what cannot be seen; empty if nothing can be."""
    line = "".join(sign for sign in " ".join(text.split()) if sign.isprintable() or sign in _JOINERS).strip()
    return line if can_be_seen(line) else ""
