"""Answers in a format that was asked for: JSON by a schema, text by a regular expression."""

import json
from collections.abc import Mapping, Sequence
from itertools import count, cycle
from typing import Any

from upstream.demo.documents import patterns

_DEEPEST = 12
_MOST_VALUES = 5000
_LONGEST = 10_000  # characters of one text
_EXAMPLES = {
    "date": "2024-01-31",
    "date-time": "2024-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "uri": "https://docs.python.org/3/",
    "email": "reader@parley.example",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


class FormatError(ValueError):
    """The format cannot be honoured; the text says why."""


def check_format(wanted: Mapping[str, Any] | None, *, model: str) -> None:
    """Raise FormatError for a `response_format` that Sonar would refuse."""
    kind = wanted.get("type") if wanted else "text"
    inner = (wanted or {}).get(str(kind))
    inner = inner if isinstance(inner, Mapping) else {}
    if kind == "json_schema":
        if not isinstance(inner.get("schema"), Mapping):
            raise FormatError("json_schema -> schema: Field required")
        try:
            fill(inner["schema"], sentences=["text"])
        except (TypeError, AttributeError, KeyError, IndexError) as exc:
            raise FormatError("json_schema: not a valid schema") from exc
    elif kind == "regex":
        if model != "sonar":
            raise FormatError(f"type 'regex' is not supported for {model}")
        if not isinstance(inner.get("regex"), str):
            raise FormatError("regex -> regex: Field required")
        _matching_text(inner["regex"])
    elif kind != "text":
        raise FormatError("type: Input should be 'text', 'json_schema' or 'regex'")


def formatted(wanted: Mapping[str, Any] | None, sentences: Sequence[str]) -> str | None:
    """The answer in the checked format `wanted`, or None where plain text is wanted."""
    if wanted and wanted.get("type") == "regex":
        return _matching_text(wanted["regex"]["regex"])
    if wanted and wanted.get("type") == "json_schema":
        return json.dumps(fill(wanted["json_schema"]["schema"], sentences=sentences), ensure_ascii=False)
    return None


def fill(schema: Mapping[str, Any], *, sentences: Sequence[str]) -> Any:
    """A value that is valid by the schema, with the sentences as its texts. Raises FormatError for recursion."""
    return _Filler(schema, sentences).value(schema, 0)


class _Filler:
    def __init__(self, root: Mapping[str, Any], sentences: Sequence[str]) -> None:
        self._root = root
        self._sentences = cycle(sentences or ["nothing found"])
        self._values = count(1)

    def value(self, schema: Any, depth: int) -> Any:
        if depth > _DEEPEST or next(self._values) > _MOST_VALUES:
            raise FormatError("json_schema: recursive or very large schemas are not supported")
        if not isinstance(schema, Mapping):
            return None
        if "const" in schema or "default" in schema:
            return schema.get("const", schema.get("default"))
        if schema.get("enum"):
            return schema["enum"][0]
        if inner := self._inner(schema):
            return self.value(inner[0], depth + 1)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return {name: self.value(part, depth + 1) for name, part in (schema.get("properties") or {}).items()}
        if kind == "array":
            length = min(max(schema.get("minItems", 2), 0), 50)
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(length)]
        if kind in ("integer", "number"):
            return _figure(schema)
        return {"boolean": True, "null": None}[kind] if kind in ("boolean", "null") else self._text(schema)

    def _inner(self, schema: Mapping[str, Any]) -> Sequence[Any]:
        """The schemas of which the first one stands for this one."""
        if "$ref" in schema:
            found: Any = self._root
            for step in filter(None, str(schema["$ref"]).removeprefix("#").split("/")):
                found = found.get(step) if isinstance(found, Mapping) else None
            return [found]
        if schema.get("allOf"):
            return [{key: value for part in schema["allOf"] for key, value in part.items()}]
        return list(schema.get("anyOf") or schema.get("oneOf") or ())

    def _text(self, schema: Mapping[str, Any]) -> str:
        if schema.get("pattern"):
            return _matching_text(str(schema["pattern"]).removeprefix("^").removesuffix("$"))
        text = _EXAMPLES.get(str(schema.get("format"))) or next(self._sentences)
        text = str(text)[: schema.get("maxLength", len(text))]
        if schema.get("minLength", 0) - len(text) > _LONGEST:
            raise FormatError("json_schema: minLength is too large")
        return text.ljust(int(schema.get("minLength", 0)), ".")


def _matching_text(pattern: str) -> str:
    try:
        return patterns.example(pattern)
    except patterns.PatternError as exc:
        raise FormatError(f"regex: {exc}") from exc


def _figure(schema: Mapping[str, Any]) -> int | float:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    figure: int | float = least + 1 if "exclusiveMinimum" in schema else max(least, 1)
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    if most is not None and figure >= most:
        figure = most if "maximum" in schema else most - 1
    step = schema.get("multipleOf")
    return step * -(-figure // step) if step else figure
