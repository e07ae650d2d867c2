"""What the Agent API takes, as a table of the tests' own: names, types and bounds as docs/agent.md has them.

It knows nothing of Parley's own table, so that a slip there is not a slip here too.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]


def _is(*kinds: type) -> Check:
    return lambda value: isinstance(value, kinds) and not (isinstance(value, bool) and bool not in kinds)


def _one_of(*words: str) -> Check:
    return lambda value: value in words


def _between(least: float, most: float, *kinds: type) -> Check:
    return lambda value: _is(*(kinds or (int,)))(value) and least <= value <= most


def _list_of(check: Check, *, most: int = 1000) -> Check:
    return lambda value: isinstance(value, list) and 0 < len(value) <= most and all(map(check, value))


def _like(pattern: str) -> Check:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _exactly(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    known = {**required, **(optional or {})}
    return lambda value: (
        isinstance(value, dict)
        and required.keys() <= value.keys() <= known.keys()
        and all(known[name](inner) for name, inner in value.items())
    )


_SITE = _like(r"-?(?!https?:)\S{1,253}")
_DAY = _like(r"(0[1-9]|1[0-2])/(0[1-9]|[12][0-9]|3[01])/\d{4}")
_FILTERS = {
    "search_domain_filter": _list_of(_SITE, most=20),
    "search_recency_filter": _one_of("hour", "day", "week", "month", "year"),
    "search_after_date_filter": _DAY,
    "search_before_date_filter": _DAY,
    "last_updated_after_filter": _DAY,
    "last_updated_before_filter": _DAY,
}
_PLACE = {
    "latitude": _between(-90, 90, int, float),
    "longitude": _between(-180, 180, int, float),
    "country": _like("[A-Z]{2}"),
    "region": _is(str),
    "city": _is(str),
}
_FORMATS = _list_of(_one_of("bmp", "gif", "jpeg", "png", "webp", "svg"))
TOOLS: Mapping[str, Mapping[str, Check]] = {
    "web_search": {
        "search_type": _one_of("web", "fast"),
        "search_context_size": _one_of("low", "medium", "high"),
        "max_results": _between(1, 50),
        "max_tokens": _between(1, 10**6),
        "max_tokens_per_page": _between(1, 10**6),
        "filters": _exactly({}, _FILTERS),
        "user_location": _exactly({}, _PLACE),
    },
    "image_search": {
        "max_results": _between(1, 50),
        "filters": _exactly(
            {}, {"domain_filter": _list_of(_SITE), "format_filter": _FORMATS, "safe_search": _is(bool)}
        ),
    },
    "fetch_url": {"max_urls": _between(1, 10)},
    "people_search": {},
    "finance_search": {},
    "sandbox": {},
}
_TEXT = _exactly({"type": _one_of("input_text"), "text": _like(r"(?s).*\S.*")})
_IMAGE = _exactly(
    {"type": _one_of("input_image"), "image_url": _like(r"data:image/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+")}
)
_FILE = _exactly(
    {
        "type": _one_of("input_file"),
        "filename": _like(r".+"),
        "file_data": _like(r"data:[\w./+-]+;base64,[A-Za-z0-9+/=]+"),
    }
)
_ITEM = _exactly(
    {
        "type": _one_of("message"),
        "role": _one_of("user", "assistant", "system"),
        "content": lambda value: (
            _like(r"(?s).*\S.*")(value) or _list_of(lambda part: _TEXT(part) or _IMAGE(part) or _FILE(part))(value)
        ),
    }
)
_SCHEMA = _exactly(
    {"schema": lambda value: isinstance(value, dict) and value.get("type") == "object"},
    {"name": _like("[A-Za-z0-9_-]{1,64}"), "strict": _is(bool), "description": _is(str)},
)
BODY: Mapping[str, Check] = {
    "input": _list_of(_ITEM),
    "model": _like("[a-z]+/[a-z0-9.-]+"),
    "effort": _like(r"(fast|low|medium|high|xhigh)(@\d{4}-\d\d-\d\d\.\d+)?"),
    "preset": _is(str),
    "instructions": _like(r"(?s).+"),
    "language_preference": _like("[a-z]{2}"),
    "max_output_tokens": _between(16, 10**6),
    "max_steps": _between(1, 100),
    "max_tool_calls": _between(0, 100),
    "reasoning": _exactly({"effort": _one_of("none", "minimal", "low", "medium", "high", "xhigh", "max")}),
    "temperature": _between(0, 2, int, float),
    "top_p": _between(0, 1, int, float),
    "tools": _list_of(lambda tool: isinstance(tool, dict) and tool.get("type") in TOOLS and _is_tool(tool)),
    "tool_choice": lambda value: value == "auto" or _exactly({"type": _one_of("web_search")})(value),
    "response_format": _exactly({"type": _one_of("json_schema"), "json_schema": _SCHEMA}),
    "service_tier": _one_of("auto", "default", "flex", "priority", "fast"),
    "stream": _is(bool),
    "store": _is(bool),
    "background": _is(bool),
}


def _is_tool(tool: dict[str, Any]) -> bool:
    return _exactly({"type": _is(str)}, TOOLS[tool["type"]])(tool)


def complaints(body: Mapping[str, Any]) -> list[str]:
    """What the service would refuse about the body, or pass over, by names of fields; empty when all is well."""
    wrong = [name for name, value in body.items() if name not in BODY or not BODY[name](value)]
    if sum(name in body for name in ("model", "effort", "preset")) != 1:
        wrong.append("who answers")
    tools = {tool["type"]: tool for tool in body.get("tools", [])}
    forced = body.get("tool_choice")
    if isinstance(forced, dict) and forced["type"] not in tools:
        wrong.append("a choice of a tool that is not there")
    if "model" in body and "web_search" in tools and body.get("max_steps", 1) < 2:
        wrong.append("a search without a step for the answer")
    if "model" in body and "finance_search" in tools and body.get("max_steps", 1) < 3:
        wrong.append("finance without its three steps")
    if "sandbox" in tools and len(tools) > 1:
        wrong.append("the sandbox with other tools, which it drops")
    if body.get("model", "").startswith("anthropic/") and "max_output_tokens" not in body:
        wrong.append("max_output_tokens is required when using Anthropic models")
    if "model" not in body and "instructions" in body:
        wrong.append("instructions in the place of a preset's prompt")
    if body.get("effort", "").startswith("fast") and body.get("max_tool_calls") == 0:
        wrong.append("fast without its search")
    if body.get("background") and not body.get("store"):
        wrong.append("work in the background that nobody can fetch")
    if len(tools) != len(body.get("tools", [])):
        wrong.append("a tool twice")
    return [*wrong, *_about_filters(tools.get("web_search", {}))]


def _about_filters(search: Mapping[str, Any]) -> list[str]:
    filters = search.get("filters", {})
    found = []
    if len({site.startswith("-") for site in filters.get("search_domain_filter", [])}) > 1:
        found.append("sites to search and sites to leave out")
    if "search_recency_filter" in filters and len(filters.keys() & {name for name in _FILTERS if "date" in name}):
        found.append("a recency and dates")
    if "search_context_size" in search and search.keys() & {"max_tokens", "max_tokens_per_page"}:
        found.append("a size that the numbers of tokens overrule")
    return found
