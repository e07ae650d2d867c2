"""Turns what an upstream answers instead of an answer into our family of errors (contract A12 and A13)."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from upstream import capabilities
from upstream.errors import (
    InvalidRequest,
    KeyRefused,
    TooManyRequests,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
    WorkFailed,
)
from upstream.parsing import parsed

_LONGEST_QUOTE = 300  # characters of the upstream's own words
_LONGEST_WAIT = 86_400.0  # seconds
_UNKNOWN_MODEL = re.compile(r"\binvalid model\b|\bmodel\b.{0,60}\b(not found|does not exist|not exist)\b", re.I | re.S)
_UNKNOWN_MODEL_CODES = {"invalid_model", "model_not_found"}
_MARKUP = re.compile(r"<[a-z!/?]", re.I)
_SECRET = re.compile(r"pplx-[\w-]+|\bBearer\s+\S+|\bsk-[\w-]{8,}", re.I)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2066-\u2069\ufeff]+")

_TOO_LARGE = "The question, with its conversation and attachments, is too large for the answer service. Shorten it."
_MOVED = "The address of the answer service only points to another address. Whoever runs this Parley has to correct it."


def refusal(*, status: int, headers: Mapping[str, str], body: bytes, model: str, key: str) -> UpstreamError:
    """The error that an HTTP answer other than 2xx stands for.

    `headers` are looked up in lower case. `model` is the one that was asked, `key` is kept out of every sentence.
    """
    found = parsed(body)
    details: dict[str, Any] = {
        "status": status,
        "request_id": header(headers, "x-request-id"),
        "wait": wait_asked(headers),
        "repeat": _may_repeat(status, headers),
    }
    if status in (400, 404) and _names_unknown_model(found):
        return InvalidRequest(_unknown_model(model), **details)
    if status in (400, 422):
        return InvalidRequest(_quoting(InvalidRequest.default_message, told(found), key=key), **details)
    if status == 413:
        return InvalidRequest(_TOO_LARGE, **details)
    if 300 <= status < 400:
        return Withdrawn(_MOVED, **details)
    return _family(status)("", **details)


def stream_error(data: bytes, *, model: str, key: str, request_id: str) -> UpstreamError:
    """The error inside a stream that had begun: an `event: error`, or an object with `error` (contract A9.1)."""
    found = parsed(data)
    error = found.get("error") if isinstance(found, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, str) and code.isdecimal():
        code = int(code)
    if isinstance(code, int) and 400 <= code <= 599:
        return refusal(status=code, headers={"x-request-id": request_id}, body=data, model=model, key=key)
    if _names_unknown_model(found):
        return InvalidRequest(_unknown_model(model), request_id=request_id)
    return UpstreamDown(request_id=request_id)


def failed_work(said: Any, *, key: str) -> WorkFailed:
    """The error for work that the upstream gave up, with the reason that it `said`, if it is one sentence of text."""
    words = said if isinstance(said, str) else ""
    return WorkFailed(_quoting(WorkFailed.default_message, words, key=key), repeat=False)


def header(headers: Mapping[str, str], name: str) -> str:
    """The header without blanks around it, empty when it is not there; no longer than a request id can be."""
    return headers.get(name, "").strip()[:200]


def wait_asked(headers: Mapping[str, str]) -> float | None:
    """The seconds that the upstream asks to wait, by `retry-after-ms` or `retry-after` (seconds or a date)."""
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
    return wait if wait is None else min(wait, _LONGEST_WAIT)


def told(found: Any) -> str:
    """The upstream's own sentence in a parsed error body: `error.message`, `error`, `detail`, or `message`."""
    if not isinstance(found, dict):
        return ""
    error = found.get("error")
    if isinstance(error, dict):
        error = error.get("message")
    detail = found.get("detail")
    if isinstance(detail, list):
        detail = "; ".join(filter(None, map(_complaint, detail)))
    candidates = (error, detail, found.get("message"))
    return next((text for text in candidates if isinstance(text, str) and text.strip()), "")


def _complaint(item: Any) -> str:
    if not isinstance(item, dict) or not isinstance(item.get("msg"), str):
        return item if isinstance(item, str) else ""
    where = item.get("loc")
    path = ".".join(str(step) for step in where if step != "body") if isinstance(where, list) else ""
    return f"{path}: {item['msg']}" if path else str(item["msg"])


def _family(status: int) -> Callable[..., UpstreamError]:
    if status in (401, 402, 403):
        return KeyRefused
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
    return bool(_UNKNOWN_MODEL.search(told(found)))


def _unknown_model(model: str) -> str:
    known = capabilities.MODELS.get(model)
    if known is not None and known.notice:
        return known.notice
    return f"The answer service does not know the model “{plain(model, key='')[:100]}”. Choose another one."


def _quoting(sentence: str, words: str, *, key: str) -> str:
    words = plain(words, key=key)
    if not words or _MARKUP.search(words):
        return sentence
    if len(words) > _LONGEST_QUOTE:
        words = words[:_LONGEST_QUOTE].rstrip() + "…"
    return f"{sentence} It says: {words}"


def plain(text: str, *, key: str) -> str:
    """One line without control characters and without anything that looks like a key."""
    if key:
        text = text.replace(key, "…")
    return _SECRET.sub("…", _UNSEEN.sub(" ", text)).strip()


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
