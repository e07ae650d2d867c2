"""What each parameter may be (contract A4.1 to A4.3, A11). A check gives the problem in words, or nothing."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Check = Callable[[Any], str]

_DATE = re.compile(r"(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])/\d{4}")


def part(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under `name`, empty where there is none; other checks say so when something else stands there."""
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def problems(values: Mapping[str, Any], table: Mapping[str, Check], *where: str) -> list[str]:
    """The problems of an object's members, each with its place; members that are absent or null are fine."""
    return [
        f"At {' -> '.join(['body', *where, name])}: {problem}"
        for name, check in table.items()
        if values.get(name) is not None and (problem := check(values[name]))
    ]


def _one_of(*values: str) -> Check:
    quoted = [f"'{value}'" for value in values]
    text = f"Input should be {', '.join(quoted[:-1])} or {quoted[-1]}"
    return lambda value: "" if isinstance(value, str) and value in values else text


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "Input should be a valid boolean"


def _number(least: float, most: float, *, below: bool = False, whole: bool = False) -> Check:
    def check(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            return f"Input should be a valid {'integer' if whole else 'number'}"
        if value < least:
            return f"Input should be greater than or equal to {least:g}"
        if value > most or (below and value == most):
            return f"Input should be less than {'' if below else 'or equal to '}{most:g}"
        return ""

    return check


def _whole(least: int, most: int) -> Check:
    return _number(least, most, whole=True)


def _matching(pattern: str, text: str) -> Check:
    return lambda value: "" if isinstance(value, str) and re.fullmatch(pattern, value) else text


def _list_of(check: Check, *, most: int | None = None) -> Check:
    def check_all(value: Any) -> str:
        if not isinstance(value, list):
            return "Input should be a valid list"
        if most is not None and len(value) > most:
            return f"List should have at most {most} items after validation, not {len(value)}"
        return next((problem for entry in value if (problem := check(entry))), "")

    return check_all


def _object(value: Any) -> str:
    return "" if isinstance(value, dict) else "Input should be a valid dictionary"


def _day(value: Any) -> str:
    if isinstance(value, str) and _DATE.fullmatch(value):
        month, day, year = (int(part) for part in value.split("/"))
        try:
            date(year, month, day)
        except ValueError:
            return "Input should be a date that exists"
        return ""
    return "Input should be a date in the format %m/%d/%Y"


def _domains(value: Any) -> str:
    problem = _list_of(_matching(r"-?\S{1,253}", "Input should be a valid domain"))(value)
    if not problem and len({entry.startswith("-") for entry in value}) > 1:
        return "Allowed and denied domains cannot be mixed"
    return problem


def _stops(value: Any) -> str:
    return _text(value) if isinstance(value, str) else _list_of(_text)(value)


_text = _matching(r"(?s).+", "Input should be a valid string")
_country = _matching(r"[A-Z]{2}", "Input should be an ISO 3166-1 alpha-2 country code")
_language = _matching(r"[a-z]{2}", "Input should be an ISO 639-1 language code")
_latitude, _longitude = _number(-90, 90), _number(-180, 180)

_FILTERS: Mapping[str, Check] = {
    "search_mode": _one_of("web", "academic", "sec"),
    "search_recency_filter": _one_of("hour", "day", "week", "month", "year"),
    "search_after_date_filter": _day,
    "search_before_date_filter": _day,
    "last_updated_after_filter": _day,
    "last_updated_before_filter": _day,
    "search_domain_filter": _domains,
    "country": _country,
}

CHAT: Mapping[str, Check] = {
    "stream": _flag,
    "stream_mode": _one_of("full", "concise"),
    "max_tokens": _whole(1, 128_000),
    "temperature": _number(0, 2, below=True),
    "top_p": _number(0, 1),
    "top_k": _whole(0, 2048),
    "presence_penalty": _number(-2, 2),
    "frequency_penalty": _number(-2, 2),
    "stop": _stops,
    "n": _whole(1, 10),
    "response_format": _object,
    "reasoning_effort": _one_of("minimal", "low", "medium", "high"),
    "language_preference": _text,
    **_FILTERS,
    "disable_search": _flag,
    "enable_search_classifier": _flag,
    "search_language_filter": _list_of(_language, most=10),
    "num_search_results": _whole(1, 50),
    "safe_search": _flag,
    "latitude": _latitude,
    "longitude": _longitude,
    "web_search_options": _object,
    "return_images": _flag,
    "return_related_questions": _flag,
    "media_response": _object,
    "num_images": _whole(1, 30),
    "image_domain_filter": _list_of(_text, most=10),
    "image_format_filter": _list_of(_matching(r"[a-z0-9]+", "Input should be a lower-case format"), most=10),
}

OPTIONS: Mapping[str, Check] = {
    "search_context_size": _one_of("low", "medium", "high"),
    "search_type": _one_of("fast", "pro", "auto"),
    "user_location": _object,
    "image_search_relevance_enhanced": _flag,
    "image_results_enhanced_relevance": _flag,
}

PLACE: Mapping[str, Check] = {
    "latitude": _latitude,
    "longitude": _longitude,
    "country": _country,
    "region": _text,
    "city": _text,
}

SEARCH: Mapping[str, Check] = {
    "max_results": _whole(1, 20),
    "max_tokens": _whole(1, 1_000_000),
    "max_tokens_per_page": _whole(1, 1_000_000),
    "search_context_size": _one_of("low", "medium", "high"),
    "search_type": _one_of("web", "people"),
    **_FILTERS,
    "search_language_filter": _list_of(_language, most=20),
    "display_server_time": _flag,
}
