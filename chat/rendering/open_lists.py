"""Lists and tables that are still open: the items and rows that are finished stay, and only the last one is rendered.

Both equal what the renderer makes of the whole text. Where that is not certain, the long way has to be taken.
"""

import re
from typing import NamedTuple

from markdown_it.token import Token

from chat.rendering.html_renderer import HtmlRenderer
from chat.rendering.markdown_parser import DEEPEST, Environment
from chat.rendering.open_html import OpenHtml, Pieces
from chat.rendering.sanitizer import sanitize
from chat.rendering.tables import is_in_proportion
from core.cpu_budget import OverBudget

MOST_STEPS = 10_000  # for one item or row

_MARKER = re.compile(r"(?:[-+*]|\d{1,9}[.)]) (?=\S)")
_ONE_LINE = re.compile(r"(?:[-+*]|\d{1,9}[.)]) ((?:\*\*)?[^\W\d_][^\n]*)")
_RULE = re.compile(r"([-*])[ \t]*(?:\1[ \t]*){2,}")
_LAST_BLANKS = re.compile(r"\n[ \t\n]*\Z")
_TABLE_HEAD = re.compile(r"\|[^\n]*\n([ \t:|-]+)\n(?=\|)")


class Unclear(Exception):
    """It is not certain that rendering the parts gives what rendering the whole gives."""


class Item(NamedTuple):
    """One item of a list: its tokens, and whether it makes the list a loose one."""

    tokens: list[Token]
    loose: bool

    @property
    def is_task(self) -> bool:
        """Whether it begins with a box."""
        return "checked" in self.tokens[0].meta


class OpenList:
    """One list, to be asked for its HTML as it grows."""

    def __init__(self, renderer: HtmlRenderer) -> None:
        self._renderer = renderer
        self._is_unclear = False
        self._next_item: re.Pattern[str] | None = None
        self._items: list[Item] = []
        self._is_loose = self._is_task = False
        self._last_from = 0
        self._look_from = 0
        self._pieces = Pieces()
        self._kind = ""

    def html(self, text: str) -> OpenHtml | None:
        """The HTML of a tidy text that begins with what was asked for before, if it is one list with several items;
        None when that is not certain. Raises OverBudget."""
        if self._is_unclear:
            return None
        try:
            self._take_items(text)
        except (Unclear, OverBudget):  # and it stays so: only the last item can still change
            self._is_unclear = True
            return None
        try:
            return self._with_last(text) if self._items or _ONE_LINE.fullmatch(text) else None
        except Unclear:
            return None

    def _take_items(self, text: str) -> None:
        if self._next_item is None:
            marker = _MARKER.match(text)
            if marker is None:
                raise Unclear
            number = r"\d{1,9}" if text[0].isdigit() else ""
            self._next_item = re.compile(rf"\n(?={number}{re.escape(marker.group()[-2])} \S)")
        while found := self._next_item.search(text, self._look_from):
            with self._renderer.provisional(MOST_STEPS):
                item = self._parsed_item(text[self._last_from : found.start()])
            self._items.append(item)
            self._is_loose |= item.loose
            self._is_task |= item.is_task
            self._last_from = self._look_from = found.end()
        self._look_from = max(self._last_from, text.rfind("\n"))

    def _with_last(self, text: str) -> OpenHtml:
        with self._renderer.provisional(MOST_STEPS) as steps:
            last = text[self._last_from :]
            written = _LAST_BLANKS.sub("", last)
            item = self._parsed_item(written)
            loose = self._is_loose or item.loose
            opening = _opening(text, is_task=self._is_task or item.is_task)
            if self._kind != f"{opening}{loose}":
                self._kind = f"{opening}{loose}"
                self._pieces = Pieces()
            tokens = item.tokens if _ONE_LINE.fullmatch(written) else self._only_list(last)[1:-1]
            end = self._render_item(tokens, loose=loose)
        if steps.is_spent:
            raise OverBudget
        self._render_items(opening, loose=loose)
        closing = "</ol>\n" if opening.startswith("<ol") else "</ul>\n"
        before = "" if self._pieces.htmls else opening
        end_html = f"{before}{sanitize(end)}{closing}"
        return OpenHtml(self._pieces, len(self._pieces.htmls), end_html, live_from=self._last_from)

    def _render_items(self, opening: str, *, loose: bool) -> None:
        for item in self._items[len(self._pieces.htmls) :]:
            with self._renderer.provisional(MOST_STEPS):
                html = sanitize(self._render_item(item.tokens, loose=loose))
            self._pieces.append(html if self._pieces.htmls else f"{opening}{html}")

    def _render_item(self, tokens: list[Token], *, loose: bool) -> str:
        for token in tokens:
            if token.level == 2 and token.type in ("paragraph_open", "paragraph_close"):
                token.hidden = not loose
        return self._renderer.render_tokens(tokens, {}, highlighted=False)

    def _parsed_item(self, piece: str) -> Item:
        """Parse an item as if another one followed it, which shows whether it makes the list loose."""
        if one_line := _ONE_LINE.fullmatch(piece):
            return Item(_tokens_of_line(one_line[1].rstrip(" \t")), loose=False)
        marker = _MARKER.match(piece)
        if marker is None or "[^" in piece or _RULE.fullmatch(piece.partition("\n")[0]):
            raise Unclear
        if re.search(rf"\n(?! {{{marker.end()}}}|[ \t]*(?:\n|\Z))", piece):
            raise Unclear  # a line that may or may not belong to the item
        tokens = self._only_list(f"{piece}\n{marker.group()}x")
        starts = [index for index, token in enumerate(tokens) if token.level == 1 and token.type == "list_item_open"]
        if len(starts) != 2:
            raise Unclear
        return Item(tokens[1 : starts[1]], loose=not tokens[starts[1] + 1].hidden)

    def _only_list(self, text: str) -> list[Token]:
        env: Environment = {}
        tokens = self._renderer.parse_blocks(text, env)
        is_list = tokens[0].type in ("bullet_list_open", "ordered_list_open")
        is_list = is_list and all(token.level for token in tokens[1:-1])
        if env or not is_list or any(token.level >= DEEPEST - 1 or token.type == "heading_open" for token in tokens):
            raise Unclear
        return tokens


