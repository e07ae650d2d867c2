"""From somebody's bytes to the two pictures that we show. Whatever came is judged by decoding it (`files`)."""

import io
from enum import StrEnum

from PIL import Image

from files import formats, pictures
from files.errors import FileRefused

MEDIA_TYPE = "image/webp"
TAKEN = (formats.PNG, formats.JPEG, formats.GIF, formats.WEBP)  # what pages of the web show; no drawings made of text


class Size(StrEnum):
    """Which of the two."""

    THUMBNAIL = "thumbnail"
    LARGE = "large"


SIDES = {Size.THUMBNAIL: 480, Size.LARGE: 1600}  # pixels, the longer side
_QUALITY = {Size.THUMBNAIL: 78, Size.LARGE: 84}


class NoPicture(Exception):
    """The bytes are not a picture that is taken."""


def shrink(data: bytes) -> dict[Size, bytes]:
    """Both sizes as WEBP, with nothing in them but what one sees; an animation stands still. Raises NoPicture.

    Takes up to a second and, for a moment, the memory of the decoded picture; belongs in a thread.
    """
    kind = formats.picture_format(data[: formats.HEAD])
    if kind not in TAKEN:
        raise NoPicture
    try:
        clean = pictures.clean_picture(io.BytesIO(data), kind, smaller=True)
    except FileRefused as refusal:
        raise NoPicture from refusal
    with Image.open(io.BytesIO(clean.data), formats=[clean.format.label]) as image:
        seen = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return {size: _webp(seen, size) for size in Size}


def _webp(image: Image.Image, size: Size) -> bytes:
    small = image.copy()
    small.thumbnail((SIDES[size], SIDES[size]), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=_QUALITY[size])
    return out.getvalue()
