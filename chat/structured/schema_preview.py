"""What an answer by a schema will look like, in a sentence."""

from django.utils.translation import gettext as _

from chat.structured import json_text, schemas
from chat.structured.problems import Mistake, quoted
from chat.structured.schema_hints import Hints
from core.web.wording import enumerated

_MOST_NAMES = 8
_DEEPEST = 3


def formatted(text: str) -> str:
    """The JSON neatly on lines of its own; what cannot be read stays as it is."""
    try:
        return json_text.dumps(json_text.parse(text))
    except Mistake:
        return text


def preview(text: str) -> str:
    """How answers by the schema in this text will be shown; empty for a text that is no schema to send."""
    found = schemas.read_schema(text)
    return "" if found.problems else _described(Hints.of(found.schema), 0)


def _described(hints: Hints, depth: int) -> str:
    entry = hints.entry(0)
    if entry.names:
        return _("A table with the columns %(names)s.") % {"names": _listed(entry)}
    tables = [name for name in hints.names if hints.part(name).entry(0).names] if depth < _DEEPEST else []
    if len(tables) == 1 and len(hints.names) == 1:
        return _described(hints.part(tables[0]), depth + 1)
    if hints.names:
        words = {"names": _listed(hints), "tables": enumerated(quoted(_called(name, hints)) for name in tables)}
        if tables:
            return _("A list of %(names)s, with a table for %(tables)s.") % words
        return _("A list of %(names)s.") % words
    return _("A list of entries.") if hints.is_list else _("A single value.")


def _listed(hints: Hints) -> str:
    names = [_called(name, hints) for name in hints.names]
    shown: list[str] = [quoted(name, most=40) for name in names[:_MOST_NAMES]]
    return enumerated([*shown, "…"] if len(names) > _MOST_NAMES else shown)


def _called(name: str, hints: Hints) -> str:
    return hints.part(name).title or name
