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
        self.length = 0  # characters so far
        self._tail = ""

    @property
    def unrendered(self) -> int:
        """Number of characters that the next rendering of the tail looks at."""
        return len(self._tail)

    def extend(self, more: str) -> None:
        """Take more text, and cut off what is long enough."""
        self.length += len(more)
        self._tail += more
        while len(self._tail) >= PIECE:
            seen = self.length - len(self._tail) + PIECE
            cut = self._tail.rfind("\n", 0, PIECE) + 1 or self._tail.rfind(",", 0, PIECE) + 1 or PIECE
            self.blocks.append(Piece(_shown(self._tail[:cut]), seen))
            self._tail = self._tail[cut:]

    def tail_html(self) -> SafeString:
        """What has not been cut off yet."""
        return _shown(self._tail) if self._tail else SafeString()


def _shown(text: str) -> SafeString:
    # Browsers leave out a line break that comes first.
    return format_html('<pre class="growing">\n{}</pre>', tidy(text))
