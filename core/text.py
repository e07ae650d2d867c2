"""Text as people type it into forms, without what nobody can see, send or store."""

import re

LONGEST_INSTRUCTIONS = 8_000  # characters of standing instructions; about 2,000 tokens, which every question pays for

# Line breaks and tabs are part of a text; other control characters cannot be seen, sent or stored.
LINE_END = re.compile("\r\n|[\r\u2028\u2029]")
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def visible_text(text: str) -> str:
    """The text with plain line ends and without invisible characters."""
    return INVISIBLE.sub("", LINE_END.sub("\n", text))
