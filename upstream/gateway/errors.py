"""What the gateway answers instead of an answer, told so that a person knows what to do (docs/gateway.md, "Errors").

The gateway puts every failure of the service behind it into a 502 and its cause into the message, so the message is
read here. It never becomes part of a sentence: it is written for programmers, and may hold addresses.
"""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from core.sentences import sentence, then
from upstream import http as upstream_http
from upstream.errors import (
    CutOff,
    InvalidRequest,
    KeyRefused,
    NoImageReturned,
    SessionExpired,
    TooLarge,
    TooManyRequests,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
)
from upstream.translation import fields, refusals
from upstream.translation.complaints import plain
from upstream.translation.payloads import parse_json

logger = logging.getLogger(__name__)

_RETURNED = re.compile(r"perplexity returned (\d{3})")
_LONGER = re.compile(r"longer than (\d{1,5})s")
_REJECTED = re.compile(r"perplexity rejected the upload: (\w{1,60})")

_KEY = "The gateway rejected the API key. Ask your administrator to check GATEWAY_API_KEY."
_LIMITED = (
    "The account behind the gateway has used up its limit at Perplexity. Wait a while, or choose a model that "
    "doesn’t go through the gateway."
)
_BEHIND_DOWN = "Perplexity, behind the gateway, is having problems right now."
_BEHIND_REFUSED = "Perplexity rejected what the gateway sent. The gateway may be out of date."
_UNREACHED = "The gateway couldn’t reach Perplexity, or the connection between them broke."
_CHANGED = (
    "The gateway no longer understands what Perplexity sends. Ask your administrator to look for a newer version. "
    "Until then, choose a model that doesn’t go through the gateway."
)
_NOTHING = "Perplexity ended the conversation with the gateway without giving a reason. Ask again."
_HAND_ON = "The gateway couldn’t pass the image on to Perplexity. Try again in a while."
_SLOW = "Perplexity took longer than the gateway waits. Ask again, or ask for less at once."
_SLOW_SECONDS = (
    "Perplexity took longer than the %(seconds)s seconds that the gateway waits. Ask again, or ask for less at once."
)
_TROUBLE = "The gateway is having problems right now."
_UNREACHABLE = "The gateway can’t be reached or is having problems right now."
_SILENCE = "The gateway was silent for too long. Ask again, or ask for less at once."
_UNREADABLE = "The gateway sent something that can’t be read as an answer."
_NO_GATEWAY = "There is no gateway at the configured address. Ask your administrator to correct GATEWAY_BASE_URL."
_REFUSED = "The gateway didn’t accept the question as it was asked."
_TOO_LARGE = (
    "This is too large for the gateway. It promises to accept 10 MB, but the published version fails above 2 MB. "
    "Attach a smaller copy of the image, or choose a model that doesn’t go through the gateway."
)
_TOO_LONG = "This is too large for the gateway. Shorten the question, or attach a smaller copy of the image."

_UPLOADS: Mapping[str, str] = {
    "unsupported_type": "Perplexity doesn’t accept this kind of image. Send it as PNG or JPEG.",
    "too_large": "This image is too large for Perplexity. Attach a smaller copy.",
    "too_small": "This image is too small for Perplexity. Attach a larger one.",
    "no_name": "Perplexity rejected this image because of its name. Rename the file and attach it again.",
    "failed_moderation": "Perplexity rejected this image because it is against its rules.",
    "image_failed_moderation": "Perplexity rejected this image because it is against its rules.",
    "failed_security_check": "Perplexity rejected this image: its security check failed.",
    "attachments_disabled_by_organization": (
        "The organization behind the gateway’s account has turned attachments off. Ask without the image, or "
        "choose a model that doesn’t go through the gateway."
    ),
}
_UPLOAD_LIMITED = "Perplexity accepts no more images from the account behind the gateway right now. Wait a while."
_UPLOAD_OTHER = "Perplexity rejected this image."

Make = Callable[..., UpstreamError]

# What the gateway says about a request (400), by the words that only this complaint has.
_COMPLAINTS: tuple[tuple[str, Make, str], ...] = (
    ("Error parsing `multipart/form-data`", TooLarge, _TOO_LARGE),
    ("couldn't read uploaded file", TooLarge, _TOO_LARGE),
    ("couldn't read multipart data", TooLarge, _TOO_LARGE),
    ("-byte limit", TooLarge, "An image for the gateway can be at most 10 MB. Attach a smaller copy."),
    ("is empty", InvalidRequest, "An attached image is empty. Remove it."),
    ("at most 10 files", InvalidRequest, "The gateway accepts at most 10 images per question."),
    ("not a supported image", InvalidRequest, "The gateway accepts only PNG, JPEG, GIF and WEBP images."),
    ("use an image file", InvalidRequest, "The gateway accepts only PNG, JPEG, GIF and WEBP images."),
    ("only supported in search mode", InvalidRequest, "Only the gateway’s search models accept images."),
    ("doesn't take a model", InvalidRequest, "The gateway’s research chooses its own model."),
    ("query can't be empty", InvalidRequest, "There is no question to send."),
    ("prompt can't be empty", InvalidRequest, "There is nothing to draw: the prompt is empty."),
    ("unknown source", InvalidRequest, "The gateway searches only the web, scholarly works and social media."),
)
# What went wrong behind the gateway (502).
_BEHIND: tuple[tuple[str, Make, str], ...] = (
    ("did not include generated images", NoImageReturned, ""),
    ("request to Perplexity failed", UpstreamDown, _UNREACHED),
    ("couldn't read the JSON response", UpstreamDown, _CHANGED),
    ("invalid UTF-8 in the stream", UpstreamDown, _CHANGED),
    ("stream ended before anything came back", UpstreamDown, _NOTHING),
    ("stream closed before any events came", UpstreamDown, _NOTHING),
    ("couldn't request attachment upload URLs", UpstreamDown, _HAND_ON),
    ("couldn't upload the attachment to storage", UpstreamDown, _HAND_ON),
    ("upload response was missing", UpstreamDown, _HAND_ON),
)


