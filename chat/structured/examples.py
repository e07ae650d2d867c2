"""Schemas to begin with."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy


class Example(NamedTuple):
    """A schema to begin with."""

    name: str
    label: Any
    schema: Mapping[str, Any]


def _object(*required: str, **parts: Any) -> dict[str, Any]:
    return {"type": "object", "properties": parts, "required": [*required], "additionalProperties": False}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


_NAME = {"type": "string", "title": "Name"}
_YEAR = {"type": "integer", "title": "Year"}
_PLACE = {"type": "string", "title": "Place"}
_BEGUN = {**_YEAR, "description": "In which it began"}
_SUMMARY = {"type": "string", "title": "Summary"}
_VERDICT = {"type": "string", "enum": ["yes", "no", "unclear"]}
_THING = _object("name", "summary", name=_NAME, year=_BEGUN, summary=_SUMMARY)
_ROW = _object("name", name=_NAME, year=_YEAR, place=_PLACE)
_ANSWER = _object("verdict", "reasons", verdict=_VERDICT, reasons=_list({"type": "string"}))

EXAMPLES: Mapping[str, Example] = {
    example.name: example
    for example in (
        Example("object", gettext_lazy("A single item"), _THING),
        Example("list", gettext_lazy("A table"), _object("rows", rows=_list(_ROW))),
        Example("verdict", gettext_lazy("Yes or no, with reasons"), _ANSWER),
    )
}
