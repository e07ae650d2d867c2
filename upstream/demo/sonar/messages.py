"""What messages consist of: texts, pictures (base64 data URIs, priced by their size) and files, which nobody reads."""

import base64
import binascii
import io
import re
from collections.abc import Mapping
from typing import Any

from PIL import Image

from upstream.demo.documents.sent import without_passages

MOST_FILES = 30
_LARGEST_FILE, _LARGEST_IMAGE = 50 * 1024 * 1024, 20 * 1024 * 1024  # bytes
_FILE_ENDINGS = ("pdf", "doc", "docx", "txt", "rtf")
_DATA_URI = re.compile(r"data:image/(png|jpe?g|gif);base64,")
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")

Part = Mapping[str, Any]


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a message, whose parts are joined by blank lines."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "\n\n".join(part["text"] for part in content or () if part.get("type") == "text")


def parts_of(message: Mapping[str, Any], kind: str) -> list[Part]:
    """The message's parts of this type."""
    content = message.get("content")
    return [part for part in content if part.get("type") == kind] if isinstance(content, list) else []


def last_prompt(body: Mapping[str, Any]) -> str:
    """The text of the last message without passages of documents; empty for what is no conversation, which the checks
    will say."""
    try:
        return without_passages(text_of(body["messages"][-1]))
    except (AttributeError, IndexError, KeyError, TypeError):
        return ""


def problem_of_image(part: Part) -> str:
    """Why the picture of a part is refused, or nothing."""
    url = _address(part, "image_url")
    if not _DATA_URI.match(url):
        return "Image URLs must be base64 data URIs of type image/png, image/jpeg or image/gif."
    try:
        content = base64.b64decode(url.partition(",")[2], validate=True)
    except binascii.Error:
        return "The image is not valid base64."
    if len(content) > _LARGEST_IMAGE:
        return "Images may have at most 20 MB."
    return "" if content.startswith(_MAGIC) else "The image is not a PNG, JPEG or GIF."


def image_size(part: Part) -> tuple[int, int]:
    """Width and height in pixels of a checked picture; 0 × 0 where its bytes do not say, or are elsewhere."""
    try:
        content = base64.b64decode(_address(part, "image_url").partition(",")[2], validate=True)
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
            return image.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return 0, 0


def problem_of_file(part: Part) -> str:
    """Why the file of a part is refused, or nothing. It is an address on the web, or base64 without a prefix."""
    url, name = _address(part, "file_url"), part.get("file_name")
    if not url:
        return "File URLs must be HTTPS URLs or base64."
    if url.startswith("https://"):
        return ""
    if url.startswith("data:"):
        return "Files must be base64 without a data: prefix."
    if isinstance(name, str) and name.rpartition(".")[2].lower() not in _FILE_ENDINGS:
        return "Files must be PDF, DOC, DOCX, TXT or RTF."
    if len(url) * 3 // 4 > _LARGEST_FILE + 2:
        return "Files may have at most 50 MB."
    try:
        binascii.a2b_base64(url, strict_mode=True)
    except binascii.Error:
        return "The file is not valid base64."
    return ""


def _address(part: Part, key: str) -> str:
    """The address in a part, which may be an object or a string."""
    found = part.get(key)
    found = found.get("url") if isinstance(found, Mapping) else found
    return found if isinstance(found, str) else ""
