"""The image service's answer: pictures within the JSON, or at the demo's own addresses under `/generated-images/`."""

import base64
import re
import time
from typing import Any
from urllib.parse import quote

from upstream.demo.drawing import picture
from upstream.demo.images.table import URL, DrawingModel
from upstream.demo.switches import Switches

PATH = "/generated-images/"
NAME = re.compile(
    rf"{PATH}(?P<number>\d{{1,4}})/(?P<width>\d{{2,4}})x(?P<height>\d{{2,4}})/(?P<prompt>.{{1,900}})"
    r"\.(?P<form>png|jpeg|webp)",
    re.DOTALL,
)
_HUGE = 21 * 1024 * 1024  # bytes
_EXTRAS = {"embedding": None, "index": 0}


def answer_body(
    shown: str,
    *,
    model: DrawingModel,
    form: str,
    size: tuple[int, int],
    file_format: str,
    count: int,
    first: int,
    switches: Switches,
    base: str,
) -> dict[str, Any]:
    """The response for a checked request; `shown` is the prompt without its switches, `first` the number of the first
    picture, so that the next request for the same prompt gives another one. Takes some tens of milliseconds for each.
    """
    file_format = switches.any_of("webp", "jpeg") or file_format
    data = [_item(shown, first + number, form, size, file_format, switches, base) for number in range(count)]
    body: dict[str, Any] = {"created": int(time.time()), "data": [] if "empty_data" in switches else data}
    if model.has_usage:
        details = {"text_tokens": len(shown) // 4 + 1, "image_tokens": 0}
        told, drawn = details["text_tokens"], size[0] * size[1] // 1000 * count
        usage = {"input_tokens": told, "output_tokens": drawn, "total_tokens": told + drawn}
        body |= {"usage": usage | {"input_tokens_details": details}, "output_format": file_format}
        body |= {"size": f"{size[0]}x{size[1]}", "quality": "medium", "background": "opaque"}
    if "extras" in switches:
        body |= {"id": "img-demo-1", "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}}
    return body


def _item(
    shown: str, number: int, form: str, size: tuple[int, int], file_format: str, switches: Switches, base: str
) -> dict[str, Any]:
    about: dict[str, Any] = {"revised_prompt": f"A flat, simple drawing of {shown}"} if "revised" in switches else {}
    if "extras" in switches:
        about |= _EXTRAS
    if "empty_item" in switches:
        return {"b64_json": None, "url": None, **about}
    if url := switches.values.get("image_url"):
        return {"url": url, **about}
    if form == URL or "url" in switches:
        name = f"{number % 1000}/{size[0]}x{size[1]}/{quote(shown[:300], safe='')}.{file_format}"
        return {"url": f"{base}{PATH}{name}", **about}
    inline = _inline(shown, number, size, file_format, switches)
    if "data_url" in switches:
        return {"url": f"data:image/{file_format};base64,{inline}", **about}
    return {"b64_json": inline, **about}


def _inline(shown: str, number: int, size: tuple[int, int], file_format: str, switches: Switches) -> str:
    if "broken_base64" in switches:
        return "iVBORw0KGgo*this-is-no-base64*"
    if "not_an_image" in switches:
        return base64.b64encode(b"<!doctype html><title>Nothing was drawn</title>").decode()
    content = picture(shown, number=number, size=size, form=file_format)
    return base64.b64encode(content + bytes(_HUGE if "huge" in switches else 0)).decode()
