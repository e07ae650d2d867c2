"""What the parser keeps while it reads inline content: which emphasis may open or close, and which tags are open.

Emphasis follows CommonMark's rules with the CJK-friendly amendments.

CommonMark looks for blanks around emphasis, which Chinese and Japanese do not write and Korean writes elsewhere. The
amendments (https://github.com/tats-u/markdown-cjk-friendly, specification of version 2) let characters of these
scripts count as such blanks, and their punctuation count as letters.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width, name

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_WIDE = {"W", "F", "H"}
_SELECTORS = range(0xFE00, 0xFE0F)  # variation selectors but the one for emoji; they belong to what is before them
_MORE_SELECTORS = range(0xE0100, 0xE01F0)
_FULL_WIDTH = "\ufe01"  # makes quotation marks Chinese ones
_WIDE_SIGNS = {0x2329, 0x232A, *range(0x2630, 0x2638), *range(0x268A, 0x2690)}
_SQUARED_EMOJI = "🈁🈚🈯🈲🈳🈴🈵🈶🈸🈹🈺🉐🉑"
_QUOTATION_MARKS = "\u2018\u2019\u201c\u201d"


class InlineState(StateInline):
    """The state of markdown-it-py, with the amended rule for emphasis, and with tags that stand in pairs."""

    def __init__(self, src: str, md: "MarkdownIt", env: dict[str, Any], tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self._open_tags: list[Token] = []

    def open_tag(self, name: str, at: int) -> bool:
        """Write the opening tag if the closing one comes after `at`."""
        if not re.compile(f"</{name}>", re.IGNORECASE).search(self.src, at, self.posMax):
            return False
        token = self.push("tag_open", name, 1)
        self._open_tags.append(token)
        return True

    def close_tag(self, name: str) -> bool:
        """Write the closing tag if the tag was the last to open."""
        if not self._open_tags or self._open_tags[-1].tag != name:
            return False
        self._open_tags.pop()
        self.push("tag_close", name, -1)
        return True

    def give_up_open_tags(self) -> None:
        """Show the tags that were never closed as they were written."""
        for token in self._open_tags:
            token.type, token.content, token.nesting = "text_special", f"<{token.tag}>", 0
            self.delimiters = self._prev_delimiters.pop()  # those inside are known by the tag, and paired once

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Whether the run of markers at `start` can open and close emphasis, and how long it is."""
        src, end, marker = self.src, start, self.src[start]
        while end < self.posMax and src[end] == marker:
            end += 1
        before, after = _before(src, start), src[end] if end < self.posMax else " "
        blank_before, blank_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        cjk_before, cjk_after = _is_cjk(before) or _is_full_width(src, start), _is_cjk(after)
        sign_before = not cjk_before and _is_punctuation(before)
        sign_after = not cjk_after and _is_punctuation(after)
        opens = not blank_after and (not sign_after or blank_before or sign_before or cjk_before)
        closes = not blank_before and (not sign_before or blank_after or sign_after or cjk_after)
        if canSplitWord:
            return Scanned(opens, closes, end - start)
        can_open = opens and (not closes or _is_punctuation(before))
        can_close = closes and (not opens or _is_punctuation(after))
        return Scanned(can_open, can_close, end - start)


def _before(src: str, start: int) -> str:
    """The character before the run, without a variation selector; a blank at the beginning."""
    if start and (ord(src[start - 1]) in _SELECTORS or ord(src[start - 1]) in _MORE_SELECTORS):
        start -= 1
    return src[start - 1] if start else " "


def _is_full_width(src: str, start: int) -> bool:
    """Whether a quotation mark of full width stands before the run."""
    return start > 1 and src[start - 1] == _FULL_WIDTH and src[start - 2] in _QUOTATION_MARKS


def _is_punctuation(sign: str) -> bool:
    return isMdAsciiPunct(ord(sign)) or isPunctChar(sign)


@lru_cache(maxsize=4096)
def _is_cjk(sign: str) -> bool:
    """Whether it belongs to Chinese, Japanese or Korean: wide, but no emoji, or Hangul."""
    if sign.isascii():
        return False
    if name(sign, "").startswith("HANGUL"):
        return True
    return east_asian_width(sign) in _WIDE and not _is_emoji(sign)


def _is_emoji(sign: str) -> bool:
    """Whether a wide character is shown as a picture by itself: those of the blocks that hold such, but for brackets,
    hexagrams and most of the squared words."""
    code = ord(sign)
    if 0x1F200 <= code < 0x1F300:
        return sign in _SQUARED_EMOJI
    return 0x1F000 <= code < 0x1FB00 or (0x231A <= code < 0x2C00 and code not in _WIDE_SIGNS)
