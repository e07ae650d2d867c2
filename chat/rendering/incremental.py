"""A text that grows while it is read: what is finished is rendered once and frozen, only the open rest again."""

import re
from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from chat.rendering import details
from chat.rendering.block_splitter import BlockSplitter, Cut, State
from chat.rendering.citation_marks import CitationMarks, SourceLike
from chat.rendering.html_renderer import MOST_SECONDS, HtmlRenderer
from chat.rendering.open_html import OpenHtml
from chat.rendering.open_tail import OpenTail
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import tidy
from core.cpu_budget import CpuBudget

MOST_TAILS = 16  # that are kept: what viewers saw last, some of them a little later than others

_LONGEST_UNDECIDED = 500  # characters
_UNDECIDED = re.compile(
    r"(?<![^\r\n])[ \t>]*(?:[-=_*+#|:]+[ \t|:*_-]*|\d{1,9}[.)]?[ \t]*|`{1,2}|~{1,2}|</?[a-z]*(?: open)?)\Z"
)
_INDENTED_LINE = re.compile(r"(?<![^\r\n])(?: {4}| {0,3}\t)[^\r\n]*\Z")
_UNDECIDED_IN_FENCE = re.compile(r"(?<=[\r\n]) {0,3}(?:`+|~+)\Z")


class Block:
    """A closed piece of the text: one or more elements that no later text changes.

    `closed_at` is the number of characters of the text that had to be seen to know that it is closed.
    """

    __slots__ = ("_growing", "_html", "_index", "closed_at")

    def __init__(self, growing: "Growing", index: int, closed_at: int) -> None:
        self._growing = growing
        self._index = index
        self._html: SafeString | None = None
        self.closed_at = closed_at

    @property
    def html(self) -> SafeString:
        """The block's HTML, rendered when somebody first asks for it."""
        if self._html is None:
            self._growing.render_until(self._index)
        return self._html or mark_safe("")

    def freeze(self, html: SafeString) -> None:
        """Keep the rendered HTML."""
        self._html = html


