"""A paragraph that is still open: its finished sentences stay, and only what comes after them is rendered again.

Sentences are taken together until nothing in them waits for its other half, such as an emphasis that may still close.
What follows then cannot change them, and they cannot change what follows: the next word begins with a letter, behind a
blank or a stop of East Asia.
"""

import re

from chat.rendering.html_renderer import HtmlRenderer
from chat.rendering.markdown_parser import LONGEST_INLINE, StepBudget, parse_inline
from chat.rendering.open_html import OpenHtml, Pieces
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import escape
from core.cpu_budget import OverBudget

SHORTEST_PIECE = 40  # characters
MOST_STEPS = 10_000

_LETTER = r"[^\W\d_]"
_LINE = rf"(?:\*\*|[*(\"“'„«»¿¡])?{_LETTER}"
_BEGINNING = re.compile(_LINE)
_OTHER_LINE = re.compile(rf"\n(?!{_LINE})")
_WORD = re.compile(rf"(?:(?<=\S[ \n])|(?<=[\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]))(?={_LETTER})")
_BRACKETS = r"\[\]\u3010\u3011\uff3b\uff3d"
_PAIR = re.compile(rf"[\[\u3010\uff3b]([^{_BRACKETS}]*)[\]\u3011\uff3d]")
_WAITING = re.compile(
    r"[\[\u3010\uff3b`$]|~~|(?<! )\*|\*(?! )|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|<[A-Za-z/]|[!\\&]\Z",
)


class OpenParagraph:
    """One paragraph, to be asked for its HTML as it grows."""

    def __init__(self, renderer: HtmlRenderer) -> None:
        self._renderer = renderer
        self._pieces = Pieces()
        self._live_from = 0
        self._look_from = SHORTEST_PIECE
        self._lines_until = 0

    def html(self, text: str) -> OpenHtml | None:
        """The HTML of a tidy text that begins with what was asked for before; None when it may be no plain paragraph.

        Raises OverBudget.
        """
        text = text.rstrip()
        if not _BEGINNING.match(text) or _OTHER_LINE.search(text, self._lines_until):
            return None
        self._lines_until = max(text.rfind("\n"), 0)
        if len(text) > LONGEST_INLINE:
            return self._as_written(text)
        self._finish(text)
        with self._renderer.provisional(MOST_STEPS) as steps:
            live = self._renderer.inline(text[self._live_from :])
        if steps.is_spent:
            raise OverBudget
        opening = "" if self._live_from else "<p>"
        return OpenHtml(
            self._pieces, len(self._pieces.htmls), f"{opening}{sanitize(live)}</p>\n", live_from=self._live_from
        )

    def _finish(self, text: str) -> None:
        """Take the sentences that are finished. Whether they are depends on them alone."""
        while word := _WORD.search(text, self._look_from):
            at = word.start()
            piece = text[self._live_from : at]
            if not is_finished(piece):
                self._look_from = at + len(piece)
                continue
            with self._renderer.provisional(MOST_STEPS):
                html = sanitize(self._renderer.inline(piece))
            self._pieces.append(html if self._live_from else f"<p>{html}")
            self._live_from = at
            self._look_from = at + SHORTEST_PIECE

    def _as_written(self, text: str) -> OpenHtml:
        """More than a paragraph may hold: not rendered at all."""
        if self._live_from <= LONGEST_INLINE:
            self._pieces = Pieces()
            self._pieces.append(f"<p>{escape(text[: LONGEST_INLINE + 1])}")
            self._live_from = LONGEST_INLINE + 1
        while len(text) - self._live_from > 2 * SHORTEST_PIECE:
            end = self._live_from + SHORTEST_PIECE
            self._pieces.append(escape(text[self._live_from : end]))
            self._live_from = end
        end_html = f"{escape(text[self._live_from :])}</p>\n"
        return OpenHtml(self._pieces, len(self._pieces.htmls), end_html, live_from=self._live_from)


def is_finished(piece: str) -> bool:
    """Whether nothing in this part of a paragraph can be changed by what comes after it, when that begins with a
    letter, behind a blank or a stop of East Asia."""
    try:
        tokens = parse_inline(piece, {}, StepBudget(MOST_STEPS))
    except OverBudget:
        return False
    for token in tokens:
        if token.type == "text" and _WAITING.search(_PAIR.sub(r"|\1|", token.content)):
            return False
        if token.type == "text_special" and (token.content in ("(", "[") or token.content.startswith("<", 0, -1)):
            return False
    return True
