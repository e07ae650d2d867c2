"""What comes back when a picture was asked for (docs/gateway.md, "Drawing")."""

from collections.abc import Mapping
from typing import Any

from upstream.drawing import ImageResponse, ResponseImage
from upstream.translation import fields

_MOST = 20  # pictures of one response
_LONGEST_URL = 4_000  # characters


def image_response_in(found: Mapping[str, Any]) -> ImageResponse | None:
    """The response; None where no picture is in it."""
    pictures = [picture for item in fields.items(found.get("images"))[:_MOST] if (picture := _picture(item))]
    if not pictures:
        return None
    return ImageResponse(
        upstream_id=fields.name(found.get("id")),
        model=fields.name(found.get("model")),
        prompt=fields.string(found.get("prompt")),
        images=tuple(pictures),
        answer=fields.string(found.get("answer")),
        follow_up=fields.mapping(found.get("follow_up")),
        raw=found,
    )


def _picture(item: Any) -> ResponseImage | None:
    values = fields.mapping(item)
    url = _url(values.get("url")) or _url(values.get("download_url"))
    if not url:
        return None
    return ResponseImage(
        url=url,
        thumbnail_url=_url(values.get("thumbnail_url")),
        download_url=_url(values.get("download_url")),
        mime_type=fields.name(values.get("mime_type")),
        source=fields.name(values.get("source")),
        generation_model=fields.name(values.get("generation_model")),
        prompt=fields.string(values.get("prompt")),
    )


def _url(value: Any) -> str:
    url = fields.string(value).strip()
    return url if len(url) <= _LONGEST_URL else ""
