"""Pictures that come with a question (contract A5), and pictures and videos that go with an answer (A7)."""

import base64
import binascii
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from upstream.demo.checks import part
from upstream.demo.passages import Passage

MOST_BYTES = 20 * 1024 * 1024
_PIXELS_PER_TOKEN = 750
_DATA_URI = re.compile(r"data:image/(png|jpe?g|gif);base64,")
_MAGIC = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}

_LOGO = {
    "image_url": "https://www.python.org/static/community_logos/python-logo-master-v3-TM.png",
    "origin_url": "https://www.python.org/community/logos/",
    "title": "The Python logo",
    "width": 601,
    "height": 203,
}
_FAVICON = {
    "image_url": "https://www.python.org/static/favicon.ico",
    "origin_url": "https://www.python.org/",
    "title": "Python's two snakes",
    "width": 48,
    "height": 48,
}
_TALKS = (
    ("OSGv2VnC0go", "loop iterate idiomatic for list dict enumerate zip with"),
    ("EnSu9hHGq5o", "loop for iterate iterator range enumerate"),
    ("_AEJHKGk9ns", "name names assignment variable value object"),
    ("D1twn9kLmYg", "generator yield context manager async await coroutine"),
    ("MCs5OvhV9S4", "thread threading asyncio concurrent socket queue"),
    ("C4Kc8xzcA68", "dict dictionary hash mapping set"),
)


def address(of_part: Mapping[str, Any]) -> str:
    """The address in an `image_url` part, which may be an object or a string."""
    found = of_part.get("image_url")
    found = found.get("url") if isinstance(found, Mapping) else found
    return found if isinstance(found, str) else ""


def problem(url: str) -> str:
    """Why this picture is refused, or nothing. Only base64 data URIs of PNG, JPEG and GIF are taken."""
    if not _DATA_URI.match(url):
        return "Image URLs must be base64 data URIs of type image/png, image/jpeg or image/gif."
    try:
        content = _content(url)
    except binascii.Error:
        return "The image is not valid base64."
    if len(content) > MOST_BYTES:
        return "Images may have at most 20 MB."
    if not any(content.startswith(magic) for magic in _MAGIC):
        return "The image is not a PNG, JPEG or GIF."
    return ""


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


def pictures(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Pictures for an answer, if the request wants them and its filters let them through."""
    wanted = _overrides(body).get("return_images", body.get("return_images"))
    if not wanted or body["model"] == "sonar-deep-research":
        return []
    formats = body.get("image_format_filter") or []
    domains = body.get("image_domain_filter") or []
    denied = [entry[1:] for entry in domains if entry.startswith("-")]
    allowed = [entry for entry in domains if not entry.startswith("-")]
    found = [
        image
        for image in (_LOGO, _FAVICON)
        if (not formats or str(image["image_url"]).rpartition(".")[2] in formats)
        and (not allowed or any(entry in str(image["image_url"]) for entry in allowed))
        and not any(entry in str(image["image_url"]) for entry in denied)
    ]
    return found[: body.get("num_images") or 5]


def videos(body: Mapping[str, Any], groups: Sequence[Sequence[Passage]]) -> list[dict[str, Any]]:
    """Recorded talks that speak about what was found, if the request wants videos."""
    if not _overrides(body).get("return_videos"):
        return []
    near = set(re.findall(r"\w+", " ".join(group[0].full_title.lower() for group in groups)))
    ranked = sorted(_TALKS, key=lambda talk: -len(near & set(talk[1].split())))
    return [
        {
            "url": f"https://www.youtube.com/watch?v={key}",
            "thumbnail_url": f"https://i.ytimg.com/vi/{key}/hqdefault.jpg",
            "thumbnail_width": 480,
            "thumbnail_height": 360,
        }
        for key, _ in ranked[:2]
    ]


def _overrides(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return part(part(body, "media_response"), "overrides")


def _content(url: str) -> bytes:
    return base64.b64decode(url.partition(",")[2], validate=True)
