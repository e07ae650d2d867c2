"""Pictures that come with a question (contract A5), and pictures and videos that go with an answer (A7)."""

import base64
import binascii
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from upstream.demo import pictures as drawings
from upstream.demo.checks import part
from upstream.demo.passages import Passage

MOST_BYTES = 20 * 1024 * 1024
_PIXELS_PER_TOKEN = 750
_DATA_URI = re.compile(r"data:image/(png|jpe?g|gif);base64,")
_MAGIC = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}

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


def pictures(body: Mapping[str, Any], sources: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Drawings for the sources of an answer, if the request wants pictures and its filters let them through."""
    wanted = _overrides(body).get("return_images", body.get("return_images"))
    if not wanted or body["model"] == "sonar-deep-research":
        return []
    known = {"jpg": "jpeg"}
    formats = [known.get(name, name) for name in body.get("image_format_filter") or drawings.FORMATS]
    forms = [name for name in drawings.FORMATS if name in formats]
    shown = [source for source in sources if _lets_through(body.get("image_domain_filter") or [], source)]
    if not forms or not shown:
        return []
    return [
        _drawing(shown[number % len(shown)], number, forms[number % len(forms)])
        for number in range(body.get("num_images") or 5)
    ]


def _lets_through(domains: Sequence[str], source: Mapping[str, Any]) -> bool:
    """Whether a filter of domains takes what stands on the source's page."""
    page = str(source["url"])
    denied = [entry[1:] for entry in domains if entry.startswith("-")]
    allowed = [entry for entry in domains if not entry.startswith("-")]
    return (not allowed or any(entry in page for entry in allowed)) and not any(entry in page for entry in denied)


def _drawing(source: Mapping[str, Any], number: int, form: str) -> dict[str, Any]:
    width, height = size = drawings.SIZES[number % len(drawings.SIZES)]
    return {
        "image_url": drawings.address(str(source["title"]), number, size=size, form=form),
        "origin_url": source["url"],
        "title": f"A landscape, drawn by the demo for “{source['title']}”",
        "width": width,
        "height": height,
    }


def videos(body: Mapping[str, Any], groups: Sequence[Sequence[Passage]]) -> list[dict[str, Any]]:
    """Recorded talks that speak about what was found, if the request wants videos."""
    if not _overrides(body).get("return_videos"):
        return []
    near = set(re.findall(r"\w+", " ".join(group[0].full_title.lower() for group in groups)))
    ranked = sorted(_TALKS, key=lambda talk: -len(near & set(talk[1].split())))
    return [
        {
            "url": f"https://www.youtube.com/watch?v={key}",
            "thumbnail_url": drawings.address(f"talk {key}", 1, size=(480, 360), form="jpeg"),
            "thumbnail_width": 480,
            "thumbnail_height": 360,
        }
        for key, _ in ranked[:2]
    ]


def _overrides(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return part(part(body, "media_response"), "overrides")


def _content(url: str) -> bytes:
    return base64.b64decode(url.partition(",")[2], validate=True)
