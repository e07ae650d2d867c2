"""Answers in a format that was asked for: JSON by a schema, text by a regular expression."""

import json
from collections.abc import Mapping, Sequence
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
        matching_text(inner["regex"])
    elif kind != "text":
        raise FormatError("type: Input should be 'text', 'json_schema' or 'regex'")


def formatted(wanted: Mapping[str, Any] | None, sentences: Sequence[str]) -> str | None:
    """The answer in the checked format `wanted`, or None where plain text is wanted."""
    if wanted and wanted.get("type") == "regex":
        return matching_text(wanted["regex"]["regex"])
    if wanted and wanted.get("type") == "json_schema":
        return json.dumps(fill(wanted["json_schema"]["schema"], sentences=sentences), ensure_ascii=False)
    return None


def matching_text(pattern: str) -> str:
    """A text that matches the pattern. Raises FormatError for what the service does not support."""
    try:
        return patterns.example(pattern)
    except patterns.PatternError as exc:
        raise FormatError(f"regex: {exc}") from exc


def fill(schema: Mapping[str, Any], *, sentences: Sequence[str]) -> Any:
    """A value that is valid by the schema, with the sentences as its texts. Raises FormatError for recursion."""
    return _Filler(schema, sentences).value(schema, 0)


class _Filler:
    def __init__(self, root: Mapping[str, Any], sentences: Sequence[str]) -> None:
        self._root = root
        self._sentences = list(sentences) or ["nothing found"]
        self._used = 0
        self._values = 0

    def value(self, schema: Any, depth: int) -> Any:
        self._values += 1
        if depth > _DEEPEST or self._values > _MOST_VALUES:
            raise FormatError("json_schema: recursive or very large schemas are not supported")
        if not isinstance(schema, Mapping):
            return None
        for fixed in ("const", "default"):
            if fixed in schema:
                return schema[fixed]
        if schema.get("enum"):
            return schema["enum"][0]
        if "$ref" in schema:
            return self.value(self._resolve(str(schema["$ref"])), depth + 1)
        several = schema.get("anyOf") or schema.get("oneOf")
        if several:
            return self.value(several[0], depth + 1)
        if schema.get("allOf"):
            return self.value({key: value for part in schema["allOf"] for key, value in part.items()}, depth + 1)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return {name: self.value(part, depth + 1) for name, part in (schema.get("properties") or {}).items()}
        if kind == "array":
            count = min(max(schema.get("minItems", 2), 0), 50)
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(count)]
        if kind in ("integer", "number"):
            return _figure(schema)
        return {"boolean": True, "null": None}[kind] if kind in ("boolean", "null") else self._text(schema)

    def _text(self, schema: Mapping[str, Any]) -> str:
        if schema.get("pattern"):
            return matching_text(str(schema["pattern"]).removeprefix("^").removesuffix("$"))
        text = _EXAMPLES.get(str(schema.get("format")))
        if text is None:
            text = self._sentences[self._used % len(self._sentences)]
            self._used += 1
        text = str(text)[: schema.get("maxLength", len(text))]
        missing = int(schema.get("minLength", 0) - len(text))
        if missing > _LONGEST:
            raise FormatError("json_schema: minLength is too large")
        return text + "." * missing

    def _resolve(self, reference: str) -> Any:
        found: Any = self._root
        for step in reference.removeprefix("#").strip("/").split("/") if reference != "#" else []:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found


def _figure(schema: Mapping[str, Any]) -> int | float:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    figure: int | float = least + 1 if "exclusiveMinimum" in schema else max(least, 1)
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    if most is not None and figure >= most:
        figure = most if "maximum" in schema else most - 1
    step = schema.get("multipleOf")
    return step * -(-figure // step) if step else figure
