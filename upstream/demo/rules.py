"""A small engine that applies a table: what a service takes is written down as data, one `Rule` for each value.

A table says of which type a value is, within which bounds, and what is required. It has no words: each service turns a
`Problem` into its own sentence. What several values must be together is said by the functions beside a table.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Kind = Literal["flag", "integer", "number", "text", "list", "text or list", "object", "anything"]
Code = Literal["required", "type", "choice", "least", "most", "fit", "length", "unknown", "variant"]

TYPES: Mapping[Kind, tuple[type, ...]] = {
    "flag": (bool,),
    "integer": (int,),
    "number": (int, float),
    "text": (str,),
    "list": (list,),
    "text or list": (str, list),
    "object": (dict,),
    "anything": (object,),
}
_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one value may be. `least` and `most` bound numbers (`most` is excluded with `below`) and the length of
    lists; `pattern` is for texts; `fit` gives the reason why a value of the right type does not do, or nothing.

    `fields` are those of an object, and with `closed` there are no others; `variants` are its fields by the value of
    its field `type`, which is the `default_variant` where it is left out. `says` replaces the service's own sentence.
    """

    kind: Kind = "anything"
    required: bool = False
    nullable: bool = True  # null stands for a value that is left out
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    below: bool = False
    pattern: str = ""
    fit: Callable[[Any], str] | None = None
    items: "Rule | None" = None
    fields: Mapping[str, "Rule"] = field(default_factory=dict)
    variants: Mapping[str, Mapping[str, "Rule"]] = field(default_factory=dict)
    default_variant: str = ""
    closed: bool = False
    says: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the `value` at the place `where`, by which `rule`; `reason` is what `fit` said."""

    code: Code
    where: tuple[str | int, ...]
    value: Any
    rule: Rule
    reason: str = ""


def flag(**more: Any) -> Rule:
    """True or false."""
    return Rule(kind="flag", **more)


def integer(least: int, most: int) -> Rule:
    """A whole number within bounds."""
    return Rule(kind="integer", least=least, most=most)


def number(least: float, most: float, *, below: bool = False) -> Rule:
    """A number within bounds, the upper one excluded with `below`."""
    return Rule(kind="number", least=least, most=most, below=below)


def text(pattern: str = "", **more: Any) -> Rule:
    """A string that the whole pattern matches."""
    return Rule(kind="text", pattern=pattern, **more)


def choice(*choices: str, **more: Any) -> Rule:
    """One of these strings."""
    return Rule(kind="text", choices=choices, **more)


def list_of(items: Rule, most: int | None = None, **more: Any) -> Rule:
    """A list."""
    return Rule(**{"kind": "list", "items": items, "most": most, **more})


def required(rule: Rule) -> Rule:
    """The same rule for a value that may not be left out."""
    return replace(rule, required=True)


def problems(value: Any, rule: Rule, *where: str | int) -> Iterator[Problem]:
    """Every problem of a value, in the order of the table."""
    if value is _MISSING or (value is None and rule.nullable):
        if rule.required:
            yield Problem("required", where, None, rule)
    elif code := _broken(value, rule):
        yield Problem(code, where, value, rule)
    elif reason := rule.fit(value) if rule.fit else "":
        yield Problem("fit", where, value, rule, reason)
    elif isinstance(value, list) and rule.items:
        for place, item in enumerate(value):
            yield from problems(item, rule.items, *where, place)
    elif isinstance(value, dict):
        yield from _problems_of_fields(value, rule, where)


def _problems_of_fields(value: Mapping[str, Any], rule: Rule, where: tuple[str | int, ...]) -> Iterator[Problem]:
    fields = rule.fields
    if rule.variants:
        variant = value.get("type", rule.default_variant)
        if not isinstance(variant, str) or variant not in rule.variants:
            yield Problem("variant", where, variant, rule)
            return
        fields = {"type": Rule(), **fields, **rule.variants[variant]}
    if rule.closed:
        yield from (Problem("unknown", (*where, name), value[name], rule) for name in value if name not in fields)
    for name, inner in fields.items():
        yield from problems(value.get(name, _MISSING), inner, *where, name)


def _broken(value: Any, rule: Rule) -> Code | None:
    """Which bound of the rule the value itself breaks."""
    if not isinstance(value, TYPES[rule.kind]) or (isinstance(value, bool) and rule.kind not in ("flag", "anything")):
        return "type"
    if rule.choices and value not in rule.choices:
        return "choice"
    if isinstance(value, str):
        return "fit" if rule.pattern and not re.fullmatch(rule.pattern, value) else None
    least, most = rule.least, rule.most
    if isinstance(value, list):
        return None if (least or 0) <= len(value) <= (most or len(value)) else "length"
    if isinstance(value, int | float) and least is not None and value < least:
        return "least"
    if isinstance(value, int | float) and most is not None and (value > most or (rule.below and value == most)):
        return "most"
    return None
