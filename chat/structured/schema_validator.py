"""What keeps a value from being what a schema describes: jsonschema, with work that has a bound.

Expressions are compared by RE2, never by Python's `re`; nothing is fetched; every keyword that is looked at counts, and
so does the length of what it looks at, so that references and choices in each other come to an end.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from jsonschema_specifications import REGISTRY
from referencing import Registry

from chat.structured.json_text import scalar
from chat.structured.problems import TooMuch
from chat.structured.regex import Expression
from core.cpu_budget import CpuBudget

MOST_STEPS = 100_000  # keywords that are looked at, ten to twenty microseconds each
MOST_SECONDS = 0.4  # CPU seconds
_MOST_ERRORS = 200

_CHARACTERS = 200  # of a value take as long as a keyword
_EXPRESSION = 1_000  # size of an expression times length of a text that takes as long as a keyword
_COMPILED = 5  # size of an expression that is made ready in the time that a keyword takes
_VOCABULARIES = ("core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content")
# For these jsonschema compares names by `re`. No schema that is sent has them.
_REFUSED = frozenset({"patternProperties", "unevaluatedItems", "unevaluatedProperties"})

Keyword = Callable[[Any, Any, Any, Any], Any]


class Budget:
    """The steps that are left for comparing, with one value or with several, and the CPU time for them."""

    def __init__(self, time: CpuBudget) -> None:
        self._left = MOST_STEPS
        self._time = time

    def take(self, steps: int) -> None:
        """Raise TooMuch when no more are left, and OverBudget when the time is used up."""
        self._left -= steps
        if self._left < 0:
            raise TooMuch
        self._time.check()


def errors(value: Any, schema: Mapping[str, Any], budget: Budget | None = None) -> list[ValidationError]:
    """The first differences between a value and a schema. Raises TooMuch or OverBudget.

    The schema is one about which `schemas.complaints` has nothing to say: a "$schema" within it, for one, would have
    jsonschema go on with a validator of its own.
    """
    root = {name: part for name, part in schema.items() if name not in ("$id", "$schema")}
    validator: Validator = _Rules(value, budget or Budget(CpuBudget(MOST_SECONDS))).validator(root)
    try:
        return list(islice(validator.iter_errors(value), _MOST_ERRORS))
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


class _Rules:
    """The keywords for comparing one value, which count their steps."""

    def __init__(self, value: Any, budget: Budget) -> None:
        self._take = budget.take
        self._lengths: dict[int, int] = {}
        self._expressions: dict[str, Expression] = {}
        self._allowed: dict[int, set[Any]] = {}
        self._measure(value)

    def validator(self, schema: Mapping[str, Any]) -> Validator:
        own: dict[str, Keyword] = {
            "const": self._const,
            "enum": self._enum,
            "multipleOf": _multiple_of,
            "pattern": self._pattern,
            "uniqueItems": self._unique_items,
        }
        keywords = {name: self._counted(keyword) for name, keyword in (Draft202012Validator.VALIDATORS | own).items()}
        kind = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
        validator: Validator = kind(schema, registry=Registry())
        return validator

    def _measure(self, value: Any) -> int:
        """The length of a value in characters, which is kept for lists and objects."""
        if isinstance(value, str):
            return len(value) + 1
        if not isinstance(value, dict | list):
            return 5
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        length = self._lengths[id(value)] = 1 + sum(map(self._measure, inner))
        return length

    def _length(self, value: Any) -> int:
        return len(value) if isinstance(value, str) else self._lengths.get(id(value), 1)

    def _counted(self, keyword: Keyword) -> Keyword:
        def check(validator: Any, wanted: Any, instance: Any, schema: Any) -> Any:
            if not _REFUSED.isdisjoint(schema):
                raise TooMuch
            within = len(wanted) if isinstance(wanted, list | dict) and keyword != self._enum else 0
            self._take(1 + self._length(instance) // _CHARACTERS + within // 10)
            return keyword(validator, wanted, instance, schema)

        return check

    def _pattern(self, _of: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
        if not isinstance(instance, str):
            return
        if pattern not in self._expressions:
            expression = self._expressions[pattern] = Expression.of_schema(pattern)
            self._take(expression.size // _COMPILED)
        expression = self._expressions[pattern]
        self._take(expression.cost(instance) // _EXPRESSION)
        if not expression.occurs_in(instance):
            yield ValidationError("pattern")

    def _enum(self, _of: Any, allowed: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
        """By what can be looked up, as in the two keywords that follow: comparing each with each takes too long."""
        if id(allowed) not in self._allowed:
            self._allowed[id(allowed)] = set(map(_key, allowed))
        if self._key(instance) not in self._allowed[id(allowed)]:
            yield ValidationError("enum")

    def _const(self, _of: Any, wanted: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
        if self._key(instance) != _key(wanted):
            yield ValidationError("const")

    def _unique_items(self, _of: Any, wanted: bool, instance: Any, _schema: Any) -> Iterator[ValidationError]:
        if wanted and isinstance(instance, list) and len(set(self._key(instance))) < len(instance):
            yield ValidationError("uniqueItems")

    def _key(self, instance: Any) -> Any:
        self._take(self._length(instance) // 10)
        return _key(instance)


def _key(value: Any) -> Any:
    """What two values share that are equal in JSON: 1 and 1.0 do, 1 and true do not."""
    if isinstance(value, dict):
        return frozenset((name, _key(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return tuple(map(_key, value))
    return (bool, value) if isinstance(value, bool) else value


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
