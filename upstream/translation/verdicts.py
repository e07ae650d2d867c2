"""What a refusal says about the service or the key, read from its body before its status (docs/agent.md, "Errors").

A 403 may be the end of a service, a key of the wrong kind, or an account that may not do this; only the words tell.
"""

import re
from collections.abc import Mapping
from typing import Any

from upstream.errors import BadKey, KeyRefused, NoAccess, NoCredits, ServiceEnded, WrongKindOfKey
from upstream.translation.complaints import complaint_in

_ENDED = frozenset({"chat_completions_not_available", "agent_api_migration_required"})
_ENDED_IN_WORDS = re.compile(r"\bsonar is now the agent api\b", re.I)
_CREDITS = re.compile(r"\b(credits?|quota|billing|payment|balance|insufficient[_ ]funds)\b", re.I)
_ORGANIZATION = re.compile(r"\borgani[sz]ation\b", re.I)
_PLAN = re.compile(r"\b(plan|tier|subscription|subscribe|upgrade)\b", re.I)


def verdict_on_service(found: Any, *, status: int) -> type[ServiceEnded] | None:
    """ServiceEnded where a refusal's parsed body says that the service has ended, whatever its status."""
    if 400 <= status < 500 and (not _ENDED.isdisjoint(_words(found)) or _ENDED_IN_WORDS.search(complaint_in(found))):
        return ServiceEnded
    return None


def verdict_on_key(found: Any, *, status: int) -> type[KeyRefused] | None:
    """What is wrong with the key, as far as a refusal tells; None where it is about something else."""
    if status not in (401, 402, 403):
        return None
    words = _words(found)
    said = f"{complaint_in(found)} {' '.join(words).replace('_', ' ')}"
    if status == 402 or _CREDITS.search(said):
        return NoCredits
    if "invalid_api_key" in words:
        return BadKey
    if _ORGANIZATION.search(said):
        return WrongKindOfKey
    if _PLAN.search(said):
        return NoAccess
    return WrongKindOfKey if "forbidden" in words else KeyRefused


def _words(found: Any) -> frozenset[str]:
    """The words for the kind of an error, from its type and its code."""
    error = found.get("error") if isinstance(found, Mapping) else None
    values = (error.get("type"), error.get("code")) if isinstance(error, Mapping) else ()
    return frozenset(value for value in values if isinstance(value, str))
