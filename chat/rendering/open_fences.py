"""A code fence that is still open: what is in it is text, of which whole lines stay."""

import re
from functools import lru_cache

from chat.rendering.code_blocks import code_block
from chat.rendering.fences import BLANK, OpenFence, is_closing
from chat.rendering.open_html import OpenHtml, Pieces
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import escape

LONGEST_INFO = 100  # characters behind a fence
SHORTEST_PIECE = 400  # characters

_OPENING = re.compile(r"(`{3,}(?=[^`\n]*\n)|~{3,})([^\n]*)\n")


class OpenCode:
    """One code fence, to be asked for its HTML as it grows."""

    def __init__(self) -> None:
        self._pieces = Pieces()
        self._lines: OpenFence | None = None
        self._live_from = self._lines_until = 0
        self._is_closed = False

    def html(self, text: str) -> OpenHtml | None:
        """The HTML of a tidy text that begins with what was asked for before; None when the fence is closed, or begins
        in an unusual way."""
        opening = _OPENING.match(text)
        if opening is None or len(opening[2]) > LONGEST_INFO or self._is_closed:
            return None
        before, after = _frame(opening[2])
        if self._lines is None:
            self._lines = OpenFence(opening[1], opening[2])
            self._live_from = self._lines_until = opening.end()
            self._pieces.append(before)
        self._take_lines(text, self._lines)
        last_line = text[self._lines_until :]
        if self._is_closed or (not self._lines.is_inside and is_closing(last_line, opening[1])):
            return None
        end = len(text) if last_line.strip(BLANK) else self._lines_until
        return OpenHtml(
            self._pieces,
            len(self._pieces.htmls),
            escape(text[self._live_from : end]) + after,
            live_from=self._live_from,
        )

    def _take_lines(self, text: str, lines: OpenFence) -> None:
        while (end := text.find("\n", self._lines_until)) >= 0 and not self._is_closed:
            self._is_closed = lines.ends_with(text[self._lines_until : end])
            self._lines_until = end + 1
            if self._lines_until - self._live_from >= SHORTEST_PIECE:
                self._pieces.append(escape(text[self._live_from : self._lines_until]))
                self._live_from = self._lines_until


@lru_cache(maxsize=256)
def _frame(info: str) -> tuple[str, str]:
    before, tag, after = sanitize(code_block("", info, highlighter=None)).partition("</code>")
    return before, tag + after
