"""Pictures written into a file that grows to no more than what is taken."""

import io
from typing import Any, BinaryIO

from PIL import Image

from files import limits
from files.formats import PNG, Format

_JPEG_QUALITY = 92
_WEBP_METHOD = 2  # of 0 to 6, what a small picture is worth: a twentieth larger than with 4, in a third of the time


def write(image: Image.Image, target: Format, out: BinaryIO, *, written_as: dict[str, Any]) -> int:
    """Write the picture into the file, in place of what was there; returns how many bytes it has. Of one that is too
    large nothing useful is kept. `written_as` are options for Pillow, with which the picture came."""
    out.seek(0)
    out.truncate()
    counted = _Counted(out)
    if target is PNG:
        image.save(counted, "PNG", **written_as)  # type: ignore[arg-type]
    else:
        image.save(counted, "JPEG", **(written_as or {"quality": _JPEG_QUALITY}))  # type: ignore[arg-type]
    return counted.size


def webp(image: Image.Image, *, quality: int) -> bytes:
    """A small picture as WEBP."""
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=_WEBP_METHOD)
    return out.getvalue()


class _Counted:
    """What a library writes into: all of it is counted, what is too much is not kept."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.size = 0

    def write(self, piece: bytes) -> int:
        self.size += len(piece)
        if self.size <= limits.MOST_PICTURE_BYTES:
            self._out.write(piece)
        return len(piece)

    def flush(self) -> None:
        self._out.flush()