class Growing:
    """A Markdown text that grows. `blocks` and their HTML depend on the text alone, not on how it arrived, and are
    only ever appended to. So does the HTML of the tail, which is what a viewer of any earlier text is told.

    Blocks and tail together are what `to_html` makes of the text, with these exceptions: a code fence that is still
    open is not highlighted, and one that holds Markdown stays open until its own end; a last line that may still
    become something else is not shown (`settled_text`); a link definition (`[name]: address`) serves the block in
    which it stands, whereas in `to_html` it serves the whole text; a tail that takes too many steps is shown as it
    was written; and where the CPU time for the closed blocks ends, the clock decides.

    `budget` is for the closed blocks of several such texts, of which this one takes no more than a finished one.
    """

    def __init__(
        self,
        *,
        sources: Sequence[SourceLike] = (),
        documents: int | None = None,
        anchor: str = "",
        budget: CpuBudget | None = None,
    ) -> None:
        self.blocks: list[Block] = []
        self._text = ""
        self._splitter = BlockSplitter()
        self._cuts: list[Cut] = []
        self._rendered = 0
        self._budget = budget or CpuBudget(MOST_SECONDS)
        marks = CitationMarks(sources, anchor, documents=documents)
        self._renderer = HtmlRenderer(marks, self._budget.part(MOST_SECONDS))
        self._open = _OpenEnd(self._renderer, self._splitter)
        self._tails: dict[int, OpenHtml] = {}  # by length of the text, the last few

    @property
    def text(self) -> str:
        """Everything so far."""
        return self._text

    @property
    def length(self) -> int:
        """Number of characters so far."""
        return len(self._text)

    @property
    def unrendered(self) -> int:
        """Number of characters that the next rendering of the tail looks at: blocks that were closed since the last
        one, and of the open one what is not finished."""
        done = self._cuts[self._rendered - 1].end if self._rendered else 0
        if self._rendered == len(self._cuts) and self._open.start == self._splitter.start:
            done = max(done, self._open.live_from)
        return len(self._text) - done

    @property
    def settled_text(self) -> str:
        """Everything so far but for a last line that may still become the underline of a heading, an item, a rule,
        the head of a table, a fence or a tag: it is not shown as any of them before that is known."""
        return self._text[: _settled_until(self._text, self._splitter)]

    def extend(self, more: str) -> None:
        """Take more text and find the blocks that it closes. Nothing is rendered here."""
        self._text += more
        for cut in self._splitter.feed(self._text):
            self._cuts.append(cut)
            self.blocks.append(Block(self, len(self.blocks), cut.closed_at))

    def render_until(self, index: int) -> None:
        """Render the blocks up to this one, in order, because headings know the ones before them."""
        while self._rendered <= index:
            cut = self._cuts[self._rendered]
            with self._budget.counted():
                html = self._renderer.render(tidy(self._text[cut.start : cut.end]), highlighted=True)
            self.blocks[self._rendered].freeze(sanitize(html))
            self._renderer.forget()
            self._rendered += 1

    def tail_html(self) -> SafeString:
        """The open rest of the text, without highlighting."""
        return self.tail().html

    def tail(self) -> OpenHtml:
        """The open rest of the text, without highlighting, in pieces."""
        if (tail := self._tails.get(len(self._text))) is None:
            self.render_until(len(self.blocks) - 1)
            if self._open.start != self._splitter.start:
                self._open = _OpenEnd(self._renderer, self._splitter)
                self._tails.clear()
            tail = self._open.html(self._text)
            self._keep(len(self._text), tail)
        return tail

    def tail_at(self, length: int) -> OpenHtml | None:
        """The tail as it was when the text had so many characters; None where another block was open then."""
        self.tail()
        if length <= self._splitter.start or (self.blocks and length < self.blocks[-1].closed_at):
            return None
        if (tail := self._tails.get(length)) is None:
            text = self._text[self._splitter.start : length]
            splitter = BlockSplitter()
            splitter.feed(text)
            tail = _OpenEnd(self._renderer, splitter).html(text)
            self._keep(length, tail)
        return tail

    def _keep(self, length: int, tail: OpenHtml) -> None:
        self._tails[length] = tail
        if len(self._tails) > MOST_TAILS:
            del self._tails[next(iter(self._tails))]


class _OpenEnd:
    """The block that is open, from where it begins."""

    def __init__(self, renderer: HtmlRenderer, splitter: BlockSplitter) -> None:
        self.start = splitter.start
        self.live_from = splitter.start
        self._splitter = splitter
        self._tail = OpenTail(renderer)
        self._tidied = ""
        self._seen = splitter.start
        self._may_go_on = False

    def html(self, text: str) -> OpenHtml:
        """The HTML of what is settled of the block. `text` is the whole text, and begins with what was asked before."""
        if text.endswith("\r", self.start, self._seen):
            self._tidied = ""  # it may be the first half of a line's end
        more, self._seen = text[self._seen :], len(text)
        if self._may_go_on and (html := self._tail.continued(more)):
            self._tidied += more
            return html
        self._tidied = self._tidied + tidy(more) if self._tidied else tidy(text[self.start :])
        settled = _settled_until(text, self._splitter)
        self._may_go_on = settled == len(text)
        shown = self._tidied[: len(self._tidied) - (len(text) - settled)]
        html = self._tail.html(shown, is_fence=self._splitter.state is State.FENCE)
        self.live_from = self.start + html.live_from
        return html


def _settled_until(text: str, splitter: BlockSplitter) -> int:
    if splitter.state is State.CODE and _INDENTED_LINE.search(text, splitter.start):
        return len(text)
    if splitter.state is State.FENCE:
        closing = _UNDECIDED_IN_FENCE.search(text, max(splitter.first_line_end - 1, len(text) - 9))
        return closing.start() if closing else len(text)
    if splitter.state is State.DETAILS and details.may_get_summary(text, splitter.start):
        return splitter.start
    undecided = _UNDECIDED.search(text, max(splitter.start, len(text) - _LONGEST_UNDECIDED))
    return undecided.start() if undecided else len(text)
