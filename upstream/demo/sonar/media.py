"""Pictures and videos that go with an answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from upstream.demo import drawing

_RECORDED_TALKS = ("OSGv2VnC0go", "D1twn9kLmYg")


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


def videos(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Two recorded talks about Python, if the request wants videos."""
    return [
        {
            "url": f"https://www.youtube.com/watch?v={key}",
            "thumbnail_url": drawing.address(f"talk {key}", 1, size=(480, 360), form="jpeg"),
            "thumbnail_width": 480,
            "thumbnail_height": 360,
        }
        for key in (_RECORDED_TALKS if _overrides(body).get("return_videos") else ())
    ]


def _lets_through(domains: Sequence[str], page: str) -> bool:
    denied = [entry[1:] for entry in domains if entry.startswith("-")]
    allowed = [entry for entry in domains if not entry.startswith("-")]
    return (not allowed or any(entry in page for entry in allowed)) and not any(entry in page for entry in denied)


def _overrides(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found = (body.get("media_response") or {}).get("overrides")
    return found if isinstance(found, Mapping) else {}
