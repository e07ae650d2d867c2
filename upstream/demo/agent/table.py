"""The table of what the Agent API takes: every key of its request, with its type and bounds.

The service reads its body strictly: a key that no table names is refused before anything else is looked at. To take
another key, name it here. What must come together, and the words of the refusals, are in `checks.py`.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from upstream.demo.agent.models import LEVELS, PINNED, PRESETS
from upstream.demo.rules import Rule, choice, flag, integer, list_of, number, required, text

FEWEST_TOKENS = 16  # fewer are raised to it
RESERVED = (*("web_search", "search_web", "people_search", "search_people", "fetch_url", "finance_search", "sandbox"),)
_ANY, _TEXT = Rule(), Rule(kind="text")
_MANY = 10**9
_LARGEST_IMAGE = 50 * 1024 * 1024  # bytes
_DATA_URI = re.compile(r"data:image/(png|jpe?g|webp|gif);base64,", re.I)
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_LARGEST_SKILL, _LARGEST_SKILLS = 65_536, 262_144  # bytes of instructions, of one and of all


def _object(**fields: Rule) -> Rule:
    return Rule(kind="object", fields=fields, closed=True)


def _one_of(variants: Mapping[str, Mapping[str, Rule]], **more: Any) -> Rule:
    """An entry of a list, which says by its type what else is in it."""
    return Rule(kind="object", closed=True, nullable=False, variants=variants, **more)


def _any(*names: str) -> dict[str, Rule]:
    return dict.fromkeys(names, _ANY)


def _least(least: int) -> Rule:
    return integer(least, _MANY)


def american_date(text: str) -> str:
    """A date as `MM/DD/YYYY`, which may come as ISO has it. Raises ValueError for what is none."""
    form = "%m/%d/%Y" if "/" in text else "%Y-%m-%d"
    return datetime.strptime(text.partition("T")[0], form).replace(tzinfo=UTC).strftime("%m/%d/%Y")


# --- What `fit` looks at ---------------------------------------------------------------------------------------------


def _problem_of_input(value: Any) -> str:
    if value == "":
        return "input cannot be empty"
    return "" if value and isinstance(value, str | list) else "input array cannot be empty"


def _problem_of_image(address: str) -> str:
    if address.startswith("https://"):
        return "" if len(address) <= 2048 else "image url must have at most 2048 characters"
    if not _DATA_URI.match(address):
        return "image url must be an https address or a base64 data URI of a png, jpeg, webp or gif image"
    try:
        content = base64.b64decode(address.partition(",")[2], validate=True)
    except binascii.Error:
        return "image url is not valid base64"
    if len(content) > _LARGEST_IMAGE:
        return "image must have at most 50 MB"
    return "" if content.startswith(_MAGIC) else "image is not a png, jpeg, webp or gif"


def _problem_of_file(part: Mapping[str, Any]) -> str:
    wrong = part.get("type") == "input_file" and not (part.get("file_data") or part.get("file_url"))
    return "input file needs file data or a file url" if wrong else ""


def _problem_of_date(value: str) -> str:
    try:
        american_date(value)
    except ValueError:
        return f"Invalid date format: '{value}'. Use MM/DD/YYYY."
    return ""


def _problem_of_domains(value: list[Any]) -> str:
    if len(value) > 20:
        return "search domain filter must have at most 20 entries"
    wrong = next((one for one in value if not isinstance(one, str) or "://" in one or not 0 < len(one) <= 253), None)
    return "" if wrong is None else f"invalid domain in search domain filter: '{wrong}'"


def _problem_of_filters(value: Mapping[str, Any]) -> str:
    dated = any(value.get(name) for name in DATES)
    return "search recency filter cannot be combined with date filters" if dated and value.get(RECENCY) else ""


def _problem_of_location(value: Mapping[str, Any]) -> str:
    country = value.get("country")
    wrong = country is not None and not re.fullmatch("[A-Za-z]{2}", str(country))
    return "user location country must be an ISO 3166-1 alpha-2 code" if wrong else ""


def _problem_of_choice(value: Any) -> str:
    if value in ("none", "auto", "required"):
        return ""
    named = isinstance(value, dict) and any(isinstance(value.get(key), str) for key in ("type", "name"))
    return "" if named else "tool choice must be none, auto, required or an object that names a tool"


def _problem_of_approval(value: Any) -> str:
    taken = value in ("always", "never") or (isinstance(value, dict) and set(value) <= {"always", "never"})
    return "" if taken else "require approval must be always, never or an object of tool filters"


def _problem_of_metadata(value: Mapping[str, Any]) -> str:
    fits = all(isinstance(text, str) and len(key) <= 64 and len(text) <= 512 for key, text in value.items())
    return "" if fits and len(value) <= 16 else "metadata takes 16 pairs, keys of 64 and values of 512 characters"


def _problem_of_server(value: str) -> str:
    return "" if urlsplit(value).scheme == "https" else "server url must be an https address"


def _problem_of_skills(value: list[Any]) -> str:
    texts = [one["instructions"] for one in value if isinstance(one, dict) and isinstance(one.get("instructions"), str)]
    return "inline skills are too large together" if sum(map(len, texts)) > _LARGEST_SKILLS else ""


# --- Tools -----------------------------------------------------------------------------------------------------------

RECENCY = "search_recency_filter"
DATES = (
    *("search_after_date_filter", "search_before_date_filter"),
    *("last_updated_after_filter", "last_updated_before_filter"),
)
_WEB_FILTERS = Rule(
    kind="object",
    closed=True,
    fit=_problem_of_filters,
    fields={
        "search_domain_filter": list_of(_ANY, fit=_problem_of_domains),
        RECENCY: choice("hour", "day", "week", "month", "year"),
        **dict.fromkeys(DATES, text(fit=_problem_of_date)),
    },
)
_PLACE = ("latitude", "longitude", "country", "region", "city")
_FUNCTION = {"name": required(_TEXT), "description": _TEXT, "parameters": Rule(kind="object"), "strict": flag()}
_SERVED = {"allowed_tools": _ANY, "require_approval": Rule(fit=_problem_of_approval)}
TOOLS: Mapping[str, Mapping[str, Rule]] = {
    "web_search": {
        "search_type": choice("web", "fast"),
        "search_context_size": choice("low", "medium", "high"),
        "max_results": integer(1, 50),
        "max_tokens": _least(1),
        "max_tokens_per_page": _least(1),
        "filters": _WEB_FILTERS,
        "user_location": Rule(kind="object", closed=True, fields=_any(*_PLACE), fit=_problem_of_location),
    },
    "image_search": {
        "max_results": _least(1),
        "filters": _object(
            domain_filter=list_of(_ANY, fit=_problem_of_domains),
            format_filter=list_of(choice("bmp", "gif", "jpeg", "png", "webp", "svg")),
            safe_search=_ANY,
        ),
    },
    "fetch_url": {"max_urls": integer(1, 10), "total_budget_tokens": integer(1, 120_000)},
    "people_search": {},
    "finance_search": {},
    "sandbox": {},
    "function": _FUNCTION,
    "mcp": {
        "server_label": required(_TEXT),
        "server_url": required(text(fit=_problem_of_server)),
        **_any("headers", "authorization", "defer_loading"),
        **_SERVED,
    },
    "connector": {"id": required(_TEXT), **_any("server_label", "server_description"), **_SERVED},
}

# --- Input -----------------------------------------------------------------------------------------------------------

_PARTS: Mapping[str, Mapping[str, Rule]] = {
    "input_text": {"text": required(_TEXT)},
    "input_image": {"image_url": required(text(fit=_problem_of_image)), "detail": _ANY},
}
_FILES = {"input_file": _any("filename", "file_data", "file_url")}


def _items(*, files: bool) -> Mapping[str, Mapping[str, Rule]]:
    parts = _one_of({**_PARTS, **_FILES}, fit=_problem_of_file) if files else _one_of(_PARTS)
    content = list_of(parts, kind="text or list")
    call, thought = {"call_id": required(_TEXT)}, {"thought_signature": _ANY}
    roles = choice("user", "assistant", "system", "developer", required=True)
    return {
        "message": {"role": roles, "content": required(content), **_any("id", "status")},
        "function_call": {**call, "name": required(_TEXT), "arguments": _TEXT, **thought, **_any("id", "status")},
        "function_call_output": {**call, "output": required(content), "name": _TEXT, **thought, **_any("id", "status")},
        "reasoning": _any("summary", "content", "encrypted_content", "id", "status"),
        "mcp_list_tools": _any("id", "server_label", "tools", "error"),
        "mcp_call": _any("id", "server_label", "name", "arguments", "output", "error", "approval_request_id"),
        "mcp_approval_request": _any("id", "server_label", "name", "arguments"),
        "mcp_approval_response": {"approval_request_id": required(_TEXT), "approve": flag(), **_any("id", "reason")},
    }


# --- The body --------------------------------------------------------------------------------------------------------

SKILLS: Mapping[str, Mapping[str, Rule]] = {
    "builtin": {"name": choice("office", *(f"office/{kind}" for kind in ("docx", "pdf", "pptx", "xlsx")))},
    "inline": {
        "name": required(text(r"(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*")),
        "description": required(text(r"(?s).{0,1024}")),
        "instructions": required(text(rf"(?s).{{0,{_LARGEST_SKILL}}}")),
    },
    "custom": {"id": required(text(r"(?s).{1,128}")), "version": _ANY},
}
_SCHEMA = _object(name=text(r"[A-Za-z0-9_-]{1,64}"), **_any("description", "schema", "strict"))


def body_rule(*, files: bool) -> Rule:
    """What a request may be; with `files` parts of type `input_file` are taken."""
    items = _one_of(_items(files=files), default_variant="message")
    says = "input array cannot be empty"
    return _object(
        input=Rule(items=items, fit=_problem_of_input, nullable=False, required=True, says=says),
        effort=text(PINNED, says=f"effort must be one of: {' '.join(LEVELS)}"),
        preset=choice(*PRESETS),
        model=_TEXT,
        models=list_of(text(nullable=False), least=1, most=5),
        profile=_object(type=choice("custom", required=True), id=required(text(r"(?s).{1,128}")), version=_ANY),
        instructions=_TEXT,
        language_preference=text("[a-z]{2}", says="language preference must be an ISO 639-1 code"),
        max_output_tokens=_least(1),
        max_steps=_least(1),
        max_tool_calls=_least(0),
        reasoning=_object(effort=choice("none", "minimal", "low", "medium", "high", "xhigh", "max"), summary=_ANY),
        temperature=number(0, 2),
        top_p=number(0, 1),
        tools=list_of(_one_of(TOOLS)),
        tool_choice=Rule(fit=_problem_of_choice),
        response_format=_object(type=choice("json_schema", required=True), json_schema=_SCHEMA),
        service_tier=choice("auto", "default", "flex", "priority", "fast"),
        metadata=Rule(kind="object", fit=_problem_of_metadata),
        truncation=choice("auto", "disabled"),
        skills=list_of(_one_of(SKILLS), most=16, fit=_problem_of_skills),
        stream_options=_object(include_usage=flag()),
        **dict.fromkeys(("stream", "background", "store", "parallel_tool_calls", "step_budget_reminder"), flag()),
        **dict.fromkeys(("previous_response_id", "prompt_cache_key"), _TEXT),
    )


BODY, BODY_WITH_FILES = body_rule(files=False), body_rule(files=True)
