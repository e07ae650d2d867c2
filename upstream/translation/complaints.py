"""The upstream's own words for what it refuses, and how they become fit to be shown."""

import re
from typing import Any

_SECRET = re.compile(r"pplx-[\w-]+|\bBearer\s+\S+|\bsk-[\w-]{8,}", re.I)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2066-\u2069\ufeff]+")


def complaint_in(found: Any) -> str:
    """The upstream's own sentence in a parsed error body: `error.message`, `error`, `detail`, or `message`."""
    if not isinstance(found, dict):
        return ""
    error = found.get("error")
    if isinstance(error, dict):
        error = error.get("message")
    detail = found.get("detail")
    if isinstance(detail, list):
        detail = "; ".join(filter(None, map(_complaint, detail)))
    candidates = (error, detail, found.get("message"))
    return next((text for text in candidates if isinstance(text, str) and text.strip()), "")


def _complaint(item: Any) -> str:
    if not isinstance(item, dict) or not isinstance(item.get("msg"), str):
        return item if isinstance(item, str) else ""
    where = item.get("loc")
    path = ".".join(str(step) for step in where if step != "body") if isinstance(where, list) else ""
    return f"{path}: {item['msg']}" if path else str(item["msg"])


def plain(text: str, *, key: str) -> str:
    """One line without control characters and without anything that looks like a key."""
    if key:
        text = text.replace(key, "…")
    return _SECRET.sub("…", _UNSEEN.sub(" ", text)).strip()
