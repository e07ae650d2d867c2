"""The models of the image service, and how strict each is: as OpenAI's, or as the servers that people run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_PROMPT = 32_000  # characters
MOST = 10  # pictures of one request
LEAST_SIDE, MOST_SIDE = 64, 2048  # pixels
URL, INLINE = "url", "b64_json"
FORMATS = (INLINE, URL)
FILE_FORMATS = ("png", "jpeg", "webp")


@dataclass(frozen=True, slots=True)
class DrawingModel:
    """One model. Without `sizes` it takes any; `form` is how pictures come where nobody asks for a form.

    `takes_form` says what becomes of `response_format`: it is obeyed (`yes`), ignored, or refused.
    """

    owner: str
    sizes: tuple[str, ...] = ()
    default_size: str = "512x512"
    form: str = INLINE
    takes_form: str = "yes"
    has_usage: bool = False


_GPT = DrawingModel(
    owner="system",
    sizes=("1024x1024", "1536x1024", "1024x1536", "auto"),
    default_size="1024x1024",
    takes_form="refused",
    has_usage=True,
)
MODELS: Mapping[str, DrawingModel] = {
    "gpt-image-1": _GPT,
    "gpt-image-1-mini": _GPT,
    "gpt-image-1.5": _GPT,
    "gpt-image-2": _GPT,
    "sd-turbo": DrawingModel(owner="local", takes_form="ignored"),
    "stablediffusion": DrawingModel(owner="local", form=URL),
}
# What OpenAI's models take besides; other servers ignore what they do not know.
ENUMS: Mapping[str, tuple[str, ...]] = {
    "quality": ("low", "medium", "high", "auto"),
    "background": ("transparent", "opaque", "auto"),
    "output_format": FILE_FORMATS,
    "moderation": ("low", "auto"),
}
KNOWN = {"prompt", "model", "n", "size", "response_format", "output_compression", "user", *ENUMS}


def list_models() -> dict[str, Any]:
    """The list, without a word about which ones draw."""
    listed = [
        {"id": name, "object": "model", "created": 1_745_000_000, "owned_by": model.owner}
        for name, model in MODELS.items()
    ]
    return {"object": "list", "data": listed}
