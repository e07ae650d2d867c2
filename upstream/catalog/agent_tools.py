"""Which tools of the Agent API a question gets, and how many steps they take (docs/agent.md, "Searching").

Pure rules over the options, which the request, the check before sending and the documentation share.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from upstream.catalog.agent_names import NameKind, kind_of

# A step is one turn of the model: it calls a tool or writes. The search for finance loads what it needs first.
_STEPS: Mapping[str, int] = {
    "web_search": 1,
    "fetch_url": 1,
    "image_search": 1,
    "people_search": 1,
    "finance_search": 2,
    "sandbox": 4,
}
BY_OPTION: Mapping[str, str] = {
    "fetch_url": "fetch_url",
    "return_images": "image_search",
    "people_search": "people_search",
    "finance_search": "finance_search",
}
"""The tools that stand beside the search, by the option that switches each on."""


class SearchMode(StrEnum):
    """When the web is searched: for every question, if the model finds it necessary, or not at all."""

    ALWAYS = "always"
    NEEDED = "needed"
    NEVER = "never"


def search_mode(options: Mapping[str, Any]) -> SearchMode:
    """What the options say about it. Without a word every question is searched for."""
    if options.get("disable_search"):
        return SearchMode.NEVER
    return SearchMode.NEEDED if options.get("enable_search_classifier") else SearchMode.ALWAYS


def tools_of(model: str, options: Mapping[str, Any], *, names_page: bool = False) -> tuple[str, ...]:
    """The tools that the model may use by these options, whether or not they have to be named in the request.

    `names_page` says that the question has an address in it, which a model can then read without further ado. The
    sandbox takes the place of all other tools.
    """
    if options.get("sandbox"):
        return ("sandbox",)
    if search_mode(options) is SearchMode.NEVER:
        return ()
    chosen = [tool for option, tool in BY_OPTION.items() if options.get(option)]
    reads = names_page and options.get("fetch_url") is None and kind_of(model) is NameKind.MODEL
    return ("web_search", *(["fetch_url"] if reads else []), *chosen)


def fewest_steps(model: str, tools: Sequence[str]) -> int:
    """The steps after which there can be an answer: those of the tools, and one for writing.

    0 where the preset's own number does: `fast` has one step for its search and none for what is added to it.
    """
    kind = kind_of(model)
    if not tools or kind is NameKind.PRESET or (kind is NameKind.FAST and len(tools) == 1):
        return 0
    return 1 + sum(_STEPS[tool] for tool in tools)
