"""Answers in a shape that was asked for: JSON by a schema, text by a regular expression (contract A6)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from upstream.demo import patterns
from upstream.demo.checks import part

_DEEPEST = 12
_MOST_VALUES = 5000
_LONGEST = 10_000  # characters of one text


class ShapeError(ValueError):
    """The format cannot be honoured; the text says why."""


def check_format(wanted: Mapping[str, Any] | None, *, model: str) -> None:
    """Raise ShapeError for a `response_format` that the service would refuse."""
    if not wanted:
        return
    kind = wanted.get("type")
    if kind == "json_schema":
        schema = part(wanted, "json_schema").get("schema")
        if not isinstance(schema, Mapping):
            raise ShapeError("json_schema -> schema: Field required")
        try:
            fill(schema, sentences=["text"])
        except (TypeError, AttributeError, KeyError, IndexError) as exc:
            raise ShapeError("json_schema: not a valid schema") from exc
    elif kind == "regex":
        if model != "sonar":
            raise ShapeError(f"type 'regex' is not supported for {model}")
        pattern = part(wanted, "regex").get("regex")
        if not isinstance(pattern, str):
            raise ShapeError("regex -> regex: Field required")
        match(pattern)
    elif kind != "text":
        raise ShapeError("type: Input should be 'text', 'json_schema' or 'regex'")


def shaped(wanted: Mapping[str, Any] | None, sentences: Sequence[str]) -> str | None:
    """The answer in the checked format `wanted`, or None where plain text is wanted."""
    kind = (wanted or {}).get("type")
    if wanted is None or kind not in ("json_schema", "regex"):
        return None
    if kind == "regex":
        return match(wanted["regex"]["regex"])
    return json.dumps(fill(wanted["json_schema"]["schema"], sentences=sentences), ensure_ascii=False)


def match(pattern: str) -> str:
    """A text that matches the pattern. Raises ShapeError for what the service does not support."""
    try:
        return patterns.example(pattern)
    except patterns.PatternError as exc:
        raise ShapeError(f"regex: {exc}") from exc


def fill(schema: Mapping[str, Any], *, sentences: Sequence[str]) -> Any:
    """A value that is valid by the schema, with the sentences as its texts. Raises ShapeError for recursion."""
    return _Filler(schema, sentences).value(schema, 0)


class _Filler:
    def __init__(self, root: Mapping[str, Any], sentences: Sequence[str]) -> None:
        self._root = root
        self._sentences = list(sentences) or ["nothing found"]
        self._next = 0
        self._values = 0

    def value(self, schema: Any, depth: int) -> Any:
        self._values += 1
        if depth > _DEEPEST or self._values > _MOST_VALUES:
            raise ShapeError("json_schema: recursive or very large schemas are not supported")
        if not isinstance(schema, Mapping):
            return None
        if "$ref" in schema:
            return self.value(self._resolved(str(schema["$ref"])), depth + 1)
        for fixed in ("const", "default"):
            if fixed in schema:
                return schema[fixed]
        if schema.get("enum"):
            return schema["enum"][0]
        for several in ("anyOf", "oneOf"):
            if schema.get(several):
                return self.value(schema[several][0], depth + 1)
        if schema.get("allOf"):
            return self.value({key: value for part in schema["allOf"] for key, value in part.items()}, depth + 1)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return {name: self.value(part, depth + 1) for name, part in (schema.get("properties") or {}).items()}
        if kind == "array":
            count = max(schema.get("minItems", 2), 0)
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(min(count, 50))]
        return self._plain(kind, schema)

    def _plain(self, kind: str, schema: Mapping[str, Any]) -> Any:
        if kind == "boolean":
            return True
        if kind in ("integer", "number"):
            return _figure(schema)
        if kind == "null":
            return None
        if schema.get("pattern"):
            return match(str(schema["pattern"]).removeprefix("^").removesuffix("$"))
        text = _FORMATS.get(str(schema.get("format"))) or self._sentence()
        text = text[: schema.get("maxLength", len(text))]
        missing = schema.get("minLength", 0) - len(text)
        if missing > _LONGEST:
            raise ShapeError("json_schema: minLength is too large")
        return text + "." * missing

    def _sentence(self) -> str:
        self._next += 1
        return self._sentences[(self._next - 1) % len(self._sentences)]

    def _resolved(self, reference: str) -> Any:
        found: Any = self._root
        for step in reference.removeprefix("#").strip("/").split("/") if reference != "#" else []:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found


_FORMATS = {
    "date": "2024-01-31",
    "date-time": "2024-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "uri": "https://docs.python.org/3/",
    "email": "reader@parley.example",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def _figure(schema: Mapping[str, Any]) -> int | float:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    figure: int | float = least + 1 if "exclusiveMinimum" in schema else max(least, 1)
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    if most is not None and figure >= most:
        figure = most if "maximum" in schema else most - 1
    step = schema.get("multipleOf")
    if step:
        figure = step * -(-figure // step)
    return figure
