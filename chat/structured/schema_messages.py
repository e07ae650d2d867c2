"""What jsonschema finds wrong with a schema, or with a value by a schema, in words for those who have read neither."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from jsonschema.exceptions import ValidationError, best_match

from chat.structured.json_text import Path, dumps, scalar
from chat.structured.problems import quoted
from core.sentences import sentence as _

_IDENTIFIER_SIGNS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_TYPES = {
    "string": _("a text"),
    "integer": _("a whole number"),
    "number": _("a number"),
    "boolean": _("true or false"),
    "object": _("an object"),
    "array": _("a list"),
    "null": _("null"),
}
_FAULTS = {
    "enum": _("is none of the allowed values %(wanted)s"),
    "const": _("is not %(wanted)s"),
    "minimum": _("is less than %(wanted)s"),
    "maximum": _("is more than %(wanted)s"),
    "exclusiveMinimum": _("is not more than %(wanted)s"),
    "exclusiveMaximum": _("is not less than %(wanted)s"),
    "multipleOf": _("is no multiple of %(wanted)s"),
    "minLength": _("has fewer than %(wanted)s characters"),
    "maxLength": _("has more than %(wanted)s characters"),
    "minItems": _("has fewer than %(wanted)s entries"),
    "maxItems": _("has more than %(wanted)s entries"),
    "minProperties": _("has fewer than %(wanted)s parts"),
    "maxProperties": _("has more than %(wanted)s parts"),
    "uniqueItems": _("has an entry twice"),
    "pattern": _("does not match the expression %(wanted)s"),
}


def about_schema(error: ValidationError) -> str:
    """What is wrong with a schema by the standard."""
    keyword = next((step for step in reversed(error.absolute_path) if isinstance(step, str)), "")
    shown = quoted(error.instance if isinstance(error.instance, str) else dumps(error.instance, indent=None))
    words = {"keyword": quoted(keyword), "value": shown}
    if keyword == "type":
        return _("%(word)s is no type. Types are %(types)s.") % {"word": shown, "types": ", ".join(_TYPES)}
    if keyword == "required":
        return _("“required” is a list of names, each once.")
    if error.absolute_path[-1] in ("enum", "anyOf", "oneOf", "allOf", "prefixItems"):
        return _("%(keyword)s has to be a list that is not empty.") % words
    wanted = error.validator_value if error.validator == "type" else None
    if wanted in (["object", "boolean"], "object"):
        return _("Here a schema has to stand, in curly brackets, not %(value)s.") % words
    if wanted == "string":
        return _("%(keyword)s has to be a text, not %(value)s.") % words
    if wanted in ("number", "integer") or error.validator in ("minimum", "exclusiveMinimum"):
        return _("%(keyword)s has to be a suitable number, not %(value)s.") % words
    return _("%(keyword)s cannot be %(value)s.") % words


def about_value(error: ValidationError) -> list[str]:
    """The sentences that one difference between a value and its schema stands for."""
    path = tuple(error.absolute_path)
    wanted: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        return [
            _("%(place)s is missing.") % {"place": _named((*path, name))} for name in wanted if name not in instance
        ]
    if error.validator == "additionalProperties" and isinstance(error.schema, Mapping):
        known = error.schema.get("properties", {})
        extra = [name for name in instance if name not in known][:3]
        return [_("%(place)s is not in the schema.") % {"place": _named((*path, name))} for name in extra]
    if error.validator in ("anyOf", "oneOf") and error.context:
        return _about_choice(error)
    return [_("%(place)s %(fault)s.") % {"place": _named(path), "fault": _fault(error)}]


def _named(path: Path) -> str:
    """A place in the answer as a person names it: “lights[2].year”."""
    text = ""
    for step in path:
        if isinstance(step, str) and step and set(step) <= _IDENTIFIER_SIGNS:
            text += f".{step}" if text else step
        else:
            text += f"[{scalar(step)}]"
    return quoted(text, most=120) if text else _("The answer")


def _about_choice(error: ValidationError) -> list[str]:
    place = _named(tuple(error.absolute_path))
    kinds: list[Any] = [
        inner.validator_value for inner in error.context or [] if inner.validator == "type" and not inner.path
    ]
    if len(kinds) == len(error.context or []) and all(isinstance(kind, str) for kind in kinds):
        return [_("%(place)s %(fault)s.") % {"place": place, "fault": _not_of(kinds)}]
    nearest = best_match(iter([error]))
    if nearest is not None and nearest is not error and nearest.validator not in ("anyOf", "oneOf"):
        return about_value(nearest)
    return [_("%(place)s has none of the forms that the schema allows.") % {"place": place}]


def _not_of(kinds: list[str]) -> str:
    return _("is not %(kind)s") % {"kind": reduce(_either, (_TYPES.get(kind, kind) for kind in kinds))}


def _either(one: str, other: str) -> str:
    return _("%(one)s or %(other)s") % {"one": one, "other": other}


def _fault(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    keyword = str(error.validator)
    if keyword == "type":
        return _not_of([wanted] if isinstance(wanted, str) else wanted)
    if keyword not in _FAULTS:
        return _("does not fit what the schema says about it (%(keyword)s)") % {"keyword": keyword}
    shown = quoted(dumps(wanted, indent=None)) if isinstance(wanted, dict | list) else scalar(wanted)
    return _FAULTS[keyword] % {"wanted": shown}
