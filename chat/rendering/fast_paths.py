"""Open tails that need no parser: plain words, and the inside of a code fence. Each equals what the long way makes."""

import re
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from chat.rendering.code_blocks import code_block
from chat.rendering.fences import BLANK, OpenFence, is_closing
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import escape

LONGEST_INFO = 100  # characters behind a fence

_LETTER = r"[^\W\d_]"
_WORDS = re.compile(
    rf"{_LETTER}(?:[^\x00-\x1f\x7f-\xa0\\`*_\[\]<>&$~|!/\u1680\u2000-\u200b\u2028-\u202f\u205f-\u206f\u3000\ufeff]++"
    rf"|(?<! )\n(?={_LETTER}))*+"
)
_OPENING = re.compile(r"(`{3,}(?=[^`\n]*\n)|~{3,})([^\n]*)\n")


def plain_words(text: str) -> SafeString | None:
    """A paragraph in which no character means anything to Markdown or HTML; None when there may be one."""
    text = text.rstrip(" \n")
    if not _WORDS.fullmatch(text):
        return None
    return mark_safe(f"<p>{text}</p>\n")  # noqa: S308 - no character of it means anything in HTML


def open_fence(text: str) -> SafeString | None:
    """A code fence that is not closed yet; None when it is, or begins in an unusual way."""
    opening = _OPENING.match(text)
    if opening is None or len(opening[2]) > LONGEST_INFO:
        return None
    inside = text[opening.end() :]
    *_, line, last_line = f"\n{inside}".rsplit("\n", 2)
    opened = OpenFence(opening[1], opening[2])
    if opened.holds_fences:
        if any(opened.ends_with(one) for one in inside.split("\n")):
            return None
    elif is_closing(last_line, opening[1]) or is_closing(line, opening[1]):
        return None
    if last_line and not last_line.strip(BLANK):
        inside = inside[: -len(last_line)]
    before, after = _frame(opening[2])
    return mark_safe(f"{before}{escape(inside)}{after}")  # noqa: S308 - the frame is clean and the inside is text


@lru_cache(maxsize=256)
def _frame(info: str) -> tuple[str, str]:
    before, tag, after = sanitize(code_block("", info, highlighter=None)).partition("</code>")
    return before, tag + after
