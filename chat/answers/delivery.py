"""How an answer reaches us: streamed, or from work that the service does by itself, which outlives this process."""

from collections.abc import Mapping
from typing import Any

from chat.catalog import providers
from upstream.catalog.rules import model_named

OPTION = "delivery"


def in_background(*, provider: str, model: str, options: Mapping[str, Any]) -> bool:
    """Whether the service is to work on this by itself: a research is done so by default, where the service can."""
    if provider != "sonar" or not model_named(model, provider=provider).researches:
        return False
    wish = options.get(OPTION)
    return wish == "background" if wish else providers.is_perplexity()  # of other servers nobody knows


def with_step_events(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with the mode of a stream that tells the steps of a search, unless another was chosen."""
    search = options.get("web_search_options")
    kind = search.get("search_type") if isinstance(search, Mapping) else None
    return {**({"stream_mode": "concise"} if kind in ("pro", "auto") else {}), **options}
