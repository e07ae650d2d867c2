"""What is asked of a service that draws, what it gives, and the face that all such services have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

LARGEST_PICTURE = 20 * 1024 * 1024  # bytes of one that was drawn
LOST_LARGE = "An image was drawn, but it is too large to save."


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """A picture that is asked for. Without a `model` or a `size` (`1024x1536`, in pixels) the service takes its own.

    A service leaves out what its wire has no word for: the gateway has none for a size, others none for the language
    and for what is kept in a history.
    """

    prompt: str
    model: str = ""
    language: str = "en-US"
    incognito: bool = True
    size: str = ""


@dataclass(frozen=True, slots=True)
class ResponseImage:
    """One picture: its bytes, or the address where they are. All else may be empty; `prompt` is the service's own
    description of it, or the prompt as the service revised it."""

    url: str = ""
    data: bytes = field(default=b"", repr=False)
    thumbnail_url: str = ""
    download_url: str = ""
    mime_type: str = ""
    source: str = ""
    generation_model: str = ""
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class ImageResponse:
    """The whole response; `raw` is it as it came, without the bytes of pictures. There is at least one picture."""

    upstream_id: str
    model: str
    prompt: str
    images: Sequence[ResponseImage]
    answer: str = ""
    follow_up: Mapping[str, Any] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


class DrawingService(Protocol):
    """Who draws."""

    @property
    def at_once(self) -> int:
        """How many pictures one process has it draw at the same time; further ones wait for their turn."""

    @property
    def longest(self) -> float:
        """Seconds that drawing one may take, whatever keeps its connection alive."""

    async def draw(self, request: DrawRequest) -> ImageResponse:
        """Have a picture drawn, which takes from seconds to minutes.

        Raises UpstreamError; DrawingUncertain where nobody knows whether something was drawn, and charged for.
        """

    async def fetch(self, url: str) -> bytes:
        """The bytes of a picture that it drew, unjudged, LARGEST_PICTURE at most. Raises PictureLost."""
