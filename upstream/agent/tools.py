"""What the options of a question mean as tools of the Agent API (docs/agent.md, "Tools")."""

import re
from collections.abc import Mapping
from typing import Any

from upstream.translation import fields

_FILTERS = (
    "search_domain_filter",
    "search_recency_filter",
    "search_after_date_filter",
    "search_before_date_filter",
    "last_updated_after_filter",
    "last_updated_before_filter",
)
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ADDRESS = re.compile(r"https?://\S", re.I)
_FORMATS = {"jpg": "jpeg"}  # the one name that this provider knows for it


def tools_for(options: Mapping[str, Any], *, preset: bool, question: str) -> list[dict[str, Any]]:
    """The tools for a question with these options, which are as on Sonar's wire. None: an empty list.

    A preset brings its own tools; naming some takes their place, so they are named only where something is set about
    them, and then all that it would have. A model has those that are named: the search always, and the reading of
    addresses where the question names one.
    """
    if options.get("disable_search"):
        return []
    search, images = _web_search(options), _image_search(options)
    if preset and len(search) == 1 and not images:
        return []
    tools = [search]
    if preset or _ADDRESS.search(question):
        tools.append({"type": "fetch_url"})
    return [*tools, images] if images else tools


def _web_search(options: Mapping[str, Any]) -> dict[str, Any]:
    tool: dict[str, Any] = {"type": "web_search"}
    filters = {name: _with_leading_zeros(options[name]) for name in _FILTERS if options.get(name)}
    if filters:
        tool["filters"] = filters
    asked = fields.mapping(options.get("web_search_options"))
    for name in ("search_context_size", "search_type"):
        if asked.get(name):
            tool[name] = asked[name]
    place = {
        name: value for name, value in fields.mapping(asked.get("user_location")).items() if value not in (None, "")
    }
    if place:
        tool["user_location"] = place
    return tool


def _image_search(options: Mapping[str, Any]) -> dict[str, Any]:
    """The search for pictures; empty where none are wanted."""
    if not options.get("return_images"):
        return {}
    filters: dict[str, Any] = {}
    if options.get("image_domain_filter"):
        filters["domain_filter"] = list(options["image_domain_filter"])
    if options.get("image_format_filter"):
        formats = (_FORMATS.get(word, word) for word in options["image_format_filter"])
        filters["format_filter"] = list(dict.fromkeys(formats))
    if options.get("safe_search") is not None:
        filters["safe_search"] = options["safe_search"]
    tool: dict[str, Any] = {"type": "image_search"}
    if filters:
        tool["filters"] = filters
    if options.get("num_images"):
        tool["max_results"] = options["num_images"]
    return tool


def _with_leading_zeros(value: Any) -> Any:
    """A date as MM/DD/YYYY; anything else as it is."""
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    return f"{int(found[1]):02}/{int(found[2]):02}/{found[3]}" if found else value
