"""The table of what the Agent API takes: every key of its request, with its type and bounds.

The service reads its body strictly: a key that no table names is refused before anything else is looked at. To take
another key, name it here. What must come together, and the words of the refusals, are in `checks.py`.
"""

import re
from collections.abc import Mapping
from typing import Any

from upstream.demo.rules import Rule, choice, flag, integer, list_of, text
from upstream.demo.sonar.messages import problem_of_image

MODELS = ("perplexity/sonar", "parley/demo")
PRESETS = ("fast", "low", "medium", "high", "xhigh")
EFFORTS = ("minimal", "low", "medium", "high", "xhigh")
FEWEST_TOKENS, MOST_STEPS, MOST_MODELS = 16, 100, 5

_ANY = Rule()
_NAME = r"[A-Za-z0-9_-]{1,64}"


def _object(**fields: Rule) -> Rule:
    return Rule(kind="object", fields=fields, closed=True)


def _any(*names: str) -> dict[str, Rule]:
    return dict.fromkeys(names, _ANY)


def _problem_of_format(value: Mapping[str, Any]) -> str:
    schema = value.get("json_schema") if value.get("type") == "json_schema" else None
    named = isinstance(schema, dict) and re.fullmatch(_NAME, str(schema.get("name") or ""))
    taken = named and isinstance(schema, dict) and isinstance(schema.get("schema"), dict)
    return "" if taken else "must be of type json_schema, with a name and a schema"


def _problem_of_input(value: Any) -> str:
    if not value or (isinstance(value, str) and not value.strip()):
        return "must not be empty"
    roles = [item.get("role") for item in value if isinstance(item, dict)] if isinstance(value, list) else ["user"]
    return "" if "user" in roles else "no user message"


def _problem_of_image(part: Mapping[str, Any]) -> str:
    return problem_of_image(part) if part.get("type") == "input_image" else ""


_DATE = text(r"(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])/\d{4}", says="must be a date in the format MM/DD/YYYY")
_FEW = "must be at most 20 strings"
_STRINGS = list_of(text(r"(?s).+", says=_FEW), most=20, says=_FEW)
_WEB_FILTERS = _object(
    search_domain_filter=_STRINGS,
    search_recency_filter=choice("hour", "day", "week", "month", "year"),
    search_after_date_filter=_DATE,
    search_before_date_filter=_DATE,
    last_updated_after_filter=_DATE,
    last_updated_before_filter=_DATE,
)
_IMAGE_FILTERS = _object(
    domain_filter=_STRINGS,
    format_filter=list_of(choice("bmp", "gif", "jpeg", "png", "webp", "svg"), most=20, says=_FEW),
    safe_search=_ANY,
)
TOOLS: Mapping[str, Mapping[str, Rule]] = {
    "web_search": {
        "filters": _WEB_FILTERS,
        "user_location": _object(**_any("latitude", "longitude", "country", "region", "city")),
        "search_context_size": choice("low", "medium", "high"),
        "search_type": choice("web", "fast"),
        **_any("max_tokens", "max_tokens_per_page"),
    },
    "fetch_url": _any("max_urls"),
    "image_search": {"filters": _IMAGE_FILTERS, **_any("max_results")},
    "people_search": {},
    "finance_search": {},
    "sandbox": {},
    "function": _any("name", "description", "parameters", "strict"),
    "mcp": _any("server_label", "server_url", "allowed_tools", "authorization", "headers"),
}
_PARTS = Rule(
    kind="object",
    closed=True,
    variants={"input_text": {"text": Rule(kind="text", required=True)}, "input_image": {"image_url": _ANY}},
    fit=_problem_of_image,
)
ITEMS: Mapping[str, Mapping[str, Rule]] = {
    "message": {
        "role": choice("user", "assistant", "system", "developer", required=True),
        "content": list_of(_PARTS, kind="text or list"),
    }
}
BODY = _object(
    input=list_of(
        Rule(kind="object", closed=True, variants=ITEMS, default_variant="message"),
        kind="text or list",
        required=True,
        fit=_problem_of_input,
    ),
    model=Rule(kind="text"),
    models=list_of(Rule(kind="text"), most=MOST_MODELS),
    preset=choice(*PRESETS),
    instructions=Rule(kind="text"),
    tools=list_of(Rule(kind="object", closed=True, variants=TOOLS)),
    max_output_tokens=integer(FEWEST_TOKENS, 1_000_000),
    max_steps=integer(1, MOST_STEPS),
    reasoning=_object(effort=choice(*EFFORTS)),
    language_preference=text("[a-z]{2}", says="must be an ISO 639-1 code"),
    response_format=Rule(
        kind="object",
        fields={"type": _ANY, "json_schema": _object(**_any("name", "description", "schema", "strict"))},
        closed=True,
        fit=_problem_of_format,
    ),
    stream=flag(),
    store=flag(),
    background=flag(),
    **_any("previous_response_id", "skills"),
)
