"""A value as HTML: a list of objects as a table, anything else as a tree. Everything foreign in it is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString

from chat.rendering import SourceLike
from chat.rendering.citation_marks import CitationMarks
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import escape, escape_attribute, tidy
from chat.structured.json_text import scalar
from chat.structured.schema_hints import Hints
from core import graphemes
from core.sentences import nsentence
from core.sentences import sentence as _
from core.web.formats import number

MOST_ROWS = 500
MOST_ENTRIES = 200
MOST_COLUMNS = 20
MOST_HTML = 400_000  # characters; what does not fit is left to the raw JSON
LONGEST_STRING = 4_000  # characters
FOLDED_FROM = 400  # characters of a text that is folded
SHOWN_OF_FOLDED = 120
FOLDED_AT = 4  # levels in each other from which on lists and objects are folded
MOST_IN_CELL = 4  # parts that a cell of a table shows at once
DEEPEST = 25  # levels that are shown
_FRAME = 80  # characters that a list or object takes beside its parts


def to_html(
    value: Any,
    schema: Mapping[str, Any] | None = None,
    *,
    sources: Sequence[SourceLike] = (),
    documents: int | None = None,
    anchor: str = "",
) -> SafeString:
    """The value as a table or tree. `sources` and `anchor` as in `rendering.to_html`: `[n]` in a text becomes a link to
    the source, and so does an address that is a source's; any other address stays text, for it may be invented.
    """
    writer = _Writer(CitationMarks(sources, anchor, documents=documents, only_sourced=True))
    html = writer.block(value, Hints.of(schema), 0)
    note = _note(_("Not everything fits here. The raw JSON has all of it.")) if writer.is_cut else ""
    return sanitize(f'<div class="structured">{html}{note}</div>')


class _Writer:
    def __init__(self, marks: CitationMarks) -> None:
        self._marks = marks
        self._length = 0
        self.is_cut = False

    def block(self, value: Any, hints: Hints, depth: int, *, in_table: bool = False) -> str:
        """A value that has a line, or more, of its own."""
        if self._length > MOST_HTML or depth > DEEPEST:
            self.is_cut = True
            return '<span class="empty">…</span>'
        if not isinstance(value, dict | list) or not value:
            html = self._inline(value)
            self._length += len(html)
            return html if depth else f"<p>{html}</p>"
        self._length += _FRAME
        if isinstance(value, list) and depth < FOLDED_AT and not in_table and (columns := _columns(value, hints)):
            return self._table(value, columns, hints.part(0), depth)
        steps: Sequence[Any] = _in_order(value, hints) if isinstance(value, dict) else range(len(value))
        shown = ""
        for step in steps[:MOST_ENTRIES]:
            part = hints.part(step)
            inside = self.block(value[step], part, depth + 1, in_table=in_table)
            is_named = isinstance(step, str)
            shown += f"<div><dt>{_name(step, part)}</dt><dd>{inside}</dd></div>" if is_named else f"<li>{inside}</li>"
        tag, size = "ul", nsentence("%(count)d entry", "%(count)d entries", len(value))
        if isinstance(value, dict):
            tag, size = "dl", nsentence("%(count)d part", "%(count)d parts", len(value))
        html = f"<{tag}>{shown}</{tag}>{_left_out(len(value), MOST_ENTRIES)}"
        is_folded = depth >= FOLDED_AT or (in_table and len(value) > MOST_IN_CELL)
        return f"<details><summary>{size}</summary>{html}</details>" if is_folded else html

    def _inline(self, value: Any) -> str:
        if isinstance(value, str | dict | list) and not value:
            return f'<span class="empty">{_("empty")}</span>'
        if isinstance(value, str):
            return self._text(value)
        return f'<span class="{"number" if _is_number(value) else "word"}">{escape(scalar(value))}</span>'

    def _text(self, text: str) -> str:
        html = self._marks.text_with_links(tidy(graphemes.cut(text, LONGEST_STRING))).replace("\n", "<br>")
        if len(text) <= FOLDED_FROM:
            return html
        note = _note(_("Shortened here. The raw JSON has all of it.")) if len(text) > LONGEST_STRING else ""
        summary = escape(tidy(" ".join(graphemes.cut(text, SHOWN_OF_FOLDED).split())))
        return f'<details><summary>{summary}…</summary><div class="long">{html}</div>{note}</details>'

    def _table(self, rows: list[dict[str, Any]], names: list[str], hints: Hints, depth: int) -> str:
        columns = [(name, hints.part(name), _side(rows, name)) for name in names]
        head = "".join(f'<th scope="col"{side}>{_name(name, part)}</th>' for name, part, side in columns)
        body = ""
        for row in rows[:MOST_ROWS]:
            if self._length > MOST_HTML:
                self.is_cut = True
                break
            cells = (
                f"<td{side}>{self.block(row[name], part, depth + 1, in_table=True) if name in row else ''}</td>"
                for name, part, side in columns
            )
            body += f"<tr>{''.join(cells)}</tr>"
        return (
            f'<div class="table" tabindex="0" role="group" aria-label="{escape_attribute(_("Table"))}"><table>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{_left_out(len(rows), MOST_ROWS)}"
        )


def _columns(rows: list[Any], hints: Hints) -> list[str]:
    """The names of the columns when these entries make a table: objects, mostly of the same shape. Empty otherwise."""
    if not all(isinstance(row, dict) and row for row in rows):
        return []
    names = dict.fromkeys(name for row in rows for name in row)
    if len(names) > MOST_COLUMNS or sum(map(len, rows)) * 2 < len(names) * len(rows):
        return []
    return _in_order(names, hints.part(0))


def _in_order(names: Iterable[str], hints: Hints) -> list[str]:
    """The names in the order of the schema, then those of which it does not know."""
    there = dict.fromkeys(names)
    return list(dict.fromkeys([*(name for name in hints.names if name in there), *there]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _side(rows: Sequence[Mapping[str, Any]], name: str) -> str:
    """Columns of numbers are set to the right."""
    values = [row[name] for row in rows if row.get(name) is not None]
    return ' class="align-right"' if values and all(map(_is_number, values)) else ""


def _name(name: str, hints: Hints) -> str:
    """What a part is called by the schema, or as it is named, with what the schema says about it as a tooltip."""
    shown = escape(tidy(hints.title or name).strip()) or f'<span class="empty">{_("unnamed")}</span>'
    about = hints.description
    return f'<span title="{escape_attribute(about)}">{shown}</span>' if about else shown


def _left_out(count: int, most: int) -> str:
    words = {"most": number(most), "count": number(count)}
    return _note(_("The first %(most)s of %(count)s. The raw JSON has all of them.") % words) if count > most else ""


def _note(sentence: str) -> str:
    return f'<p class="note">{escape(sentence)}</p>'
