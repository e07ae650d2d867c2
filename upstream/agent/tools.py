"""What the options of a question mean as tools of the Agent API (docs/agent.md, "Tools" and "Searching")."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from upstream.catalog.agent_names import NameKind, kind_of
from upstream.catalog.agent_tools import SearchMode, fewest_steps, search_mode, tools_of
from upstream.translation import fields

_FILTERS = (
    "search_domain_filter",
    "search_recency_filter",
    "search_after_date_filter",
    "search_before_date_filter",
    "last_updated_after_filter",
    "last_updated_before_filter",
)
_OF_SEARCH = ("search_context_size", "search_type", "max_tokens", "max_tokens_per_page")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ADDRESS = re.compile(r"https?://\S", re.I)
_FORMATS = {"jpg": "jpeg"}  # the one name that this provider knows for it


def tool_fields(model: str, options: Mapping[str, Any], *, question: str) -> dict[str, Any]:
    """The fields of the request that say which tools are used and how far, for options as on Sonar's wire.

    A model has the tools that are named, and searches for certain only where it is told to. A preset has tools of its
    own, with which those that are named are merged; without a search none of them may be called.
    """
    mode = search_mode(options)
    is_model = kind_of(model) is NameKind.MODEL
    names = tools_of(model, options, names_page=bool(_ADDRESS.search(question)))
    found: dict[str, Any] = {}
    tools = _described(names, options, only_what_is_set=not is_model)
    if tools:
        found["tools"] = tools
    if is_model and "web_search" in names:
        found["tool_choice"] = "auto" if mode is SearchMode.NEEDED else {"type": "web_search"}
    steps = options.get("max_steps") or fewest_steps(model, names)
    if steps:
        found["max_steps"] = steps
    if mode is SearchMode.NEVER and not is_model:
        found["max_tool_calls"] = 0
    elif options.get("max_tool_calls"):
        found["max_tool_calls"] = options["max_tool_calls"]
    return found


def _described(names: Sequence[str], options: Mapping[str, Any], *, only_what_is_set: bool) -> list[dict[str, Any]]:
    """The tools with what is set about them. The search can go unnamed where there is nothing to say about it."""
    tools = [{"type": name, **(_SETTINGS[name](options) if name in _SETTINGS else {})} for name in names]
    return [tool for tool in tools if not only_what_is_set or tool != {"type": "web_search"}]


def _web_search(options: Mapping[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    asked = fields.mapping(options.get("web_search_options"))
    settings |= {name: asked[name] for name in _OF_SEARCH if asked.get(name)}
    if options.get("num_search_results"):
        settings["max_results"] = options["num_search_results"]
    filters = {name: _with_leading_zeros(options[name]) for name in _FILTERS if options.get(name)}
    if filters:
        settings["filters"] = filters
    place = {
        name: value for name, value in fields.mapping(asked.get("user_location")).items() if value not in (None, "")
    }
    if place:
        settings["user_location"] = place
    return settings


def _image_search(options: Mapping[str, Any]) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    if options.get("image_domain_filter"):
        filters["domain_filter"] = list(options["image_domain_filter"])
    if options.get("image_format_filter"):
        formats = (_FORMATS.get(word, word) for word in options["image_format_filter"])
        filters["format_filter"] = list(dict.fromkeys(formats))
    if options.get("safe_search") is not None:
        filters["safe_search"] = options["safe_search"]
    settings: dict[str, Any] = {"filters": filters} if filters else {}
    if options.get("num_images"):
        settings["max_results"] = options["num_images"]
    return settings


def _fetch_url(options: Mapping[str, Any]) -> dict[str, Any]:
    return {"max_urls": options["max_urls"]} if options.get("max_urls") else {}


_SETTINGS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "web_search": _web_search,
    "image_search": _image_search,
    "fetch_url": _fetch_url,
}


def _with_leading_zeros(value: Any) -> Any:
    """A date as MM/DD/YYYY; anything else as it is."""
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    return f"{int(found[1]):02}/{int(found[2]):02}/{found[3]}" if found else value
