"""A picture on its way to the gateway (docs/gateway.md, "Uploads"): its limits, looked at here first, and the reply."""

from dataclasses import dataclass
from typing import Any

from upstream.errors import InvalidRequest, TooLarge
from upstream.requests import Picture
from upstream.translation import fields

MOST_FILES = 10
LARGEST = 10 * 1024 * 1024
"""Bytes of one picture, by the gateway's documentation."""

DOUBTFUL = 2 * 1024 * 1024
"""Bytes of a whole request above which the gateway, as it was published, fails: its framework's own limit."""

MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_EMPTY = "This image is empty. Remove it."
_NO_PICTURE = "The gateway accepts only PNG, JPEG, GIF and WEBP images. Remove other files, or choose another model."
_TOO_LARGE = "An image for the gateway can be at most 10 MB. Attach a smaller copy."
_TOO_MANY = "The gateway accepts at most 10 images per question. Remove some of them."


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A picture as the gateway has it. Nobody knows for how long the address will do."""

    url: str
    file_uuid: str = ""
    filename: str = ""
    content_type: str = ""
    size_bytes: int = 0


def check_upload(picture: Picture) -> None:
    """Raise InvalidRequest for a picture that the gateway would refuse."""
    if not picture.data:
        raise InvalidRequest(_EMPTY)
    if picture.media_type not in MEDIA_TYPES:
        raise InvalidRequest(_NO_PICTURE)
    if len(picture.data) > LARGEST:
        raise TooLarge(_TOO_LARGE)


def check_upload_count(count: int) -> None:
    """Raise InvalidRequest for more pictures than one question can have."""
    if count > MOST_FILES:
        raise InvalidRequest(_TOO_MANY)


def upload_in(found: Any) -> Uploaded | None:
    """What the gateway says about the one file that was sent; None where it says nothing usable."""
    listed = fields.items(fields.mapping(found).get("attachments"))
    values = fields.mapping(listed[0]) if listed else {}
    url = fields.string(values.get("url")).strip()
    if not url:
        return None
    size = values.get("size_bytes")
    return Uploaded(
        url=url,
        file_uuid=fields.name(values.get("file_uuid")),
        filename=fields.string(values.get("filename")),
        content_type=fields.name(values.get("content_type")),
        size_bytes=size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0,
    )
