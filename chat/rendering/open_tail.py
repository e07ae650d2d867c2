"""The block at the end of a growing text, rendered by the way that costs least: what is new, the last part, or all.

Every way gives what the whole rendering gives. What it gives depends on the text alone, not on what was asked before:
whoever knows a text knows what its readers see.
"""

import re

from chat.rendering.html_renderer import HtmlRenderer, preformatted
from chat.rendering.markdown_parser import LONGEST_INLINE
from chat.rendering.open_fences import OpenCode
from chat.rendering.open_html import OpenHtml
from chat.rendering.open_lists import OpenList, OpenTable
from chat.rendering.open_paragraphs import OpenParagraph
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import escape
from core.cpu_budget import OverBudget

LONGEST_LIVE = 2_000  # characters to which words are written; then those that are finished are looked for
MOST_STEPS = 10_000  # of the parser, for a block that is rendered whole
SHORTEST_TRIED = 1_000  # characters; fewer never take too long

_BLANKS = r"\u1680\u2000-\u200b\u2028-\u202f\u205f-\u206f\u3000\ufeff"
_WORDS = rf"[^\x00-\x1f\x7f-\xa0\\`*_\[\]<>&$~|/\ud800-\udfff{_BLANKS}\u3010\u3011\uff3b\uff3d]"
_CONTINUATION = re.compile(rf"{_WORDS}+")
_ENDS_PLAIN = re.compile(rf"(?:\A|[ \n])[^\s/&<]*{_WORDS}\Z")
_BEGINS_TAG = re.compile(r"[ \t>]*<")
_CLOSINGS = re.compile(
    r"(?:(?:\n?</(?:p|li|ul|ol|blockquote|span)>\n?|\n?</code></pre></div>\n?)+"
    r'|</td>\n(?:<td(?: class="[a-z-]+")?></td>\n)*</tr>\n</tbody>\n</table></div>\n)\Z'
)


class OpenTail:
    """One block, to be asked for its HTML as its text grows."""

    def __init__(self, renderer: HtmlRenderer) -> None:
        self._renderer = renderer
        self._code = OpenCode()
        self._list = OpenList(renderer)
        self._table = OpenTable(renderer)
        self._paragraph = OpenParagraph(renderer)
        self._too_long_from: dict[int, bool] = {}
        self._plain: _PlainEnd | None = None

    def continued(self, more: str) -> OpenHtml | None:
        """The HTML after `more` was added to the text of which `html` was asked last; None when it has to be asked
        again, because more than words that go on in the same line have come."""
        return self._plain.continued(more) if self._plain else None

    def html(self, text: str, *, is_fence: bool = False) -> OpenHtml:
        """The HTML of a tidy text. `is_fence` says that its first line is whole and opens a code fence."""
        found = self._quick(text, is_fence=is_fence)
        whole = found or OpenHtml.of(self._slow(text))
        self._plain = _PlainEnd.of(text, whole)
        return whole

    def _quick(self, text: str, *, is_fence: bool) -> OpenHtml | None:
        try:
            if is_fence:
                return self._code.html(text)
            if text.startswith("|"):
                return self._table.html(text)
            return self._paragraph.html(text) or self._list.html(text)
        except OverBudget:
            return None

    def _slow(self, text: str) -> str:
        """All of it by the renderer. As it was written where that takes too long, or took too long for the beginning,
        by which a text that grows is spared to be tried again and again."""
        begin = 1 << max(len(text).bit_length() - 1, 0)
        begin += begin // 2 if len(text) >= begin + begin // 2 else 0
        if begin not in self._too_long_from:
            self._too_long_from[begin] = begin > SHORTEST_TRIED and self._rendered(text[:begin]) is None
        html = None if self._too_long_from[begin] else self._rendered(text)
        return sanitize(preformatted(text) if html is None else html)

    def _rendered(self, text: str) -> str | None:
        with self._renderer.provisional(MOST_STEPS) as steps:
            html = self._renderer.render(text, highlighted=False)
        return None if steps.is_spent else html


class _PlainEnd:
    """HTML whose text ends with a plain word, to which more words are written without looking at what they follow."""

    def __init__(self, whole: OpenHtml, *, end: int, blanks: str, room: int, may_close: bool) -> None:
        self._whole = whole
        self._before, self._after = whole.end[:end], whole.end[end:]
        self._keeps_blanks = "</code>" in self._after
        self._blanks = blanks
        self._room = room
        self._may_close = may_close

    @classmethod
    def of(cls, text: str, whole: OpenHtml) -> "_PlainEnd | None":
        """The end of this HTML, rendered from this text; None if it is none of that kind."""
        closings = _CLOSINGS.search(whole.end)
        live = text[whole.live_from :]
        room = LONGEST_LIVE - len(live)
        if len(text) <= LONGEST_INLINE:  # a longer paragraph is not rendered at all
            room = min(room, LONGEST_INLINE - len(text))
        if closings is None or room < 0 or "]:" in live:
            return None
        if "|" in live and not closings[0].startswith("</td>"):
            return None  # longer lines may make a table of what has too few cells for one now
        is_code = "</code>" in closings[0]
        shown = live if is_code else live.rstrip(" ")
        line = shown[shown.rfind("\n") + 1 :]
        last = escape(shown[-1:])
        if is_code and closings[0].startswith("\n"):
            return None  # the last line is blank and not shown yet: its blanks are not those that the HTML ends with
        if not _ENDS_PLAIN.search(line) or _BEGINS_TAG.match(line) or not whole.end.endswith(last, 0, closings.start()):
            return None
        return cls(whole, end=closings.start(), blanks=live[len(shown) :], room=room, may_close="](" not in live)

    def continued(self, more: str) -> OpenHtml | None:
        """The HTML with more words."""
        self._room -= len(more)
        if not _CONTINUATION.fullmatch(more) or self._room < 0 or (")" in more and not self._may_close):
            return None
        more = self._blanks + more
        shown = more if self._keeps_blanks else more.rstrip(" ")
        self._blanks = more[len(shown) :]
        self._before += shown
        return self._whole._replace(end=self._before + self._after)
