"""A text that grows while it is read: what is finished is rendered once and frozen, only the open rest again."""

import re
from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from chat.rendering import details, fast_paths
from chat.rendering.block_splitter import BlockSplitter, Cut, State
from chat.rendering.citation_marks import CitationMarks, SourceLike
from chat.rendering.html_renderer import MOST_SECONDS, HtmlRenderer, preformatted
from chat.rendering.incremental_lists import IncrementalLists
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import tidy
from core.cpu_budget import CpuBudget, OverBudget

MOST_SECONDS_FOR_TAIL = 0.1  # CPU seconds; the open rest is rendered again and again

_LONGEST_UNDECIDED = 500  # characters
_UNDECIDED = re.compile(
    r"(?<![^\n])[ \t>]*(?:[-=_*+#|:]+[ \t|:*_-]*|\d{1,9}[.)]?[ \t]*|`{1,2}|~{1,2}|</?[a-z]*(?: open)?)\Z"
)
_UNDECIDED_IN_FENCE = re.compile(r"(?<=\n) {0,3}(?:`+|~+)\Z")


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
    only ever appended to.

    Blocks and tail together are what `to_html` makes of the text, with these exceptions: a code fence that is still
    open is not highlighted, and one that holds Markdown stays open until its own end; a last line that may still
    become something else is not shown (`settled_text`); a link definition (`[name]: address`) serves the block in
    which it stands, whereas in `to_html` it serves the whole text; and where the CPU time ends, that of the closed
    blocks together or that of the tail, the clock decides.

    `budget` is for the closed blocks of several such texts, of which this one takes no more than a finished one.
    """

    def __init__(
        self, *, sources: Sequence[SourceLike] = (), anchor: str = "", budget: CpuBudget | None = None
    ) -> None:
        self.blocks: list[Block] = []
        self._text = ""
        self._splitter = BlockSplitter()
        self._cuts: list[Cut] = []
        self._rendered = 0
        self._budget = budget or CpuBudget(MOST_SECONDS)
        self._renderer = HtmlRenderer(CitationMarks(sources, anchor), self._budget.part(MOST_SECONDS))
        self._lists = IncrementalLists(self._renderer)
        self._tail: tuple[int, SafeString] | None = None
        self._as_written_from = -1  # where a tail begins that took too long, and is not tried again until it is closed

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
        """Number of characters that the next rendering of the tail looks at: the open ones, and blocks that were
        closed since the last one."""
        done = self._cuts[self._rendered - 1].end if self._rendered else 0
        return len(self._text) - done

    @property
    def settled_text(self) -> str:
        """Everything so far but for a last line that may still become the underline of a heading, an item, a rule,
        the head of a table, a fence or a tag: it is not shown as any of them before that is known."""
        if self._splitter.state is State.CODE:
            return self._text
        if self._splitter.state is State.FENCE:
            closing = _UNDECIDED_IN_FENCE.search(
                self._text, max(self._splitter.first_line_end - 1, len(self._text) - 9)
            )
            return self._text[: closing.start()] if closing else self._text
        if self._splitter.state is State.DETAILS and details.may_get_summary(self._text, self._splitter.start):
            return self._text[: self._splitter.start]
        undecided = _UNDECIDED.search(self._text, max(self._splitter.start, len(self._text) - _LONGEST_UNDECIDED))
        return self._text[: undecided.start()] if undecided else self._text

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
            self._lists.forget()
            self._rendered += 1

    def tail_html(self) -> SafeString:
        """The open rest of the text, without highlighting."""
        if self._tail is None or self._tail[0] != len(self._text):
            self._tail = (len(self._text), self._render_tail())
        return self._tail[1]

    def _render_tail(self) -> SafeString:
        self.render_until(len(self.blocks) - 1)
        text = tidy(self.settled_text[self._splitter.start :])
        fast_path = fast_paths.open_fence if self._splitter.state is State.FENCE else fast_paths.plain_words
        quick = fast_path(text)
        if quick is not None:
            return quick
        if self._as_written_from == self._splitter.start:
            return sanitize(preformatted(text))
        budget = CpuBudget(MOST_SECONDS_FOR_TAIL)
        with self._renderer.provisional(budget):
            try:
                html = self._lists.html(text) or self._renderer.render(text, highlighted=False)
            except OverBudget:
                html = preformatted(text)
        if budget.is_spent:
            self._as_written_from = self._splitter.start
        return sanitize(html)
