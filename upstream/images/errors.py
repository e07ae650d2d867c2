"""What an image service answers instead of a picture, told so that a person knows what to do
(docs/images.md, "Errors").

The body is read before the status: servers put the same complaint under different ones. Their own words are quoted
where they help, without markup and without keys.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

import httpx

from core.sentences import nsentence, quoting, sentence, then
from upstream import http as upstream_http
from upstream.drawing import DrawRequest
from upstream.errors import (
    DrawingUncertain,
    InvalidRequest,
    KeyRefused,
    NoImageReturned,
    TooLarge,
    TooManyRequests,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
)
from upstream.translation import fields, refusals
from upstream.translation.complaints import complaint_in, plain
from upstream.translation.payloads import parse_json

logger = logging.getLogger(__name__)

_LONGEST_COMPLAINT = 2_000  # characters of a body that is plain text

_CONTENT_CODES = {"moderation_blocked", "content_policy_violation", "content_filter", "safety_violation"}
_CONTENT = re.compile(r"safety system|content.policy|content.filter|moderation|usage polic", re.I)
_CREDIT_CODES = {"insufficient_quota", "billing_hard_limit_reached", "insufficient_credits", "billing_not_active"}
_CREDIT = re.compile(r"\bquota\b|\bcredits?\b|\bbilling\b|\bbalance\b", re.I)
_UNKNOWN_MODEL = re.compile(r"\bmodel\b.{0,80}\b(not found|does not exist|not exist|unknown|not supported)\b", re.I)
_SIZE = re.compile(r"\bsize\b|\bresolution\b|\bdimensions?\b", re.I)
_FORMAT = re.compile(r"\bresponse_format\b")
_TOO_LONG = re.compile(r"too long|maximum (context )?length|max(imum)?_?length|longer than", re.I)

_KEY = "The image service rejected the API key. Ask your administrator to check IMAGES_API_KEY."
_NO_KEY = "The image service requires an API key. Ask your administrator to set IMAGES_API_KEY."
_NOT_ALLOWED = "The account at the image service isn’t allowed to do this. Ask your administrator to check the account."
_CREDITS = "The account at the image service has no credits left. Ask your administrator to add some."
_CONTENT_REFUSED = "The image service rejected the prompt because it is against its rules. Put it in other words."
_FORMAT_REFUSED = (
    "The image service doesn’t support the configured response format. Ask your administrator to leave "
    "IMAGES_RESPONSE_FORMAT empty."
)
_LONG = "The prompt is too long for the image service. Shorten it."
_LIMITED = "The image service is getting too many requests from Parley right now."
_NO_SIZE = "The image service doesn’t draw in the size %(size)s. Choose another one."
_BUSY = "The image service is busy right now."
_REFUSED = "The image service didn’t accept the request."
_NO_SERVICE = "There is no image service at the configured address. Ask your administrator to correct IMAGES_BASE_URL."
_MOVED = "The address of the image service only redirects to another one. Ask your administrator to correct it."
_TROUBLE = "The image service couldn’t draw the image: it is having problems right now."
_UNREACHABLE = "The image service can’t be reached right now."
_SILENCE = "The image service was silent for too long. It may still be drawing. Try again in a while."
_BROKE_OFF = "The connection to the image service broke before the image arrived. It may have been drawn anyway."
_UNREADABLE = "The image service sent something that can’t be read as an answer."
_NO_PICTURE = "The image service reported success, but no image arrived."


def refusal(*, status: int, headers: Mapping[str, str], body: bytes, request: DrawRequest, key: str) -> UpstreamError:
    """The error that an HTTP answer other than 2xx stands for. `key` is kept out of every sentence and log line.

    `repeat` holds where the service says that it is busy, and asks for no more patience than a person has.
    """
    found = parse_json(body)
    said = complaint_in(found) or _plain_text(body, headers)
    logger.info("The image service answered %s: %s", status, plain(said, key=key)[:500])
    details: dict[str, Any] = {
        "status": status,
        "request_id": refusals.header(headers, "x-request-id"),
        "wait": refusals.wait_asked(headers, limited=status == 429),
        "repeat": status in (429, 503),
    }
    words = refusals.quotable(said, key=key)
    if status < 500 or found is not None or words:
        known = _by_complaint(_error_in(found), said, status=status, request=request)
        if known is not None:
            kind, told, quoted = known
            return kind(quoting(told, words if quoted else ""), **(details | {"repeat": False}))
    return _by_status(status, words=words, has_key=bool(key), details=details)


def unreached(fault: Exception, *, key: str) -> UpstreamError:
    """The error for a connection that failed. Only where none came about is it certain that nothing was drawn."""
    cause = plain(upstream_http.what_failed(fault), key=key)
    logger.warning("The connection to the image service failed (%s)", cause)
    if upstream_http.is_unsent(fault):
        return UpstreamDown(_UNREACHABLE, repeat=True)
    if isinstance(fault, httpx.ReadTimeout | TimeoutError):
        return DrawingUncertain(_SILENCE, repeat=False)
    return DrawingUncertain(_BROKE_OFF, repeat=False)


def unreadable(*, status: int, headers: Mapping[str, str]) -> UpstreamError:
    """The error for an answer that says that all is well and is none: a web page comes from something else."""
    if "html" in refusals.header(headers, "content-type").lower():
        return Withdrawn(_NO_SERVICE, status=status)
    return DrawingUncertain(_UNREADABLE, status=status, repeat=False)


def no_picture(*, status: int) -> UpstreamError:
    """The error for an answer in whose list there is no picture."""
    return NoImageReturned(_NO_PICTURE, status=status, repeat=False)


def _by_complaint(
    error: Mapping[str, Any], said: str, *, status: int, request: DrawRequest
) -> tuple[type[UpstreamError], str, bool] | None:
    """What the body complains of: the error, a sentence, and whether the service's own words help; None for nothing
    that is known."""
    codes = {fields.string(error.get(name)) for name in ("code", "type")}
    param = fields.string(error.get("param"))
    if codes & _CONTENT_CODES or (status in (400, 403, 422) and _CONTENT.search(said)):
        return InvalidRequest, _CONTENT_REFUSED, True
    if status == 402 or codes & _CREDIT_CODES or (status in (403, 429) and _CREDIT.search(said)):
        return KeyRefused, _CREDITS, False
    if status in (401, 403, 429, 503):
        return None
    if "model_not_found" in codes or param == "model" or _UNKNOWN_MODEL.search(said):
        return InvalidRequest, _unknown_model(request.model), False
    if param == "response_format" or _FORMAT.search(said):
        return InvalidRequest, _FORMAT_REFUSED, False
    if request.size and (param == "size" or _SIZE.search(said)):
        return InvalidRequest, sentence(_NO_SIZE, size=request.size), True
    if param == "prompt" or _TOO_LONG.search(said):
        return InvalidRequest, _LONG if _TOO_LONG.search(said) else _REFUSED, True
    return None


def _by_status(status: int, *, words: str, has_key: bool, details: dict[str, Any]) -> UpstreamError:
    if status == 401:
        return KeyRefused(_KEY if has_key else _NO_KEY, **details)
    if status == 403:
        return KeyRefused(quoting(_NOT_ALLOWED, words), **details)
    if status == 413:
        return TooLarge(_LONG, **details)
    if 300 <= status < 400:
        return Withdrawn(_MOVED, **details)
    if status in (404, 405, 410):
        return Withdrawn(_NO_SERVICE, **details)
    if status == 429:
        return TooManyRequests(_with_wait(_LIMITED, details["wait"]), **details)
    if status == 503:
        return UpstreamDown(_with_wait(_BUSY, details["wait"]), **details)
    if status in (408, 504, 524):  # whoever stands before the service waited no longer; it may still draw
        return DrawingUncertain(_SILENCE, **details)
    if status >= 500 or status in (409, 425):
        return UpstreamDown(quoting(_TROUBLE, words), **details)
    return InvalidRequest(quoting(_REFUSED, words), **details)


def _error_in(found: Any) -> Mapping[str, Any]:
    return fields.mapping(fields.mapping(found).get("error"))


def _plain_text(body: bytes, headers: Mapping[str, str]) -> str:
    """A complaint that is no JSON but a line of text, as some servers send it."""
    kind = refusals.header(headers, "content-type").partition(";")[0].strip().lower()
    return body[:_LONGEST_COMPLAINT].decode("utf-8", "replace") if kind in ("", "text/plain") else ""


def _with_wait(told: str, wait: float | None) -> str:
    if wait is None:
        return then(told, "Wait a while, then draw again.")
    seconds = max(1, round(wait))
    if seconds < 120:
        asks = nsentence(
            "It asks you to wait %(count)s second. Then draw again.",
            "It asks you to wait %(count)s seconds. Then draw again.",
            seconds,
        )
    else:
        asks = nsentence(
            "It asks you to wait %(count)s minute. Then draw again.",
            "It asks you to wait %(count)s minutes. Then draw again.",
            round(seconds / 60),
        )
    return then(told, asks)


def _unknown_model(model: str) -> str:
    if not model:
        return "The image service needs the name of a model. Ask your administrator to set IMAGES_MODELS."
    words = "The image service doesn’t know the model “%(model)s”. Choose another one."
    return sentence(words, model=plain(model, key="")[:100])
