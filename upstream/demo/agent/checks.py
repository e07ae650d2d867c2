"""Refuses what the Agent API refuses, above all every key that it does not know (contract G)."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NoReturn

from upstream.demo import images
from upstream.demo.failures import Refusal, envelope

MODELS = ("perplexity/sonar", "parley/demo")
PRESETS = ("fast", "low", "medium", "high", "xhigh")
EFFORTS = ("minimal", "low", "medium", "high", "xhigh")
FEWEST_TOKENS, MOST_STEPS, MOST_MODELS = 16, 100, 5

_SIZES = ("low", "medium", "high")
_RECENCIES = ("hour", "day", "week", "month", "year")
_FORMATS = ("bmp", "gif", "jpeg", "png", "webp", "svg")
_DATE = re.compile(r"(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])/\d{4}")
_DATES = (
    "search_after_date_filter",
    "search_before_date_filter",
    "last_updated_after_filter",
    "last_updated_before_filter",
)

# The keys of each object. A key with a table of its own holds an object with those keys.
Known = Mapping[str, Any]
_PLACE: Known = dict.fromkeys(("latitude", "longitude", "country", "region", "city"))
_WEB_FILTERS: Known = dict.fromkeys(("search_domain_filter", "search_recency_filter", *_DATES))
_IMAGE_FILTERS: Known = dict.fromkeys(("domain_filter", "format_filter", "safe_search"))
_SCHEMA: Known = dict.fromkeys(("name", "description", "schema", "strict"))
_TOOLS: Mapping[str, Known] = {
    "web_search": {
        "filters": _WEB_FILTERS,
        "user_location": _PLACE,
        **dict.fromkeys(("type", "max_tokens", "max_tokens_per_page", "search_context_size", "search_type")),
    },
    "fetch_url": dict.fromkeys(("type", "max_urls")),
    "image_search": {"filters": _IMAGE_FILTERS, **dict.fromkeys(("type", "max_results"))},
    "people_search": {"type": None},
    "finance_search": {"type": None},
    "sandbox": {"type": None},
    "function": dict.fromkeys(("type", "name", "description", "parameters", "strict")),
    "mcp": dict.fromkeys(("type", "server_label", "server_url", "allowed_tools", "authorization", "headers")),
}
_BODY: Known = {
    "reasoning": {"effort": None},
    "response_format": {"type": None, "json_schema": _SCHEMA},
    **dict.fromkeys(
        (
            *("input", "model", "models", "preset", "instructions", "tools", "max_output_tokens", "max_steps"),
            *("language_preference", "stream", "store", "background", "previous_response_id", "skills"),
        )
    ),
}
_ITEM = ("type", "role", "content")


def refuse(message: str, *, param: str = "") -> NoReturn:
    """Raise the Refusal in the service's form."""
    raise Refusal(envelope(400, "invalid_request", message, param=param))


def check(body: Mapping[str, Any], *, extra_models: Collection[str] = ()) -> None:
    """Raise Refusal for the first problem with a request."""
    _check_keys(body, _BODY)
    for tool in _list(body.get("tools"), "tools"):
        known = _TOOLS.get(str(tool.get("type"))) if isinstance(tool, dict) else None
        if known is None:
            refuse(
                f"tools: unsupported tool type {tool.get('type') if isinstance(tool, dict) else tool!r}", param="tools"
            )
        _check_keys(tool, known)
        _check_tool(tool)
    _check_model(body, extra_models)
    _check_input(body.get("input"))
    for name, allowed in _VALUES.items():
        value = body.get(name)
        if value is not None and not allowed(value):
            refuse(f"{name}: {_PROBLEMS[name]}", param=name)


def _check_keys(values: Mapping[str, Any], known: Known) -> None:
    for name, value in values.items():
        if name not in known:
            refuse(f'invalid request body: json: unknown field "{name}"', param=name)
        if known[name] and value is not None:
            if not isinstance(value, dict):
                refuse(f"invalid request body: json: cannot unmarshal into field {name} of type object", param=name)
            _check_keys(value, known[name])


