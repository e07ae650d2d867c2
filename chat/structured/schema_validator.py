"""What keeps a value from being what a schema describes: jsonschema, with work that has a bound.

Expressions are compared by RE2, never by Python's `re`; nothing is fetched; what is looked at counts, so that
references and choices in each other come to an end.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from jsonschema_specifications import REGISTRY
from referencing import Registry

from chat.structured.json_text import scalar
from chat.structured.problems import TooMuch
from chat.structured.regex import Expression
from core.cpu_budget import CpuBudget

MOST_SECONDS = 0.4  # CPU seconds
_MOST_CHARACTERS = 20_000_000  # of the texts that are looked at, once for each keyword that does
_MOST_ERRORS = 200
_VOCABULARIES = ("core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content")
# For these jsonschema compares names by `re`. No schema that is sent has them.
_REFUSED = frozenset({"patternProperties", "unevaluatedItems", "unevaluatedProperties"})

Keyword = Callable[[Any, Any, Any, Any], Any]


def errors(value: Any, schema: Mapping[str, Any], budget: CpuBudget | None = None) -> list[ValidationError]:
    """The first differences between a value and a schema. Raises OverBudget.

    The schema is one about which `schemas.complaints` has nothing to say: a "$schema" within it, for one, would have
    jsonschema go on with a validator of its own.
    """
    budget = budget or CpuBudget(MOST_SECONDS)
    characters = _MOST_CHARACTERS
    allowed: dict[int, set[Any]] = {}

    def enum(_of: Any, wanted: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
        if id(wanted) not in allowed:
            allowed[id(wanted)] = set(map(_key, wanted))
        if _key(instance) not in allowed[id(wanted)]:
            yield ValidationError("")

    def counted(keyword: Keyword) -> Keyword:
        def check(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterable[ValidationError]:
            nonlocal characters
            characters -= len(instance) if isinstance(instance, str) else 0
            if characters < 0 or not _REFUSED.isdisjoint(schema):
                raise TooMuch
            budget.check()
            return map(_without_words, keyword(validator, wanted, instance, schema))

        return check

    keywords = {**Draft202012Validator.VALIDATORS, **_KEYWORDS, "enum": enum}
    counting = {name: counted(keyword) for name, keyword in keywords.items()}
    kind = extend(Draft202012Validator, counting)  # type: ignore[no-untyped-call]
    root = {name: part for name, part in schema.items() if name not in ("$id", "$schema")}
    try:
        with budget.counted():
            return list(islice(kind(root, registry=Registry()).iter_errors(value), _MOST_ERRORS))
    except RecursionError:
        raise TooMuch from None


@cache
def metaschema() -> Mapping[str, Any]:
    """What the standard (draft 2020-12) says about schemas, its vocabularies put together in one schema.

    As published they refer to each other dynamically and each says "$schema", which takes jsonschema twenty times as
    long and away from the keywords below.
    """
    properties: dict[str, Any] = {}
    shared: dict[str, Any] = {}
    for name in _VOCABULARIES:
        vocabulary = REGISTRY.contents(f"https://json-schema.org/draft/2020-12/meta/{name}")
        properties |= vocabulary["properties"]
        shared |= vocabulary.get("$defs", {})
    whole = json.dumps({"type": ["object", "boolean"], "properties": properties, "$defs": shared})
    merged: dict[str, Any] = json.loads(whole.replace('"$dynamicRef": "#meta"', '"$ref": "#"'))
    return merged


def _without_words(error: ValidationError) -> ValidationError:
    """The value stands in its message, which nobody reads; there may be thousands of them."""
    error.args, error.message = (), ""
    return error


def _key(value: Any) -> Any:
    """What two values share that are equal in JSON: 1 and 1.0 do, 1 and true do not. It can be looked up, for to
    compare each with each takes too long; numbers as text, for of numbers one can find many with the same hash."""
    if isinstance(value, dict):
        return frozenset((name, _key(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return tuple(map(_key, value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int, f"{int(value):x}" if value % 1 == 0 else float(value).hex()
    return (bool, value) if isinstance(value, bool) else value


def _pattern(_of: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not Expression.of_schema(pattern).occurs_in(instance):
        yield ValidationError("")


def _unique_items(_of: Any, wanted: bool, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if wanted and isinstance(instance, list) and len(set(_key(instance))) < len(instance):
        yield ValidationError("")


def _multiple_of(_of: Any, step: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    """Counted in tenths and not in halves: 0.3 is three times 0.1."""
    if isinstance(instance, bool) or not isinstance(instance, int | float):
        return
    try:
        is_multiple = Decimal(scalar(instance)) % Decimal(scalar(step)) == 0
    except InvalidOperation:
        is_multiple = False
    if not is_multiple:
        yield ValidationError("")


_KEYWORDS = {"multipleOf": _multiple_of, "pattern": _pattern, "uniqueItems": _unique_items}
