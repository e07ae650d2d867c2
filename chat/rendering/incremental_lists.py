"""Long lists and tables that are still open: only the items and rows that changed are rendered again.

Both equal what the renderer makes of the whole text. Where that is not certain, the long way has to be taken.
"""

import re
from typing import NamedTuple

from markdown_it.token import Token

from chat.rendering.html_renderer import HtmlRenderer
from chat.rendering.markdown_parser import DEEPEST, Environment
from chat.rendering.tables import is_in_proportion

_MARKER = re.compile(r"(?:[-+*]|\d{1,9}[.)]) (?=\S)")
_RULE = re.compile(r"([-*])[ \t]*(?:\1[ \t]*){2,}")
_LAST_BLANKS = re.compile(r"\n[ \t\n]*\Z")
_TABLE = re.compile(r"(\|[^\n]*\n([ \t:|-]+)\n)(\|[^\n]*(?:\n\|[^\n]*)*)\n?")


class Unclear(Exception):
    """It is not certain that rendering the parts gives what rendering the whole gives."""


class Item(NamedTuple):
    """One item of a list: its tokens, and whether it makes the list a loose one."""

    tokens: list[Token]
    loose: bool


class IncrementalLists:
    """Renders the one list or table that is open, and remembers its parts until told to forget them."""

    def __init__(self, renderer: HtmlRenderer) -> None:
        self._renderer = renderer
        self.forget()

    def forget(self) -> None:
        """The list or table is closed."""
        self._unclear = False
        self._items: dict[str, Item] = {}
        self._item_html: dict[tuple[str, bool], str] = {}
        self._rows: dict[str, str] = {}

    def html(self, text: str) -> str | None:
        """The HTML for a text that is one list or one table with several parts; None when that is not certain.

        Raises OverBudget.
        """
        if self._unclear:
            return None
        try:
            return self._table(text) if text.startswith("|") else self._list(text)
        except Unclear:
            return None

    def _list(self, text: str) -> str:
        marker = _MARKER.match(text)
        if marker is None:
            raise Unclear
        sign = re.escape(marker.group()[-2])
        number = r"\d{1,9}" if text[0].isdigit() else ""
        *pieces, last = re.split(rf"\n(?={number}{sign} \S)", text)
        if not pieces:
            raise Unclear
        items = [self._item(piece) for piece in pieces]
        last_item = self._parsed_item(_LAST_BLANKS.sub("", last))
        loose = last_item.loose or any(item.loose for item in items)
        parts = [self._closed_item(piece, item, loose=loose) for piece, item in zip(pieces, items, strict=True)]
        parts.append(self._render_item(self._only_list(last)[1:-1], loose=loose))
        if number:
            start = int(marker.group()[:-2])
            opening = '<ol dir="auto">\n' if start == 1 else f'<ol start="{start}" dir="auto">\n'
        else:
            is_task = any("checked" in item.tokens[0].meta for item in (*items, last_item))
            opening = '<ul class="tasks" dir="auto">\n' if is_task else '<ul dir="auto">\n'
        return f"{opening}{''.join(parts)}</{'ol' if number else 'ul'}>\n"

    def _item(self, piece: str) -> Item:
        item = self._items.get(piece)
        if item is None:
            try:
                item = self._items[piece] = self._parsed_item(piece)
            except Unclear:  # and it stays so: only the last item can still change
                self._unclear = True
                raise
        return item

    def _closed_item(self, piece: str, item: Item, *, loose: bool) -> str:
        html = self._item_html.get((piece, loose))
        if html is None:
            html = self._item_html[piece, loose] = self._render_item(item.tokens, loose=loose)
        return html

    def _render_item(self, tokens: list[Token], *, loose: bool) -> str:
        for token in tokens:
            if token.level == 2 and token.type in ("paragraph_open", "paragraph_close"):
                token.hidden = not loose
        return self._renderer.render_tokens(tokens, {}, highlighted=False)

    def _table(self, text: str) -> str:
        match = _TABLE.fullmatch(text)
        if match is None or not is_in_proportion(match[2], lines=2 + match[3].count("\n") + 1, size=len(text)):
            raise Unclear
        *rows, last = match[3].split("\n")
        html = [self._row(match[1], row) for row in rows]
        head, _, tail = self._one_row_table(match[1] + last).partition("<tbody>\n")
        return f"{head}<tbody>\n{''.join(html)}{tail}"

    def _row(self, head: str, row: str) -> str:
        html = self._rows.get(row)
        if html is None:
            html = self._one_row_table(f"{head}{row}").partition("<tbody>\n")[2].partition("</tbody>\n")[0]
            self._rows[row] = html
        return html

    def _one_row_table(self, text: str) -> str:
        env: Environment = {}
        tokens = self._renderer.parse_blocks(text, env)
        if not tokens or tokens[0].type != "table_open" or tokens[-1].type != "table_close":
            raise Unclear
        if sum(token.type == "th_open" for token in tokens) > len(text.partition("\n")[0].strip("| \t").split("|")):
            raise Unclear  # a row with more cells than the head, which makes the whole table wider
        return self._renderer.render_tokens(tokens, env, highlighted=False)

    def _parsed_item(self, piece: str) -> Item:
        """Parse an item as if another one followed it, which shows whether it makes the list loose."""
        marker = _MARKER.match(piece)
        if marker is None or _RULE.fullmatch(piece.partition("\n")[0]):
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
