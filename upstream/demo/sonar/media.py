"""Pictures and videos that go with an answer."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from upstream.demo import drawing
from upstream.demo.documents.passages import Passage

_RECORDED_TALKS = {
    "OSGv2VnC0go": "loop iterate idiomatic for list dict enumerate zip with",
    "EnSu9hHGq5o": "loop for iterate iterator range enumerate",
    "_AEJHKGk9ns": "name names assignment variable value object",
    "D1twn9kLmYg": "generator yield context manager async await coroutine",
    "MCs5OvhV9S4": "thread threading asyncio concurrent socket queue",
    "C4Kc8xzcA68": "dict dictionary hash mapping set",
}


def pictures(body: Mapping[str, Any], sources: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Drawings for the sources of an answer, if the request wants pictures and its filters let them through."""
    wanted = _overrides(body).get("return_images", body.get("return_images"))
    asked = ["jpeg" if name == "jpg" else name for name in body.get("image_format_filter") or drawing.FORMATS]
    forms = [name for name in drawing.FORMATS if name in asked]
    shown = [source for source in sources if _lets_through(body.get("image_domain_filter") or [], str(source["url"]))]
    if not wanted or not forms or not shown or body["model"] == "sonar-deep-research":
        return []
    found = []
    for number in range(body.get("num_images") or 5):
        source, form = shown[number % len(shown)], forms[number % len(forms)]
        size = drawing.SIZES[number % len(drawing.SIZES)]
        found.append(
            {
                "image_url": drawing.address(str(source["title"]), number, size=size, form=form),
                "origin_url": source["url"],
                "title": f"A landscape, drawn by the demo for “{source['title']}”",
                "width": size[0],
                "height": size[1],
            }
        )
    return found


def videos(body: Mapping[str, Any], groups: Sequence[Sequence[Passage]]) -> list[dict[str, Any]]:
    """The two recorded talks that are nearest to what was found, if the request wants videos."""
    if not _overrides(body).get("return_videos"):
        return []
    near = set(re.findall(r"\w+", " ".join(group[0].full_title.lower() for group in groups)))
    ranked = sorted(_RECORDED_TALKS, key=lambda key: -len(near & set(_RECORDED_TALKS[key].split())))
    return [
        {
            "url": f"https://www.youtube.com/watch?v={key}",
            "thumbnail_url": drawing.address(f"talk {key}", 1, size=(480, 360), form="jpeg"),
            "thumbnail_width": 480,
            "thumbnail_height": 360,
        }
        for key in ranked[:2]
    ]


def _lets_through(domains: Sequence[str], page: str) -> bool:
    denied = [entry[1:] for entry in domains if entry.startswith("-")]
    allowed = [entry for entry in domains if not entry.startswith("-")]
    return (not allowed or any(entry in page for entry in allowed)) and not any(entry in page for entry in denied)


def _overrides(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found = (body.get("media_response") or {}).get("overrides")
    return found if isinstance(found, Mapping) else {}
