"""The pictures and videos of an answer: what the pages show of them, and which addresses our proxy fetches for them.

What the upstream returned is kept as it came; here it is read, with every field missing or of any shape. A picture is
named by a hash of its address: a list that changes while the answer is written moves no picture to another's place in a
browser's cache, and nobody can name an address that is not in the answer.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chat.answers.transcript import Entry, fold_entries
from chat.models import Answer, LogEntry
from chat.rendering import links
from core import graphemes

MOST = 60  # of each kind that are shown; the services send thirty at most
LONGEST_TITLE = 300  # characters
_SIDES = (16, 20_000)  # pixels that are believed
_USUAL = (4, 3)
_LONGEST_VIDEO = 7 * 86400  # seconds


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture as the templates want it. `page` is the address of where it was found, or nothing."""

    key: str
    title: str
    page: str
    site: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ShownVideo:
    """A video as the templates want it. `key` names its thumbnail, `length` is such as 3:05; each may be empty."""

    key: str
    title: str
    page: str
    site: str
    length: str


def shown_pictures(images: Any) -> list[ShownPicture]:
    """The pictures that can be shown, in the upstream's order."""
    return [
        ShownPicture(
            key=_key(item["image_url"]),
            title=_line(item.get("title")),
            page=links.safe_url(_text(item.get("origin_url"))),
            site=links.site_of(_text(item.get("origin_url"))) or links.site_of(item["image_url"]),
            width=size[0],
            height=size[1],
        )
        for item in _items(images)
        if links.safe_url(_text(item.get("image_url"))) and (size := _size(item))
    ][:MOST]


def shown_videos(items: Any) -> list[ShownVideo]:
    """The videos that can be shown, in the upstream's order."""
    return [
        ShownVideo(
            key=_key(item["thumbnail_url"]) if links.safe_url(_text(item.get("thumbnail_url"))) else "",
            title=_line(item.get("title")),
            page=links.safe_url(_text(item.get("url"))),
            site=links.site_of(_text(item.get("url"))),
            length=_length(item.get("duration")),
        )
        for item in _items(items)
        if _text(item.get("url"))
    ][:MOST]


def proxied_address(answer: Answer, key: str) -> str:
    """The address behind a key, if it is among the answer's pictures and thumbnails; otherwise nothing."""
    media = _media_of(answer)
    named = [item.get("image_url") for item in _items(media.get("images"))]
    named += [item.get("thumbnail_url") for item in _items(media.get("videos"))]
    return next((url for url in map(_text, named) if links.safe_url(url) and _key(url) == key), "")


def _media_of(answer: Answer) -> dict[str, Any]:
    """Pictures and videos as returned: stored with an answer that has ended, in the log of one that is written."""
    if not answer.is_live:
        return {**answer.media}
    rows = LogEntry.objects.filter(answer=answer.pk, kind=LogEntry.Kind.MEDIA).order_by("seq")
    transcript = fold_entries(Entry(*row) for row in rows.values_list("seq", "kind", "data"))
    return {"images": transcript.images, "videos": transcript.videos}


def _items(items: Any) -> Iterator[dict[str, Any]]:
    return (item for item in items if isinstance(item, dict)) if isinstance(items, Sequence) else iter(())


def _key(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _line(value: Any) -> str:
    return graphemes.cut(" ".join(_text(value).split()), LONGEST_TITLE)


def _size(item: dict[str, Any]) -> tuple[int, int]:
    """What the upstream says about its size, if that can be; it keeps a place of this shape free."""
    sides = [item.get(name) for name in ("width", "height")]
    believed = [int(side) for side in sides if isinstance(side, int | float) and _SIDES[0] <= side <= _SIDES[1]]
    return (believed[0], believed[1]) if len(believed) == 2 else _USUAL


def _length(seconds: Any) -> str:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= _LONGEST_VIDEO:
        return ""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
