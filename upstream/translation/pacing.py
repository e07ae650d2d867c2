"""How many more requests a service takes, as it says with every answer (docs/agent.md, "Limits and retries")."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from upstream.events import RateLimitSeen
from upstream.translation.refusals import header

_WHOLE = re.compile(r"\d{1,12}", re.ASCII)
_FURTHEST = 120.0  # seconds; a limit that is reset later than that, or was before, is none that we understand


def rate_limit_in(headers: Mapping[str, str]) -> RateLimitSeen | None:
    """What the answer's headers say; None where they say nothing that can be believed."""
    limit = _whole(header(headers, "x-ratelimit-limit"))
    remaining = _whole(header(headers, "x-ratelimit-remaining"))
    reset = _whole(header(headers, "x-ratelimit-reset"))
    if not limit or remaining is None or reset is None or remaining > limit:
        return None
    wait = reset - _service_time(header(headers, "date"))
    return RateLimitSeen(limit=limit, remaining=remaining, wait=wait) if 0 < wait <= _FURTHEST else None


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _service_time(date: str) -> float:
    """Seconds since 1970 by the service's own clock, which is the one that the limit goes by; else by ours."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return datetime.now(UTC).timestamp()
