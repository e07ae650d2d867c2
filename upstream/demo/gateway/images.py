"""Pictures on demand (contract B8). The demo's own bytes lie under `/drawn/` of the same address."""

import re
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from upstream.demo.gateway.bodies import Body
from upstream.demo.gateway.drawing import picture
from upstream.demo.gateway.models import resolved
from upstream.demo.gateway.replies import INVALID, PERPLEXITY, TIMEOUT, Refused
from upstream.demo.switches import Switches

PATH = "/drawn/"
_NAME = re.compile(r"([01])/(.{1,1000})\.png", re.DOTALL)


def checked(body: Body, *, defaults: Mapping[str, str]) -> tuple[str, str]:
    """The prompt and the model. Raises Refused."""
    prompt = body.text_of("prompt").strip()
    model = body.optional_text("model")
    body.text_of("language", "en-US")
    body.flag("incognito", default=True)
    if not prompt:
        raise Refused(INVALID, "prompt can't be empty")
    return prompt, resolved(model, mode="search", defaults=defaults)


def reply(prompt: str, shown: str, *, model: str, switches: Switches, base: str) -> dict[str, Any]:
    """The response for a checked prompt; `shown` is the prompt without its switches. Raises Refused."""
    if "text_only" in switches:
        raise Refused(PERPLEXITY, "the upstream response did not include generated images")
    if "timeout" in switches:
        raise Refused(TIMEOUT, "the request took longer than 30s")
    count = 2 if "two" in switches else 1
    return {
        "id": f"req_{uuid.uuid4()}",
        "model": model,
        "prompt": prompt,
        "image_generation": True,
        "images": [_image(shown, number, switches, base) for number in range(count)],
        "answer": f"Media generated: '{shown}'",
        "follow_up": {"backend_uuid": str(uuid.uuid4()), "attachments": []},
    }


def _image(shown: str, number: int, switches: Switches, base: str) -> dict[str, Any]:
    url = switches.values.get("image_url") or f"{base}{PATH}{number}/{quote(shown[:300], safe='')}.png"
    if "bare" in switches:
        names = ("thumbnail_url", "download_url", "mime_type", "source", "generation_model", "prompt")
        return {"url": url, **dict.fromkeys(names)}
    return {
        "url": url,
        "thumbnail_url": url,
        "download_url": url,
        "mime_type": "image/png",
        "source": "seedream-router",
        "generation_model": "seedream",
        "prompt": f"A flat, simple drawing of {shown}",
    }


def drawn(raw_path: str) -> bytes | None:
    """The picture under a path of the demo's own; None where there is none. Takes some tens of milliseconds."""
    found = _NAME.fullmatch(unquote(raw_path.removeprefix(PATH))) if raw_path.startswith(PATH) else None
    return picture(found[2], number=int(found[1])) if found else None