def refusal(*, status: int, headers: Mapping[str, str], body: bytes, model: str, key: str) -> UpstreamError:
    """The error that an HTTP answer other than 2xx stands for. `model` is the one that was asked; `key` is kept out of
    every log line. `repeat` holds for the one failure that may pass in a moment: trouble behind the gateway."""
    error = _error_in(parse_json(body))
    details: dict[str, Any] = {
        "status": status,
        "request_id": refusals.header(headers, "x-request-id"),
        "wait": refusals.wait_asked(headers, limited=status == 429),
        "repeat": False,
    }
    if error:
        return _error_from(error, model=model, key=key, details=details)
    if status == 413:
        return TooLarge(_TOO_LONG, **details)
    if status in (401, 403):
        return KeyRefused(_KEY, **details)
    if status in (404, 405, 410) or 300 <= status < 400:
        return Withdrawn(_NO_GATEWAY, **details)
    if status == 429:
        return TooManyRequests(**details)
    return UpstreamDown(_UNREACHABLE, **details) if status >= 500 else InvalidRequest(_REFUSED, **details)


def stream_error(data: bytes, *, model: str, key: str, request_id: str) -> UpstreamError:
    """The error inside an answer that had begun."""
    details: dict[str, Any] = {"request_id": request_id, "repeat": False}
    error = _error_in(parse_json(data))
    return _error_from(error, model=model, key=key, details=details) if error else UpstreamDown(_TROUBLE, **details)


def unreached(fault: Exception, *, key: str, request_id: str = "") -> UpstreamError:
    """The error for a connection that failed. Only where none came about is it certain that nothing was asked."""
    cause = plain(upstream_http.what_failed(fault), key=key)
    logger.warning("The connection to the gateway failed (%s)", cause)
    if isinstance(fault, httpx.ReadTimeout | TimeoutError):
        return UpstreamDown(_SILENCE, request_id=request_id, repeat=False)
    repeat = upstream_http.is_unsent(fault)
    return UpstreamDown(_UNREACHABLE, request_id=request_id, repeat=repeat)


def unreadable(*, status: int, request_id: str = "") -> UpstreamError:
    """The error for an answer that says that all is well and is none."""
    return UpstreamDown(_UNREADABLE, status=status, request_id=request_id, repeat=False)


def cut_off(failure: UpstreamError) -> str:
    """What a reader is told about an answer that broke off because of this."""
    return "" if failure.message == _UNREACHABLE else then(CutOff.default_message, failure.message)


def _error_in(found: Any) -> Mapping[str, Any]:
    return fields.mapping(fields.mapping(found).get("error"))


def _error_from(error: Mapping[str, Any], *, model: str, key: str, details: dict[str, Any]) -> UpstreamError:
    """The error for the gateway's own `{"error":{"code","message"}}`."""
    code, message = fields.string(error.get("code")), fields.string(error.get("message"))
    logger.info("The gateway answered %s: %s", plain(code, key=key), plain(message, key=key)[:500])
    returned = _RETURNED.match(message)
    if returned:
        return _from_behind(int(returned[1]), details)
    rejected = _REJECTED.match(message)
    if rejected:
        return _rejected(rejected[1], details)
    match code:
        case "unauthorized":
            return KeyRefused(_KEY, **details)
        case "invalid_model":
            return InvalidRequest(_unknown_model(model), **details)
        case "upstream_timeout":
            seconds = _LONGER.search(message)
            return UpstreamDown(sentence(_SLOW_SECONDS, seconds=seconds[1]) if seconds else _SLOW, **details)
        case "invalid_request":
            return _first(_COMPLAINTS, message, details) or InvalidRequest(_REFUSED, **details)
    return _first(_BEHIND, message, details) or UpstreamDown(_TROUBLE, **details)


def _from_behind(status: int, details: dict[str, Any]) -> UpstreamError:
    """What Perplexity said to the gateway, which itself answers 502 to everything."""
    details = details | {"status": status}
    if status == 429:
        return TooManyRequests(_LIMITED, **details)
    if status in (401, 403):
        return SessionExpired(**details)
    if status >= 500:
        return UpstreamDown(_BEHIND_DOWN, **(details | {"repeat": True}))
    return UpstreamDown(_BEHIND_REFUSED, **details)


def _rejected(reason: str, details: dict[str, Any]) -> UpstreamError:
    if reason == "rate_limited":
        return TooManyRequests(_UPLOAD_LIMITED, **details)
    if reason == "too_large":
        return TooLarge(_UPLOADS[reason], **details)
    return InvalidRequest(_UPLOADS.get(reason, _UPLOAD_OTHER), **details)


def _first(table: tuple[tuple[str, Make, str], ...], message: str, details: dict[str, Any]) -> UpstreamError | None:
    return next((make(told, **details) for words, make, told in table if words in message), None)


def _unknown_model(model: str) -> str:
    name = plain(model.rpartition("/")[2], key="")[:100]
    return sentence("The gateway doesn’t know the model “%(model)s”. Choose another one.", model=name)
