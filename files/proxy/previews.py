"""From somebody's bytes to the two pictures that we show. Whatever came is judged by decoding it (`files`)."""

import io
from enum import StrEnum

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

    Takes up to a second, while it is decoded in another process; belongs in a thread. Raises OSError when it cannot be
    looked at now.
    """
    kind = formats.picture_format(data[: formats.HEAD])
    if kind not in TAKEN:
        raise NoPicture
    try:
        copies = pictures.shrink_picture(
            io.BytesIO(data), kind, copies=[(SIDES[size], _QUALITY[size]) for size in Size]
        )
    except FileRefused as refusal:
        raise NoPicture from refusal
    return dict(zip(Size, copies, strict=True))
