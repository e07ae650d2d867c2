"""A value as HTML: a list of objects as a table, anything else as a tree. Everything foreign in it is escaped."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.rendering import SourceLike
from chat.rendering.text import escape, escape_attribute, tidy
from chat.structured.html_allowlist import clean
from chat.structured.json_text import scalar
from chat.structured.linked_text import Strings
from chat.structured.schema_hints import Hints

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
    anchor: str = "",
) -> SafeString:
    """The value as a table or tree. `sources` and `anchor` as in `rendering.to_html`: `[n]` in a text becomes a link to
    the source, and so does an address that is a source's; any other address stays text, for it may be invented.
    """
    writer = _Writer(Strings(sources, anchor))
    html = writer.block(value, Hints.of(schema), 0)
    note = _note(_("There is more than can be shown here; all of it is in the raw JSON.")) if writer.is_full else ""
    return clean(f'<div class="structured">{html}{note}</div>')


class _Writer:
    def __init__(self, strings: Strings) -> None:
        self._strings = strings
        self._written = 0
        self.is_full = False
        self._in_table = False

    def block(self, value: Any, hints: Hints, depth: int) -> str:
        """A value that has a line, or more, of its own."""
        if self._written > MOST_HTML or depth > DEEPEST:
            self.is_full = True
            return '<span class="empty">…</span>'
        html = self._shaped(value, hints, depth)
        self._written += _FRAME if isinstance(value, dict | list) else len(html)
        return html

    def _shaped(self, value: Any, hints: Hints, depth: int) -> str:
        if not isinstance(value, dict | list) or not value:
            return f"<p>{self._inline(value)}</p>" if depth == 0 else self._inline(value)
        if isinstance(value, dict):
            summary, html = _parts(len(value)), self._object(value, hints, depth)
        else:
            columns = _columns(value, hints)
            if columns and depth < FOLDED_AT and not self._in_table:
                return self._table(value, columns, hints, depth)
            summary, html = _entries(len(value)), self._list(value, hints, depth)
        is_folded = depth >= FOLDED_AT or (self._in_table and len(value) > MOST_IN_CELL)
        return f"<details><summary>{summary}</summary>{html}</details>" if is_folded else html

    def _inline(self, value: Any) -> str:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict | list):
            return f'<span class="empty">{_("empty")}</span>'
        kind = "number" if isinstance(value, int | float) and not isinstance(value, bool) else "word"
        return f'<span class="{kind}">{escape(scalar(value))}</span>'

    def _text(self, text: str) -> str:
        if len(text) <= FOLDED_FROM:
            return self._strings.html(text) if text else f'<span class="empty">{_("empty")}</span>'
        note = ""
        if len(text) > LONGEST_STRING:
            note = _note(_("Cut here; all of it is in the raw JSON."))
        summary = escape(tidy(" ".join(text[:SHOWN_OF_FOLDED].split())))
        inside = f'<div class="long">{self._strings.html(text[:LONGEST_STRING])}</div>{note}'
        return f"<details><summary>{summary}…</summary>{inside}</details>"

    def _list(self, entries: list[Any], hints: Hints, depth: int) -> str:
        shown = [
            f"<li>{self.block(entry, hints.entry(number), depth + 1)}</li>"
            for number, entry in enumerate(entries[:MOST_ENTRIES])
        ]
        return f"<ul>{''.join(shown)}</ul>{_left_out(len(entries), MOST_ENTRIES)}"

    def _object(self, value: dict[str, Any], hints: Hints, depth: int) -> str:
        wanted = [name for name in hints.names if name in value]
        names = list(dict.fromkeys([*wanted, *value]))
        rows = []
        for name in names[:MOST_ENTRIES]:
            part = hints.part(name)
            inside = self.block(value[name], part, depth + 1)
            rows.append(f"<div><dt>{_name(name, part)}</dt><dd>{inside}</dd></div>")
        return f"<dl>{''.join(rows)}</dl>{_left_out(len(names), MOST_ENTRIES)}"

    def _table(self, rows: list[dict[str, Any]], columns: list[str], hints: Hints, depth: int) -> str:
        entry = hints.entry(0)
        numeric = {name for name in columns if _is_numeric(rows, name)}
        parts = {name: entry.part(name) for name in columns}
        head = "".join(f'<th scope="col"{_side(name in numeric)}>{_name(name, parts[name])}</th>' for name in columns)
        self._in_table = True
        body = "".join(self._row(row, columns, parts, numeric, depth) for row in rows[:MOST_ROWS])
        self._in_table = False
        return (
            f'<div class="table" tabindex="0" role="group" aria-label="{escape_attribute(_("Table"))}"><table>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{_left_out(len(rows), MOST_ROWS)}"
        )

    def _row(
        self, row: dict[str, Any], columns: list[str], parts: Mapping[str, Hints], numeric: set[str], depth: int
    ) -> str:
        if self._written > MOST_HTML:
            self.is_full = True
            return ""
        cells = (
            f"<td{_side(name in numeric)}>{self.block(row[name], parts[name], depth + 1) if name in row else ''}</td>"
            for name in columns
        )
        return f"<tr>{''.join(cells)}</tr>"


def _columns(rows: list[Any], hints: Hints) -> list[str]:
    """The names of the columns when these entries make a table: objects, mostly of the same shape. Empty otherwise."""
    if not all(isinstance(row, dict) and row for row in rows):
        return []
    there = dict.fromkeys(name for row in rows for name in row)
    cells = sum(map(len, rows))
    if len(there) > MOST_COLUMNS or cells * 2 < len(there) * len(rows):
        return []
    wanted = [name for name in hints.entry(0).names if name in there]
    return [*wanted, *(name for name in there if name not in wanted)]


def _is_numeric(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    values = [row[name] for row in rows if row.get(name) is not None]
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _side(is_numeric: bool) -> str:
    return ' class="align-right"' if is_numeric else ""


def _name(name: str, hints: Hints) -> str:
    """What a part is called by the schema, or as it is named, with what the schema says about it as a tooltip."""
    shown = escape(tidy(hints.title or name).strip()) or f'<span class="empty">{_("no name")}</span>'
    about = hints.description
    return f'<span title="{escape_attribute(about)}">{shown}</span>' if about else shown


def _left_out(count: int, most: int) -> str:
    if count <= most:
        return ""
    words = {"most": f"{most:,}", "count": f"{count:,}"}
    return _note(_("The first %(most)s of %(count)s; all of them are in the raw JSON.") % words)


def _note(sentence: str) -> str:
    return f'<p class="note">{escape(sentence)}</p>'


def _entries(count: int) -> str:
    return ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}


def _parts(count: int) -> str:
    return ngettext("%(count)d part", "%(count)d parts", count) % {"count": count}


def strings_in(value: Any) -> Iterator[str]:
    """Every text in the value, names left out."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings_in(inner)
