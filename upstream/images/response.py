"""What an image service answers: pictures within the JSON, or their addresses (docs/images.md, "Answers")."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from upstream.drawing import LARGEST_PICTURE, LOST_LARGE, DrawRequest, ImageResponse, ResponseImage
from upstream.errors import PictureLost
from upstream.translation import fields

MOST = 4  # pictures of one response: one was asked for
LARGEST_BODY = 48 * 1024 * 1024  # bytes: a picture of the largest size as base64, and room for more
_LONGEST_URL = 4_000  # characters
_LONGEST_WORDS = 20_000  # characters of a revised prompt
_LONGEST_KEPT = 4_000  # characters of any text in what is kept of a response
_MOST_KEPT = 100  # entries of a list or an object in it
_DEEPEST_KEPT = 8
_DATA_URL = re.compile(r"data:([\w.+-]{1,40}/[\w.+-]{1,60})?(?:;[\w.+-]{1,40}=[^;,]{1,80})*;base64,", re.I)
_URL_SAFE = str.maketrans("-_", "+/")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")

_BROKEN = "An image was drawn, but it arrived damaged: what the image service sent is not base64."


def image_response_in(found: Any, *, request: DrawRequest, host: str, request_id: str) -> ImageResponse | None:
    """The response; None where no picture is in it. `host` is the service's, and stands for where a picture is from.

    Raises PictureLost for one that came damaged or is too large. Takes up to a second.
    """
    values = fields.mapping(found)
    items = [fields.mapping(item) for item in fields.items(values.get("data"))[:MOST]]
    images = [picture for item in items if (picture := _picture(item, host=host))]
    if not images:
        return None
    return ImageResponse(
        upstream_id=request_id or fields.name(values.get("id")),
        model=fields.name(values.get("model")) or request.model,
        prompt=request.prompt,
        images=tuple(images),
        raw=_without_bytes(values),
    )


def _picture(item: Mapping[str, Any], *, host: str) -> ResponseImage | None:
    inline, url = fields.string(item.get("b64_json")).strip(), fields.string(item.get("url")).strip()
    if not inline and url[:5].lower() == "data:":
        inline, url = url, ""
    if not inline and not 0 < len(url) <= _LONGEST_URL:
        return None
    return ResponseImage(
        url="" if inline else url,
        data=_decoded(inline) if inline else b"",
        source=host,
        prompt=fields.string(item.get("revised_prompt"))[:_LONGEST_WORDS],
    )


def _decoded(text: str) -> bytes:
    """The bytes, from plain base64, its URL-safe kind, or a `data:` address. Raises PictureLost."""
    head = _DATA_URL.match(text[:400])
    text = "".join(text[head.end() if head else 0 :].split()).translate(_URL_SAFE)
    if len(text) > LARGEST_PICTURE * 4 // 3 + 4:
        raise PictureLost(LOST_LARGE, repeat=False)
    try:
        if not _BASE64.fullmatch(text):
            raise PictureLost(_BROKEN, repeat=False)
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except binascii.Error:
        raise PictureLost(_BROKEN, repeat=False) from None


def _without_bytes(values: Mapping[str, Any]) -> dict[str, Any]:
    """The response with a note where the bytes of pictures were, and without whatever else is endless in it."""
    data = [_noted(item) for item in fields.items(values.get("data"))[:MOST]]
    kept: dict[str, Any] = _shortened({**values, "data": data})
    return kept


def _noted(item: Any) -> dict[str, Any]:
    noted = dict(fields.mapping(item))
    for name in ("b64_json", "url"):
        text = fields.string(noted.get(name))
        if text and (name == "b64_json" or text[:5].lower() == "data:"):
            noted[name] = f"{len(text)} characters, kept as an image"
    return noted


def _shortened(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_KEPT else f"{len(value)} characters"
    if isinstance(value, dict | list) and depth == _DEEPEST_KEPT:
        return None
    if isinstance(value, list):
        return [_shortened(item, depth + 1) for item in value[:_MOST_KEPT]]
    if isinstance(value, dict):
        return {name[:100]: _shortened(value[name], depth + 1) for name in list(value)[:_MOST_KEPT]}
    return value
