"""Pictures on demand. The demo's own bytes lie under `/drawn/` of the same address."""

import re
import uuid
from typing import Any
from urllib.parse import quote

from upstream.demo.gateway.errors import PERPLEXITY, TIMEOUT, Refused
from upstream.demo.switches import Switches

PATH = "/drawn/"
NAME = re.compile(rf"{PATH}(?P<number>[01])/(?P<prompt>.{{1,1000}})\.png", re.DOTALL)


def image_reply(prompt: str, shown: str, *, model: str, switches: Switches, base: str) -> dict[str, Any]:
    """The response for a checked prompt; `shown` is the prompt without its switches. Raises Refused."""
    if "text_only" in switches:
        raise Refused(PERPLEXITY, "the upstream response did not include generated images")
    if "timeout" in switches:
        raise Refused(TIMEOUT, "the request took longer than 30s")
    return {
        "id": f"req_{uuid.uuid4()}",
        "model": model,
        "prompt": prompt,
        "image_generation": True,
        "images": [_image(shown, number, switches, base) for number in range(2 if "two" in switches else 1)],
        "answer": f"Media generated: '{shown}'",
        "follow_up": {"backend_uuid": str(uuid.uuid4()), "attachments": []},
    }


def _image(shown: str, number: int, switches: Switches, base: str) -> dict[str, Any]:
    url = switches.values.get("image_url") or f"{base}{PATH}{number}/{quote(shown[:300], safe='')}.png"
    details = {
        "thumbnail_url": url,
        "download_url": url,
        "mime_type": "image/png",
        "source": "seedream-router",
        "generation_model": "seedream",
        "prompt": f"A flat, simple drawing of {shown}",
    }
    return {"url": url, **(dict.fromkeys(details) if "bare" in switches else details)}
