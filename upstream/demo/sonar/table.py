"""The table of what Sonar takes: every parameter of chat completions and of search, with its type and bounds.

What the parameters must be together, and the words of the refusals, are in `checks.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from upstream.demo.rules import Rule, choice, flag, integer, list_of, number, required, text

MODELS = ("sonar", "sonar-pro", "sonar-reasoning-pro", "sonar-deep-research")
MOST_DOMAINS = 20
FEWEST_TOKENS = 16
MOST_QUERIES = 5


def _problem_of_date(value: str) -> str:
    month, day, year = (int(figure) for figure in value.split("/"))
    try:
        date(year, month, day)
    except ValueError:
        return "Input should be a date that exists"
    return ""


def _problem_of_domains(value: Sequence[Any]) -> str:
    mixed = len({isinstance(entry, str) and entry.startswith("-") for entry in value}) > 1
    return "Allowed and denied domains cannot be mixed" if mixed else ""


_TEXT = text(r"(?s).+", says="Input should be a valid string")
_DATE = text(
    r"(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])/\d{4}",
    says="Input should be a date in the format %m/%d/%Y",
    fit=_problem_of_date,
)
_COUNTRY = text("[A-Z]{2}", says="Input should be an ISO 3166-1 alpha-2 country code")
_LANGUAGE = text("[a-z]{2}", says="Input should be an ISO 639-1 language code")
_DOMAIN = text(r"-?\S{1,253}", says="Input should be a valid domain")
_PLACE = {
    "latitude": number(-90, 90),
    "longitude": number(-180, 180),
    "country": _COUNTRY,
    "region": _TEXT,
    "city": _TEXT,
}
_FILTERS = {
    "search_mode": choice("web", "academic", "sec"),
    "search_recency_filter": choice("hour", "day", "week", "month", "year"),
    "search_after_date_filter": _DATE,
    "search_before_date_filter": _DATE,
    "last_updated_after_filter": _DATE,
    "last_updated_before_filter": _DATE,
    "search_domain_filter": list_of(_DOMAIN, fit=_problem_of_domains),
    "country": _COUNTRY,
}
CHAT = Rule(
    kind="object",
    fields={
        "stream": flag(),
        "stream_mode": choice("full", "concise"),
        "max_tokens": integer(1, 128_000),
        "temperature": number(0, 2, below=True),
        "top_p": number(0, 1),
        "top_k": integer(0, 2048),
        "presence_penalty": number(-2, 2),
        "frequency_penalty": number(-2, 2),
        "stop": list_of(_TEXT, kind="text or list", pattern=r"(?s).+"),
        "n": integer(1, 10),
        "response_format": Rule(kind="object"),
        "reasoning_effort": choice("minimal", "low", "medium", "high"),
        "language_preference": _TEXT,
        **_FILTERS,
        "disable_search": flag(),
        "enable_search_classifier": flag(),
        "search_language_filter": list_of(_LANGUAGE, most=10),
        "num_search_results": integer(1, 50),
        "safe_search": flag(),
        "latitude": _PLACE["latitude"],
        "longitude": _PLACE["longitude"],
        "return_images": flag(),
        "return_related_questions": flag(),
        "media_response": Rule(kind="object"),
        "num_images": integer(1, 30),
        "image_domain_filter": list_of(_TEXT, most=10),
        "image_format_filter": list_of(text("[a-z0-9]+", says="Input should be a lower-case format"), most=10),
        "web_search_options": Rule(
            kind="object",
            fields={
                "search_context_size": choice("low", "medium", "high"),
                "search_type": choice("fast", "pro", "auto"),
                "user_location": Rule(kind="object", fields=_PLACE),
                "image_search_relevance_enhanced": flag(),
                "image_results_enhanced_relevance": flag(),
            },
        ),
    },
)
_ROLE = Rule(kind="object", fields={"role": required(choice("system", "user", "assistant", "tool"))})
_PARTS: Mapping[str, Mapping[str, Rule]] = {
    "text": {"text": Rule(kind="text", required=True)},
    "image_url": {},
    "file_url": {},
    "pdf_url": {},
    "video_url": {},
}
ROLES = list_of(_ROLE, least=1, required=True)
CONTENTS = list_of(
    Rule(kind="object", fields={"content": list_of(Rule(kind="object", variants=_PARTS), kind="text or list")})
)
SEARCH = Rule(
    kind="object",
    fields={
        "query": list_of(_TEXT, kind="text or list", pattern=r"(?s).+", least=1, most=MOST_QUERIES, required=True),
        "max_results": integer(1, 20),
        "max_tokens": integer(1, 1_000_000),
        "max_tokens_per_page": integer(1, 1_000_000),
        "search_context_size": choice("low", "medium", "high"),
        "search_type": choice("web", "people"),
        **_FILTERS,
        "search_language_filter": list_of(_LANGUAGE, most=20),
        "display_server_time": flag(),
    },
)
