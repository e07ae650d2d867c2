"""Whether a value is what a schema describes, and if not, why, in words."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry

from chat.structured import schemas
from chat.structured.json_text import Path, scalar, written
from chat.structured.matching import Matcher, TooMuch, anywhere
from chat.structured.problems import quoted

MOST_VISITS = 2_000_000  # values times parts of the schema
_MOST_LOOKED_AT = 200

_IDENTIFIER_SIGNS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def reasons(value: Any, schema: Mapping[str, Any], *, most: int = 3) -> list[str]:
    """The first reasons why the value is not what the schema describes, in the value's order; empty when it is.

    The schema is one about which `schemas.complaints` has nothing to say. Raises TooMuch.
    """
    if _values(value) * _parts(schema, schema) > MOST_VISITS:
        raise TooMuch
    root = {name: part for name, part in schema.items() if name not in ("$id", "$schema")}
    errors = sorted(islice(_validator(root).iter_errors(value), _MOST_LOOKED_AT), key=_order)
    return list(islice(dict.fromkeys(sentence for error in errors for sentence in _in_words(error)), most))


def _values(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_values, inner))


def _parts(root: Mapping[str, Any], node: Any) -> int:
    """The parts of the schema with its references written out."""
    within = [part for steps, part in schemas.parts(node) if steps[0] not in ("$defs", "definitions")]
    there = schemas.resolved(root, node["$ref"]) if isinstance(node, dict) and "$ref" in node else None
    return 1 + sum(_parts(root, part) for part in [*within, *([there[1]] if there else [])])


def _validator(schema: dict[str, Any]) -> Validator:
    matchers: dict[str, Matcher] = {}

    def pattern(_of: Any, expression: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
        if isinstance(instance, str):
            matcher = matchers.get(expression) or matchers.setdefault(expression, anywhere(expression))
            if not matcher.matches(instance):
                yield ValidationError("pattern")

    keywords = {"pattern": pattern, "multipleOf": _multiple_of, "uniqueItems": _unique_items}
    kind = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    validator: Validator = kind(schema, registry=Registry())
    return validator


def _multiple_of(_of: Any, step: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    """Counted in tenths and not in halves: 0.3 is three times 0.1."""
    if isinstance(instance, bool) or not isinstance(instance, int | float):
        return
    try:
        is_multiple = Decimal(scalar(instance)) % Decimal(scalar(step)) == 0
    except InvalidOperation:
        is_multiple = False
    if not is_multiple:
        yield ValidationError("multipleOf")


def _unique_items(_of: Any, wanted: bool, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    """By what is written, for comparing each with each would take too long."""
    if wanted and isinstance(instance, list) and len({written(item) for item in instance}) < len(instance):
        yield ValidationError("uniqueItems")


def _order(error: ValidationError) -> tuple[tuple[int, int | str], ...]:
    return tuple((0, step) if isinstance(step, int) else (1, step) for step in error.absolute_path)


def named(path: Path) -> str:
    """A place in the answer as a person names it: “lights[2].year”."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step and set(step) <= _IDENTIFIER_SIGNS:
            text += f".{step}" if text else step
        else:
            text += f"[{scalar(step)}]"
    return quoted(text, most=120) if text else _("The answer")


def _in_words(error: ValidationError) -> list[str]:
    """The sentences that one error stands for."""
    path = tuple(error.absolute_path)
    wanted: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        return [_("%(place)s is missing.") % {"place": named((*path, name))} for name in wanted if name not in instance]
    if error.validator == "additionalProperties" and isinstance(error.schema, Mapping):
        known = error.schema.get("properties", {})
        extra = [name for name in instance if name not in known][:3]
        return [_("%(place)s is not in the schema.") % {"place": named((*path, name))} for name in extra]
    if error.validator in ("anyOf", "oneOf") and error.context:
        return _about_choice(error)
    return [_("%(place)s %(fault)s.") % {"place": named(path), "fault": _fault(error)}]


def _about_choice(error: ValidationError) -> list[str]:
    kinds: list[Any] = [
        inner.validator_value for inner in error.context or [] if inner.validator == "type" and not inner.path
    ]
    if len(kinds) == len(error.context or []) and all(isinstance(kind, str) for kind in kinds):
        return [_not_of(named(tuple(error.absolute_path)), kinds)]
    nearest = best_match(iter([error]))
    if nearest is not None and nearest is not error and nearest.validator not in ("anyOf", "oneOf"):
        return _in_words(nearest)
    return [_("%(place)s has none of the forms that the schema allows.") % {"place": named(tuple(error.absolute_path))}]


def _not_of(place: str, kinds: list[str]) -> str:
    names = {
        "string": _("a text"),
        "integer": _("a whole number"),
        "number": _("a number"),
        "boolean": _("true or false"),
        "array": _("a list"),
        "object": _("an object"),
        "null": _("null"),
    }
    words = _(" or ").join(names.get(kind, kind) for kind in kinds)
    return _("%(place)s is not %(kind)s.") % {"place": place, "kind": words}


def _fault(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    keyword = str(error.validator)
    if keyword == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        return _not_of("", kinds).strip().removesuffix(".")
    shown = quoted(written(wanted, indent=None)) if isinstance(wanted, dict | list) else scalar(wanted)
    sentences = {
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
    fallback = _("does not fit what the schema says about it (%(keyword)s)")
    return sentences.get(keyword, fallback) % {"wanted": shown, "keyword": keyword}
