"""Pictures that come with a question: base64 data URIs of PNG, JPEG and GIF, priced by their size."""

import base64
import binascii
import io
import re
from collections.abc import Mapping
from typing import Any

from PIL import Image

MOST_BYTES = 20 * 1024 * 1024
_PIXELS_PER_TOKEN = 750
_DATA_URI = re.compile(r"data:image/(png|jpe?g|gif);base64,")
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")


def address(part: Mapping[str, Any]) -> str:
    """The address in an `image_url` part, which may be an object or a string."""
    found = part.get("image_url")
    found = found.get("url") if isinstance(found, Mapping) else found
    return found if isinstance(found, str) else ""


def problem(url: str) -> str:
    """Why this picture is refused, or nothing."""
    if not _DATA_URI.match(url):
        return "Image URLs must be base64 data URIs of type image/png, image/jpeg or image/gif."
    try:
        content = _content(url)
    except binascii.Error:
        return "The image is not valid base64."
    if len(content) > MOST_BYTES:
        return "Images may have at most 20 MB."
    return "" if content.startswith(_MAGIC) else "The image is not a PNG, JPEG or GIF."


def size(url: str) -> tuple[int, int]:
    """Width and height in pixels of a checked picture; 0 × 0 where its bytes do not say."""
    try:
        with Image.open(io.BytesIO(_content(url)), formats=("PNG", "JPEG", "GIF")) as image:
            return image.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return 0, 0


def tokens(url: str) -> int:
    """What a picture costs: width times height by 750."""
    width, height = size(url)
    return width * height // _PIXELS_PER_TOKEN


def _content(url: str) -> bytes:
    return base64.b64decode(url.partition(",")[2], validate=True)
