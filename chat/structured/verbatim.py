"""An answer in a form while it is being written: shown as it comes, for half a value can be neither checked nor shown
as a table, and JSON is no Markdown."""

from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from chat.rendering.text import tidy

PIECE = 2_000  # characters that are looked at for a place to cut


class Piece(NamedTuple):
    """A part that no later text changes. `closed_at` as in `rendering.Block`."""

    html: SafeString
    closed_at: int


class Verbatim:
    """A text that grows, shown letter by letter. Stands in for `rendering.Growing`: what it has been cut into depends
    on the text alone, not on how it arrived."""

    def __init__(self) -> None:
        self.blocks: list[Piece] = []
        self._text = ""
        self._start = 0

    @property
    def length(self) -> int:
        """Number of characters so far."""
        return len(self._text)

    @property
    def unrendered(self) -> int:
        """Number of characters that the next rendering of the tail looks at."""
        return len(self._text) - self._start

    def extend(self, more: str) -> None:
        """Take more text, and cut off what is long enough."""
        self._text += more
        while len(self._text) - self._start >= PIECE:
            window = self._text[self._start : self._start + PIECE]
            cut = window.rfind("\n") + 1 or window.rfind(",") + 1 or PIECE
            self.blocks.append(Piece(_shown(window[:cut]), self._start + PIECE))
            self._start += cut

    def tail_html(self) -> SafeString:
        """What has not been cut off yet."""
        rest = self._text[self._start :]
        return _shown(rest) if rest else SafeString()


def _shown(text: str) -> SafeString:
    # Browsers leave out a line break that comes first.
    return format_html('<pre class="growing">\n{}</pre>', tidy(text))
