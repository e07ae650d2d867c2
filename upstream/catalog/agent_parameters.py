"""What of all that can be set the Agent API takes, and why it does not take the rest (docs/agent.md, "Requests").

Options are kept in Sonar's words whatever the provider; what is different about one at this provider stands here.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from upstream.catalog.models import AGENT_MODELS
from upstream.catalog.parameters import PARAMETERS, Parameter

_EVERY = frozenset(AGENT_MODELS)
_MODELS = frozenset(name for name in AGENT_MODELS if "/" in name)
_NO_COUNTERPART = "The Agent API has no such option."

_TAKEN: Mapping[str, Mapping[str, Any]] = {
    "web_search_options.search_context_size": {},
    "web_search_options.search_type": {
        "choices": ("web", "fast"),
        "help": "Web looks thoroughly, fast answers sooner.",
    },
    "disable_search": {
        "help": "The answer comes from the model alone, without sources.",
        "models": _MODELS,
        "why_not": "A preset decides by itself what it searches.",
    },
    "search_domain_filter": {},
    "search_recency_filter": {},
    "search_after_date_filter": {},
    "search_before_date_filter": {},
    "last_updated_after_filter": {},
    "last_updated_before_filter": {},
    "safe_search": {"help": "Leave out pictures that are not fit for all.", "label": "Safe search for pictures"},
    "web_search_options.user_location.country": {},
    "web_search_options.user_location.region": {},
    "web_search_options.user_location.city": {},
    "web_search_options.user_location.latitude": {},
    "web_search_options.user_location.longitude": {},
    "return_images": {"help": "Look for pictures too."},
    "num_images": {},
    "image_domain_filter": {},
    "image_format_filter": {
        "help": "Up to 10 of bmp, gif, jpeg, png, svg and webp.",
        "pattern": "bmp|gif|jpe?g|png|svg|webp",
    },
    "language_preference": {"help": "Name of a language, such as English or Korean, or its code of two letters."},
    "reasoning_effort": {
        "choices": ("minimal", "low", "medium", "high", "xhigh"),
        "help": "More effort means more thinking, a longer wait and a higher price.",
    },
    "max_tokens": {},
    "response_format": {"help": "A JSON schema that the answer follows."},
    "delivery": {
        "help": "In the background the service works by itself, as presets that take minutes do unless you choose "
        "otherwise. Streamed, its words come as they are written.",
    },
}

_WHY_NOT: Mapping[str, str] = {
    "search_mode": "The Agent API searches the whole web only.",
    "enable_search_classifier": "The Agent API decides by itself when it searches.",
    "search_language_filter": "The Agent API cannot choose sources by their language.",
    "media_response.overrides.return_videos": "The Agent API finds no videos.",
    "return_related_questions": "The Agent API does not suggest what to ask next.",
    "stream_mode": "The Agent API streams in one way only.",
}


def _at_the_agent(parameter: Parameter) -> Parameter:
    taken = _TAKEN.get(parameter.name)
    if taken is None:
        why_not = _WHY_NOT.get(parameter.name, _NO_COUNTERPART)
        return replace(parameter, provider="agent", models=frozenset(), why_not=why_not, generic=False)
    return replace(parameter, **{"provider": "agent", "models": _EVERY, "why_not": "", "generic": True, **taken})


AGENT_PARAMETERS: tuple[Parameter, ...] = tuple(map(_at_the_agent, PARAMETERS))