def _check_model(body: Mapping[str, Any], extra_models: Collection[str]) -> None:
    asked = [*_list(body.get("models"), "models"), *filter(None, [body.get("model")])]
    if len(body.get("models") or ()) > MOST_MODELS:
        refuse(f"models: at most {MOST_MODELS} models are allowed", param="models")
    if not asked and not body.get("preset"):
        refuse("one of model, models or preset is required", param="model")
    for model in asked:
        if model not in MODELS and model not in extra_models:
            raise Refusal(envelope(400, "invalid_model", f"Invalid model '{model}'.", param="model"))
    if body.get("preset") and body["preset"] not in PRESETS:
        refuse(f"preset: unknown preset '{body['preset']}'", param="preset")


def _check_input(asked: Any) -> None:
    if isinstance(asked, str) and asked.strip():
        return
    if not isinstance(asked, list) or not asked:
        refuse("input is required", param="input")
    for item in asked:
        if not isinstance(item, dict) or item.get("type", "message") != "message":
            refuse("input: only items of type message are supported here", param="input")
        _check_keys(item, dict.fromkeys(_ITEM))
        if item.get("role") not in ("user", "assistant", "system", "developer"):
            refuse("input: role must be user, assistant, system or developer", param="input")
        for part in _list(item.get("content"), "content") if not isinstance(item.get("content"), str) else ():
            _check_part(part)
    if not any(item["role"] == "user" for item in asked):
        refuse("input: no user message", param="input")


def _check_part(part: Any) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind not in ("input_text", "input_image"):
        refuse("input: content parts must be of type input_text or input_image", param="input")
    _check_keys(part, dict.fromkeys(("type", "text" if kind == "input_text" else "image_url")))
    if kind == "input_text" and not isinstance(part.get("text"), str):
        refuse("input: text must be a string", param="input")
    if kind == "input_image" and (problem := images.problem(images.address(part))):
        refuse(f"input: {problem}", param="input")


def _check_tool(tool: Mapping[str, Any]) -> None:
    filters = tool.get("filters") or {}
    for name, allowed in (
        ("search_context_size", _SIZES),
        ("search_type", ("web", "fast")),
        ("search_recency_filter", _RECENCIES),
    ):
        value = tool.get(name, filters.get(name))
        if value is not None and value not in allowed:
            refuse(f"{name}: must be one of {', '.join(allowed)}", param=name)
    for name in _DATES:
        if filters.get(name) is not None and not _DATE.fullmatch(str(filters[name])):
            refuse(f"{name}: must be a date in the format MM/DD/YYYY", param=name)
    for name in ("search_domain_filter", "domain_filter", "format_filter"):
        words = _list(filters.get(name), name)
        if not all(isinstance(word, str) and word for word in words) or len(words) > 20:
            refuse(f"{name}: must be at most 20 strings", param=name)
        if name == "format_filter" and not set(words) <= set(_FORMATS):
            refuse(f"{name}: must be among {', '.join(_FORMATS)}", param=name)


def _list(value: Any, name: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        refuse(f"{name}: must be an array", param=name)
    return value


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_format(value: Any) -> bool:
    schema = value.get("json_schema") if value.get("type") == "json_schema" else None
    return (
        isinstance(schema, dict)
        and isinstance(schema.get("schema"), dict)
        and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(schema.get("name") or "")) is not None
    )


_VALUES: Mapping[str, Callable[[Any], bool]] = {
    "max_output_tokens": lambda value: _whole(value, FEWEST_TOKENS, 1_000_000),
    "max_steps": lambda value: _whole(value, 1, MOST_STEPS),
    "reasoning": lambda value: value.get("effort") in (None, *EFFORTS),
    "language_preference": lambda value: isinstance(value, str) and re.fullmatch("[a-z]{2}", value) is not None,
    "instructions": lambda value: isinstance(value, str),
    "response_format": _is_format,
    **dict.fromkeys(("stream", "store", "background"), lambda value: isinstance(value, bool)),
}
_PROBLEMS: Mapping[str, str] = {
    "max_output_tokens": f"must be a whole number of at least {FEWEST_TOKENS}",
    "max_steps": f"must be a whole number from 1 to {MOST_STEPS}",
    "reasoning": f"effort must be one of {', '.join(EFFORTS)}",
    "language_preference": "must be an ISO 639-1 code",
    "instructions": "must be a string",
    "response_format": "must be of type json_schema, with a name and a schema",
    **dict.fromkeys(("stream", "store", "background"), "must be a boolean"),
}