def _tokens_of_line(content: str) -> list[Token]:
    """What the parser makes of an item that is one line and begins with a letter: nothing but inline content."""
    return [
        Token("list_item_open", "li", 1, level=1),
        Token("paragraph_open", "p", 1, level=2, hidden=True),
        Token("inline", "", 0, level=3, content=content),
        Token("paragraph_close", "p", -1, level=2, hidden=True),
        Token("list_item_close", "li", -1, level=1),
    ]


def _opening(text: str, *, is_task: bool) -> str:
    if not text[0].isdigit():
        return '<ul class="tasks" dir="auto">\n' if is_task else '<ul dir="auto">\n'
    start = int(re.split("[.)]", text, maxsplit=1)[0])
    return '<ol dir="auto">\n' if start == 1 else f'<ol start="{start}" dir="auto">\n'


class OpenTable:
    """One table whose lines begin with a bar, to be asked for its HTML as it grows."""

    def __init__(self, renderer: HtmlRenderer) -> None:
        self._renderer = renderer
        self._is_unclear = False
        self._pieces = Pieces()
        self._head = ""
        self._last_from = 0

    def html(self, text: str) -> OpenHtml | None:
        """The HTML of a tidy text that begins with what was asked for before, if it is one table with a row; None when
        that is not certain. Raises OverBudget."""
        head = _TABLE_HEAD.match(text)
        if self._is_unclear or head is None:
            return None
        size, text = len(text), text.removesuffix("\n")
        rows = len(self._pieces.htmls) + text.count("\n", self._last_from or head.end()) + 1
        if not is_in_proportion(head[1], lines=2 + rows, size=size):
            return None
        try:
            self._take_rows(text, head[0])
        except (Unclear, OverBudget):
            self._is_unclear = True
            return None
        try:
            return self._with_last(text)
        except Unclear:
            return None

    def _take_rows(self, text: str, head: str) -> None:
        if not self._last_from:
            self._head, self._last_from = head, len(head)
        while (end := text.find("\n", self._last_from)) >= 0:
            before, row, _ = self._parts(text[self._last_from : end])
            self._pieces.append(row if self._pieces.htmls else before + row)
            self._last_from = end + 1

    def _with_last(self, text: str) -> OpenHtml:
        before, row, after = self._parts(text[self._last_from :])
        opening = "" if self._pieces.htmls else before
        return OpenHtml(self._pieces, len(self._pieces.htmls), f"{opening}{row}{after}", live_from=self._last_from)

    def _parts(self, row: str) -> tuple[str, str, str]:
        """A table with this row alone, as what stands before it, the row, and what stands after it."""
        if not row.startswith("|") or "[^" in row:
            raise Unclear
        with self._renderer.provisional(MOST_STEPS) as steps:
            html = self._one_row_table(f"{self._head}{row}")
        if steps.is_spent:
            raise OverBudget
        before, tag, rest = sanitize(html).partition("<tbody>\n")
        inside, closing, after = rest.partition("</tbody>\n")
        return before + tag, inside, closing + after

    def _one_row_table(self, text: str) -> str:
        env: Environment = {}
        tokens = self._renderer.parse_blocks(text, env)
        if not tokens or tokens[0].type != "table_open" or tokens[-1].type != "table_close":
            raise Unclear
        if sum(token.type == "th_open" for token in tokens) > len(text.partition("\n")[0].strip("| \t").split("|")):
            raise Unclear  # a row with more cells than the head, which makes the whole table wider
        return self._renderer.render_tokens(tokens, env, highlighted=False)
