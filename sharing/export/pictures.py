"""Pictures as they are put into files: no larger than a page shows, and in a form that every program reads."""

import io
import logging
from typing import NamedTuple

from PIL import Image

from files import FileMissing
from sharing.export.content import Picture

logger = logging.getLogger(__name__)

WIDEST = 1400  # pixels of the longer side
MOST_PIXELS = 60_000_000


class EmbeddedPicture(NamedTuple):
    """Bytes of a PNG or a JPEG, with its size in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def suffix(self) -> str:
        """How the name of such a file ends."""
        return "png" if self.media_type == "image/png" else "jpg"


def embedded(picture: Picture) -> EmbeddedPicture | None:
    """The picture to put into a file; None for one that is not there any more, or can't be read."""
    if picture.load is None:
        return None
    try:
        data = picture.load()
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "GIF")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            opened.draft("RGB", (WIDEST, WIDEST))
            is_clear = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            shown = opened.convert("RGBA" if is_clear else "RGB")
        shown.thumbnail((WIDEST, WIDEST))
        out = io.BytesIO()
        if is_clear:
            shown.save(out, "PNG")
        else:
            shown.save(out, "JPEG", quality=85)
    except (FileMissing, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        logger.info("A picture can't be put into an export.", exc_info=True)
        return None
    return EmbeddedPicture(out.getvalue(), "image/png" if is_clear else "image/jpeg", shown.width, shown.height)
