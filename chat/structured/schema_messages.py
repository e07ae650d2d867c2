"""What jsonschema finds wrong with a schema, or with a value by a schema, in words for those who have read neither."""

from collections.abc import Mapping
from typing import Any

from jsonschema.exceptions import ValidationError, best_match

from chat.structured.json_text import Path, dumps, scalar
from chat.structured.problems import quoted
from core.sentences import listed
from core.sentences import sentence as _

_IDENTIFIER_SIGNS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_TYPES = {
    "string": _("a string"),
    "integer": _("a whole number"),
    "number": _("a number"),
    "boolean": _("true or false"),
    "object": _("an object"),
    "array": _("a list"),
    "null": _("null"),
}
_FAULTS = {
    "enum": _("%(place)s is not one of the allowed values %(wanted)s."),
    "const": _("%(place)s is not %(wanted)s."),
    "minimum": _("%(place)s is less than %(wanted)s."),
    "maximum": _("%(place)s is more than %(wanted)s."),
    "exclusiveMinimum": _("%(place)s is not more than %(wanted)s."),
    "exclusiveMaximum": _("%(place)s is not less than %(wanted)s."),
    "multipleOf": _("%(place)s is not a multiple of %(wanted)s."),
    "minLength": _("%(place)s has fewer than %(wanted)s characters."),
    "maxLength": _("%(place)s has more than %(wanted)s characters."),
    "minItems": _("%(place)s has fewer than %(wanted)s entries."),
    "maxItems": _("%(place)s has more than %(wanted)s entries."),
    "minProperties": _("%(place)s has fewer than %(wanted)s parts."),
    "maxProperties": _("%(place)s has more than %(wanted)s parts."),
    "uniqueItems": _("%(place)s has the same entry twice."),
    "pattern": _("%(place)s doesn’t match the expression %(wanted)s."),
}


def about_schema(error: ValidationError) -> str:
    """What is wrong with a schema by the standard."""
    keyword = next((step for step in reversed(error.absolute_path) if isinstance(step, str)), "")
    shown = quoted(error.instance if isinstance(error.instance, str) else dumps(error.instance, indent=None))
    words = {"keyword": quoted(keyword), "value": shown}
    if keyword == "type":
        return _("%(word)s isn’t a type. Use one of: %(types)s.") % {"word": shown, "types": listed(_TYPES)}
    if keyword == "required":
        return _("“required” must be a list of unique names.")
    if error.absolute_path[-1] in ("enum", "anyOf", "oneOf", "allOf", "prefixItems"):
        return _("%(keyword)s must be a list with at least one entry.") % words
    wanted = error.validator_value if error.validator == "type" else None
    if wanted in (["object", "boolean"], "object"):
        return _("A schema in curly brackets is expected here, not %(value)s.") % words
    if wanted == "string":
        return _("%(keyword)s must be a string, not %(value)s.") % words
    if wanted in ("number", "integer") or error.validator in ("minimum", "exclusiveMinimum"):
        return _("%(keyword)s must be a valid number, not %(value)s.") % words
    return _("%(keyword)s can’t be %(value)s.") % words


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
        return [_("%(place)s isn’t in the schema.") % {"place": _named((*path, name))} for name in extra]
    if error.validator in ("anyOf", "oneOf") and error.context:
        return _about_choice(error)
    return [_about_fault(error)]


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
        return [_about_type(place, kinds)]
    nearest = best_match(iter([error]))
    if nearest is not None and nearest is not error and nearest.validator not in ("anyOf", "oneOf"):
        return about_value(nearest)
    return [_("%(place)s doesn’t match any form the schema allows.") % {"place": place}]


def _about_type(place: str, kinds: list[str]) -> str:
    names: list[str] = [_TYPES.get(kind, kind) for kind in kinds]
    if len(names) == 1:
        return _("%(place)s is not %(kind)s.") % {"place": place, "kind": names[0]}
    return _("%(place)s is none of these: %(kinds)s.") % {"place": place, "kinds": listed(names)}


def _about_fault(error: ValidationError) -> str:
    place = _named(tuple(error.absolute_path))
    wanted: Any = error.validator_value
    keyword = str(error.validator)
    if keyword == "type":
        return _about_type(place, [wanted] if isinstance(wanted, str) else wanted)
    if keyword not in _FAULTS:
        words = {"place": place, "keyword": keyword}
        return _("%(place)s doesn’t match what the schema says about it (%(keyword)s).") % words
    shown = quoted(dumps(wanted, indent=None)) if isinstance(wanted, dict | list) else scalar(wanted)
    return _FAULTS[keyword] % {"place": place, "wanted": shown}
