"""The format of an answer: a JSON schema or a regular expression, between the form and the request."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _

from chat import structured
from chat.options.controls import REGEX, SCHEMA
from core.text import INVISIBLE, visible_text
from core.web.formats import number
from core.web.wording import said

LONGEST = 30_000  # characters of a schema or an expression
LARGEST = 2**53  # whole numbers beyond it lose digits on the way


class InvalidOption(Exception):
    """What was typed cannot be what is asked for. Its text is a sentence for whoever typed it."""


class NothingTyped(InvalidOption):
    """Nothing was typed yet where something has to stand before the question goes."""


def parse_response_format(kind: str, typed: Mapping[str, str], name: str) -> dict[str, Any] | None:
    """The `response_format` that was chosen and typed, None for none. Raises Wrong."""
    if kind == "json_schema":
        return {"type": kind, kind: schema_in(typed.get(name + SCHEMA, ""))}
    if kind == "regex":
        expression = visible_text(typed.get(name + REGEX, "")).strip()
        if not expression:
            raise NothingTyped(_("Enter the regular expression the answer must match."))
        _must_be_short(expression)
        _must_be_right(structured.check_regex(expression))
        return {"type": kind, kind: {"regex": expression}}
    if kind:
        raise InvalidOption(_("Choose one of the formats in the list."))
    return None


def response_format_texts(value: Mapping[str, Any], name: str) -> dict[str, str]:
    """What stands in the controls for this `response_format`. Text, which every answer is anyway, is no format."""
    kind = value.get("type")
    inner = value.get(kind) if isinstance(kind, str) else None
    if kind == "json_schema" and isinstance(inner, Mapping):
        shown = inner.get("schema") if set(inner) == {"schema"} else inner
        return {name: kind, name + SCHEMA: json.dumps(shown, indent=2, ensure_ascii=False)}
    if kind == "regex" and isinstance(inner, Mapping):
        return {name: kind, name + REGEX: str(inner.get("regex", ""))}
    return {}


def schema_in(text: str) -> dict[str, Any]:
    """The schema, with its name and what else was pasted around it, as `response_format.json_schema` wants it.

    Takes the schema alone, `{"name": …, "schema": …}`, or a whole `response_format`. Raises Wrong.
    """
    text = visible_text(text)
    if not text.strip():
        raise NothingTyped(_("Enter the JSON schema the answer must follow."))
    _must_be_short(text)
    found = structured.read_schema(text)
    _must_be_right(found.problems)
    _must_be_storable(found.wrapper)
    wrapper: dict[str, Any] = deepcopy(found.wrapper)
    return wrapper


def _must_be_storable(value: Any) -> None:
    """Raise Wrong for what reads as JSON and yet no database or upstream takes."""
    if isinstance(value, dict | list):
        for inner in [*value, *value.values()] if isinstance(value, dict) else value:
            _must_be_storable(inner)
    elif isinstance(value, str) and INVISIBLE.search(value):
        raise InvalidOption(_("This JSON contains invisible characters."))
    elif isinstance(value, int | float) and not abs(value) <= LARGEST:
        raise InvalidOption(_("This JSON contains a number that is too large."))


def _must_be_right(problems: Sequence[structured.Problem]) -> None:
    if problems:
        first = problems[0]
        place = {"line": first.line, "column": first.column, "sentence": said(first.sentence)}
        raise InvalidOption(_("Line %(line)d, column %(column)d: %(sentence)s") % place)


def _must_be_short(text: str) -> None:
    if len(text) > LONGEST:
        raise InvalidOption(_("Use at most %(most)s characters.") % {"most": number(LONGEST)})
