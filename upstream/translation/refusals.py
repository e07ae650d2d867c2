"""Turns what an upstream answers instead of an answer into our family of errors (docs/sonar.md, "Errors")."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import orjson

from core.sentences import quoting, sentence
from upstream import http as upstream_http
from upstream.catalog import rules
from upstream.errors import (
    InvalidRequest,
    TooManyRequests,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
    WorkFailed,
)
from upstream.translation import verdicts
from upstream.translation.complaints import complaint_in, plain
from upstream.translation.payloads import parse_json

logger = logging.getLogger(__name__)

_LONGEST_QUOTE = 300  # characters of the upstream's own words
_LONGEST_WAIT = 86_400.0  # seconds
_RESETS = ("x-ratelimit-reset-requests", "x-ratelimit-reset", "x-ratelimit-reset-tokens")
_SINCE_1970 = 1e9  # seconds; a larger figure names a moment, not a span
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|h|m|s)")
_DURATION = re.compile(f"(?:{_SPAN.pattern})+")
_UNKNOWN_MODEL = re.compile(r"\binvalid model\b|\bmodel\b.{0,60}\b(not found|does not exist|not exist)\b", re.I | re.S)
_UNKNOWN_MODEL_CODES = {"invalid_model", "model_not_found"}
_MARKUP = re.compile(r"<[a-z!/?]", re.I)

# What the words for an error mean where no number is given, in the order in which they are looked for.
_MEANINGS = tuple(
    (re.compile(pattern, re.I), status)
    for pattern, status in (
        (r"rate.?limit|too.?many", 429),
        (r"authenticat|unauthori[sz]ed|api.?key|permission|forbidden|quota|credit|billing|payment", 401),
        (r"\binvalid_(?!model)|bad.?request|unsupported|too.?long|context.?length", 400),
        (r"overload|unavailable|timeout|timed.?out", 503),
    )
)
_ENDS = {
    "failed": "The answer service gave up partway.",
    "cancelled": "The answer service was told to stop working on this answer.",
    "requires_action": "The answer service is waiting for something that Parley can’t provide.",
}

_SILENCE = "The answer service was silent for too long. Ask again, or ask for less at once."
_UNREADABLE = "The answer service sent something that can’t be read as an answer."
_TOO_LARGE = "The question, with its conversation and attachments, is too large for the answer service. Shorten it."
_MOVED = "The address of the answer service only redirects to another one. Ask your administrator to correct it."


def refusal(*, status: int, headers: Mapping[str, str], body: bytes, model: str, key: str) -> UpstreamError:
    """The error that an HTTP answer other than 2xx stands for.

    `headers` are looked up in lower case. `model` is the one that was asked, `key` is kept out of every sentence.
    """
    found = parse_json(body)
    details: dict[str, Any] = {
        "status": status,
        "request_id": header(headers, "x-request-id"),
        "wait": wait_asked(headers) if status != 429 else wait_asked(headers, limited=True),
        "repeat": _may_repeat(status, headers),
    }
    said = verdicts.verdict_on_service(found, status=status) or verdicts.verdict_on_key(found, status=status)
    if said:
        return said("", **{**details, "repeat": False})
    if status in (400, 404) and _names_unknown_model(found):
        return InvalidRequest(_unknown_model(model), **details)
    if status in (400, 422):
        return InvalidRequest(_quoting(InvalidRequest.default_message, complaint_in(found), key=key), **details)
    if status == 413:
        return InvalidRequest(_TOO_LARGE, **details)
    if 300 <= status < 400:
        return Withdrawn(_MOVED, **details)
    return _family(status)("", **details)


def stream_error(data: bytes, *, model: str, key: str, request_id: str) -> UpstreamError:
    """The error inside an answer that had begun: an `event: error`, an object with `error`, or a run that says that it
    failed."""
    found = parse_json(data)
    error = _error_in(found)
    status = _status_in(error)
    if status:
        body = orjson.dumps({"error": error})
        return refusal(status=status, headers={"x-request-id": request_id}, body=body, model=model, key=key)
    if _names_unknown_model({"error": error}):
        return InvalidRequest(_unknown_model(model), request_id=request_id)
    told = _ENDS.get(_state_in(found))
    if told:
        words = complaint_in({"error": error})
        return WorkFailed(_quoting(told, words, key=key), request_id=request_id, repeat=False)
    return UpstreamDown(request_id=request_id)


def unreached(fault: Exception, *, key: str, request_id: str = "") -> UpstreamError:
    """The error for a connection that failed. After a long silence the question may be in work and paid for, so it is
    not sent again by itself."""
    logger.warning("The connection to the answer service failed (%s)", plain(upstream_http.what_failed(fault), key=key))
    if isinstance(fault, httpx.ReadTimeout):
        return UpstreamDown(_SILENCE, request_id=request_id, repeat=False)
    return UpstreamDown(request_id=request_id)


def unreadable(*, status: int, request_id: str = "") -> UpstreamError:
    """The error for an answer that says that all is well and is none."""
    return UpstreamDown(_UNREADABLE, request_id=request_id, repeat=False)


def cut_off(failure: UpstreamError) -> str:
    """What a reader is told about an answer that broke off because of this; empty for the usual sentence."""
    return ""


def _error_in(found: Any) -> Any:
    """The error that an object tells, wherever it stands in it."""
    if not isinstance(found, dict):
        return None
    inner = found.get("response")
    error = found.get("error") or (inner.get("error") if isinstance(inner, dict) else None)
    return error or (found if found.get("type") == "error" else None)


def _status_in(error: Any) -> int:
    """The HTTP status that an error names or means by its words; 0 where it says none."""
    if not isinstance(error, dict):
        return 0
    code = error.get("code")
    if isinstance(code, str) and code.isdecimal():
        code = int(code[:4])
    if isinstance(code, int) and 400 <= code <= 599:
        return code
    words = f"{error.get('type')} {error.get('code')}"
    return next((status for pattern, status in _MEANINGS if pattern.search(words)), 0)


def _state_in(found: Any) -> str:
    """How a run ended, by its status or by the type of the event that says so; empty where neither does."""
    if not isinstance(found, dict):
        return ""
    inner = found.get("response")
    status = inner.get("status") if isinstance(inner, dict) else found.get("status")
    kind = str(found.get("type") or "").removeprefix("response.")
    return kind if kind in _ENDS else str(status or "")


def failed_work(said: Any, *, key: str) -> WorkFailed:
    """The error for work that the upstream gave up, with the reason that it `said`, if it is one sentence of text."""
    words = said if isinstance(said, str) else ""
    return WorkFailed(_quoting(WorkFailed.default_message, words, key=key), repeat=False)


def header(headers: Mapping[str, str], name: str) -> str:
    """The header without blanks around it, empty when it is not there; no longer than a request id can be."""
    return headers.get(name, "").strip()[:200]


def wait_asked(headers: Mapping[str, str], *, limited: bool = False) -> float | None:
    """The seconds that the upstream asks to wait, by `retry-after-ms` or `retry-after` (seconds or a date).

    Where neither is given and the request was one too many (`limited`), until the limit that it ran into is reset.
    """
    milliseconds = _number(header(headers, "retry-after-ms"))
    asked = header(headers, "retry-after")
    wait = milliseconds / 1000 if milliseconds is not None else _number(asked)
    if wait is None and asked:
        try:
            moment = parsedate_to_datetime(asked)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        wait = max(0.0, (moment - datetime.now(UTC)).total_seconds())
    if wait is None and limited:
        wait = next(filter(None, (_reset_in(header(headers, name)) for name in _RESETS)), None)
    return wait if wait is None else min(wait, _LONGEST_WAIT)


def _reset_in(text: str) -> float | None:
    """Seconds until a limit is reset, which is told in seconds, as a time since 1970, or as `1m30s` or `350ms`."""
    value = _number(text)
    if value is not None:
        return max(value - datetime.now(UTC).timestamp(), 0.0) if value > _SINCE_1970 else value
    if not _DURATION.fullmatch(text):
        return None
    return sum(float(figure) * _UNITS[unit] for figure, unit in _SPAN.findall(text))


def _family(status: int) -> Callable[..., UpstreamError]:
    if status in (404, 405, 410):
        return Withdrawn
    if status == 429:
        return TooManyRequests
    return UpstreamDown if status >= 500 or status in (408, 409, 425) else InvalidRequest


def _may_repeat(status: int, headers: Mapping[str, str]) -> bool:
    said = header(headers, "x-should-retry").lower()
    return said == "true" if said in ("true", "false") else status in (408, 409, 429) or status >= 500


def _names_unknown_model(found: Any) -> bool:
    error = found.get("error") if isinstance(found, dict) else None
    if isinstance(error, dict) and not _UNKNOWN_MODEL_CODES.isdisjoint(
        map(str, (error.get("type"), error.get("code")))
    ):
        return True
    return bool(_UNKNOWN_MODEL.search(complaint_in(found)))


def _unknown_model(model: str) -> str:
    known = rules.MODELS.get(model)
    if known is not None and known.notice:
        return known.notice
    words = "The answer service doesn’t know the model “%(model)s”. Choose another one."
    return sentence(words, model=plain(model, key="")[:100])


def _quoting(told: str, words: str, *, key: str) -> str:
    words = quotable(words, key=key)
    return quoting(told, words)


def quotable(words: str, *, key: str) -> str:
    """The upstream's own words as they may be shown: one line, not long, without a key; empty for markup."""
    words = plain(words, key=key)
    if _MARKUP.search(words):
        return ""
    return words if len(words) <= _LONGEST_QUOTE else words[:_LONGEST_QUOTE].rstrip() + "…"


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
