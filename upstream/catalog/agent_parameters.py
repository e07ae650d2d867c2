"""What of all that can be set the Agent API takes, and why it does not take the rest (docs/agent.md, "Requests").

Options are kept in Sonar's words whatever the provider; what is different about one at this provider stands here, and
so does what exists there alone. The prices in the help are those of docs/agent.md, "Usage and cost".
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from upstream.catalog.agent_names import NameKind
from upstream.catalog.parameters import PARAMETERS, Parameter, ParameterGroup

REASONING_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
SERVICE_TIERS = ("auto", "default", "flex", "priority", "fast")
MOST_STEPS = 100
MOST_PAGES = 10

_EVERY = frozenset(NameKind)
_MODELS = frozenset({NameKind.MODEL})
_NOT_FAST = frozenset({NameKind.MODEL, NameKind.PRESET})
_ELSEWHERE = "Only the Agent API has this option."
_NO_COUNTERPART = "The Agent API doesn’t have this option."
_FAST_SEARCHES = "The preset “fast” searches once for every question. Choose another preset or a model."

_TAKEN: Mapping[str, Mapping[str, Any]] = {
    "web_search_options.search_context_size": {
        "help": "About 300, 1,000 or 4,000 tokens. More makes answers fuller and each question more expensive.",
    },
    "web_search_options.search_type": {
        "choices": ("web", "fast"),
        "help": "Web searches thoroughly, for $0.0025 a search. Fast answers sooner, for $0.001.",
    },
    "disable_search": {
        "help": "Without a search, the answer comes from the model alone and has no sources.",
        "kinds": _NOT_FAST,
        "why_not": _FAST_SEARCHES,
    },
    "enable_search_classifier": {
        "kinds": _MODELS,
        "why_not": "A preset decides for itself when to search. Choose a model to let it decide.",
        "why_not_of": {NameKind.FAST: _FAST_SEARCHES},
    },
    "search_domain_filter": {"pattern": r"(?!-?\w+://)\S+"},
    "search_recency_filter": {},
    "search_after_date_filter": {},
    "search_before_date_filter": {},
    "last_updated_after_filter": {},
    "last_updated_before_filter": {},
    "num_search_results": {"help": "How many pages each search should find."},
    "safe_search": {
        "label": "Safe search for images",
        "group": ParameterGroup.MEDIA,
        "help": "Leaves out images that aren’t suitable for everyone.",
    },
    "web_search_options.user_location.country": {},
    "web_search_options.user_location.region": {},
    "web_search_options.user_location.city": {},
    "web_search_options.user_location.latitude": {},
    "web_search_options.user_location.longitude": {},
    "return_images": {"help": "Also looks for images, for $0.0025 a search."},
    "num_images": {},
    "image_domain_filter": {},
    "image_format_filter": {
        "help": "Up to 10 of bmp, gif, jpeg, png, svg and webp.",
        "pattern": "bmp|gif|jpe?g|png|svg|webp",
    },
    "instructions": {},
    "temperature": {"help": "Low is steady and factual, high is varied. The default is 1.", "most": 2},
    "top_p": {},
    "language_preference": {"help": "Name of a language, such as English or Korean, or its two-letter code."},
    "reasoning_effort": {
        "label": "Reasoning effort",
        "choices": REASONING_EFFORTS,
        "help": "How long the model thinks. More effort takes longer and costs more.",
    },
    "max_tokens": {
        "help": "In tokens of about four letters each, including thinking. Anything below 16 counts as 16.",
        "least": 1,
    },
    "response_format": {"help": "A JSON schema that the answer follows. Its root must be an object."},
    "delivery": {
        "help": "In the background, the service keeps working on its own; presets that take minutes do this "
        "unless you choose otherwise. Streamed answers appear as they are written.",
    },
}

_WHY_NOT: Mapping[str, str] = {
    "search_mode": "The Agent API searches only the web. For company figures and filings, use “Finance”.",
    "search_language_filter": "The Agent API can’t choose sources by language.",
    "media_response.overrides.return_videos": "The Agent API doesn’t find videos.",
    "media_response.overrides.return_images": "The Agent API finds images only through the option “Images”.",
    "return_related_questions": "The Agent API doesn’t suggest related questions.",
    "stream_mode": "The Agent API streams in only one way.",
}


def _own(name: str, label: str, group: ParameterGroup, kind: Any, text: str, **more: Any) -> Parameter:
    given = {"kinds": _EVERY, "why_not": _ELSEWHERE, "provider": "agent", "models": frozenset(), **more}
    return Parameter(name, label, group, kind, text, **given)


OWN: tuple[Parameter, ...] = (
    _own(
        "web_search_options.max_tokens", "Tokens for all results", ParameterGroup.SEARCH, "integer",
        "How much of all pages together the model can read, instead of “How much to read”.",
        least=1, most=200_000,
    ),
    _own(
        "web_search_options.max_tokens_per_page", "Tokens per page", ParameterGroup.SEARCH, "integer",
        "How much of each page the model can read, instead of “How much to read”.", least=1, most=200_000,
    ),
    _own(
        "fetch_url", "Read pages", ParameterGroup.TOOLS, "flag",
        "Opens pages and reads them in full: usually $0.003 to $0.01 a page, because a model reads them. A model "
        "opens the pages that a question names; a preset opens those it chooses, whatever is set here.",
    ),
    _own(
        "max_urls", "Number of pages", ParameterGroup.TOOLS, "integer", "At most this many pages at a time.",
        least=1, most=MOST_PAGES,
    ),
    _own(
        "finance_search", "Finance", ParameterGroup.TOOLS, "flag",
        "Looks up share prices, company figures and filings, for $0.005 each time. A question takes several.",
    ),
    _own(
        "people_search", "People", ParameterGroup.TOOLS, "flag",
        "Looks for people and what they do, for $0.005 a search.",
    ),
    _own(
        "sandbox", "Sandbox", ParameterGroup.TOOLS, "flag",
        "Runs code to calculate, for $0.03 per session of 20 minutes. It replaces search and all other tools.",
        kinds=_MODELS,
        why_not_of={
            NameKind.PRESET: "The sandbox would replace the preset’s own tools. Choose a model.",
            NameKind.FAST: "The sandbox would replace the preset’s own tools. Choose a model.",
        },
    ),
    _own(
        "max_steps", "Maximum steps", ParameterGroup.LIMITS, "integer",
        "How often the model may use its tools before it has to answer. More steps cost more.",
        least=1, most=MOST_STEPS,
    ),
    _own(
        "max_tool_calls", "Maximum tool calls", ParameterGroup.LIMITS, "integer",
        "How many searches and other tool calls an answer may use.",
        least=1, most=MOST_STEPS, kinds=_NOT_FAST,
        why_not_of={NameKind.FAST: "The preset “fast” searches once. “Maximum steps” sets how far it may go."},
    ),
    _own(
        "service_tier", "Service tier", ParameterGroup.LIMITS, "choice",
        "How urgently the question is handled. The service may charge differently for it.", choices=SERVICE_TIERS,
    ),
)  # fmt: skip
"""What only the Agent API has."""


def _at_the_agent(parameter: Parameter) -> Parameter:
    taken = _TAKEN.get(parameter.name)
    at_home: dict[str, Any] = {"provider": "agent", "models": frozenset(), "generic": False}
    if taken is None:
        return replace(parameter, **at_home, why_not=_WHY_NOT.get(parameter.name, _NO_COUNTERPART))
    return replace(parameter, **{**at_home, "kinds": _EVERY, "why_not": "", **taken})


AGENT_PARAMETERS: tuple[Parameter, ...] = (*map(_at_the_agent, PARAMETERS), *OWN)
