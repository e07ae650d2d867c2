"""What jsonschema finds wrong with a schema, or with a value by a schema, in words for those who have read neither."""

import re
from typing import Any

from jsonschema.exceptions import ValidationError, best_match

from chat.structured.json_text import Path, dumps, scalar
from chat.structured.problems import quoted
from core.sentences import listed
from core.sentences import sentence as _

_PLAIN_NAME = re.compile(r"[a-zA-Z0-9_-]+")
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
    schema: Any = error.schema
    if error.validator == "required":
        missing = [name for name in wanted if name not in instance]
        return [_("%(place)s is missing.") % {"place": _named((*path, name))} for name in missing]
    if error.validator == "additionalProperties":
        extra = [name for name in instance if name not in schema.get("properties", {})][:3]
        return [_("%(place)s isn’t in the schema.") % {"place": _named((*path, name))} for name in extra]
    if error.context and error.validator in ("anyOf", "oneOf"):
        kinds: list[Any] = [
            inner.validator_value for inner in error.context if inner.validator == "type" and not inner.path
        ]
        if len(kinds) == len(error.context) and all(isinstance(kind, str) for kind in kinds):
            return [_about_type(_named(path), kinds)]
        nearest = best_match([error])
        if nearest and nearest.validator not in ("anyOf", "oneOf"):
            return about_value(nearest)
        return [_("%(place)s doesn’t match any form the schema allows.") % {"place": _named(path)}]
    return [_about_fault(_named(path), str(error.validator), wanted)]


def _named(path: Path) -> str:
    """A place in the answer as a person names it: “lights[2].year”."""
    text = ""
    for step in path:
        is_plain = isinstance(step, str) and _PLAIN_NAME.fullmatch(step)
        text += f".{step}" if is_plain else f"[{scalar(step)}]"
    return quoted(text.removeprefix("."), most=120) if text else _("The answer")


def _about_type(place: str, kinds: list[str]) -> str:
    names: list[str] = [_TYPES.get(kind, kind) for kind in kinds]
    if len(names) == 1:
        return _("%(place)s is not %(kind)s.") % {"place": place, "kind": names[0]}
    return _("%(place)s is none of these: %(kinds)s.") % {"place": place, "kinds": listed(names)}


def _about_fault(place: str, keyword: str, wanted: Any) -> str:
    if keyword == "type":
        return _about_type(place, [wanted] if isinstance(wanted, str) else wanted)
    if keyword not in _FAULTS:
        words = {"place": place, "keyword": keyword}
        return _("%(place)s doesn’t match what the schema says about it (%(keyword)s).") % words
    shown = quoted(dumps(wanted, indent=None)) if isinstance(wanted, dict | list) else scalar(wanted)
    return _FAULTS[keyword] % {"place": place, "wanted": shown}
