"""Small landscapes that the demo draws, so that answers have pictures on a machine without a network.

Their addresses are of the kind that never leads anywhere (`.example`). Whoever shows the answers asks `picture_at`
for the bytes instead of asking the network.
"""

import hashlib
import io
import math
import re
from collections.abc import Sequence

from PIL import Image, ImageDraw

ADDRESS = "https://pictures.parley.example/"
SIZES = ((640, 400), (480, 480), (720, 405), (480, 640), (480, 360))
FORMATS = ("png", "jpeg", "webp", "gif")
_NAME = re.compile(r"[a-z0-9-]{1,100}-(\d{3})x(\d{3})\.(png|jpeg|webp|gif)")
_FINE = 2  # drawn so much larger and then made smaller, for smooth edges
_HILLS = 4

Colour = tuple[int, int, int]
_MOODS: Sequence[tuple[Colour, Colour, Colour]] = (  # above, at the horizon, in front
    ((58, 79, 122), (244, 196, 160), (34, 41, 66)),
    ((96, 156, 190), (230, 240, 236), (38, 84, 82)),
    ((40, 36, 74), (214, 120, 118), (24, 22, 44)),
    ((120, 150, 138), (240, 232, 206), (58, 74, 56)),
    ((70, 104, 160), (206, 222, 240), (44, 60, 96)),
    ((150, 112, 96), (248, 222, 178), (78, 52, 48)),
)


def address(title: str, number: int, *, size: tuple[int, int], form: str) -> str:
    """The address of the drawing for a title; a title has as many as there are numbers."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or "nothing"
    return f"{ADDRESS}{words}-{number}-{size[0]}x{size[1]}.{form}"


def picture_at(url: str) -> bytes | None:
    """The drawing at this address, the same whenever it is asked for; None for any other address. Takes some
    milliseconds."""
    found = _NAME.fullmatch(url.removeprefix(ADDRESS)) if url.startswith(ADDRESS) else None
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if found is None or size not in SIZES:
        return None
    out = io.BytesIO()
    _landscape(hashlib.sha256(found[0].encode()).digest(), *size).save(out, found[3].upper())
    return out.getvalue()


def _landscape(seed: bytes, width: int, height: int) -> Image.Image:
    above, horizon, front = _MOODS[seed[0] % len(_MOODS)]
    wide, high = width * _FINE, height * _FINE
    image = Image.new("RGB", (1, high))
    for y in range(high):
        image.putpixel((0, y), _between(above, horizon, min(1.0, y / high * 1.5)))
    image = image.resize((wide, high))
    draw = ImageDraw.Draw(image)
    sun, at_x, at_y = high * (0.06 + seed[1] / 4000), wide * (0.2 + seed[2] / 425), high * (0.18 + seed[3] / 1000)
    draw.ellipse((at_x - sun, at_y - sun, at_x + sun, at_y + sun), fill=_between(horizon, (255, 255, 255), 0.6))
    for hill in range(_HILLS):
        _hill(draw, seed[4 + hill * 4 : 8 + hill * 4], hill, wide, high, _between(horizon, front, (hill + 1) / _HILLS))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _hill(draw: ImageDraw.ImageDraw, seed: bytes, number: int, wide: int, high: int, colour: Colour) -> None:
    """One ridge: two waves of which the seed says how long, how high and where they begin."""
    base = high * (0.5 + number * 0.13)
    swing = high * (0.05 + seed[0] / 3000)
    ridge = []
    for x in range(0, wide + 8, 8):
        along = x / wide
        wave = math.sin(along * (2 + seed[1] / 40) + seed[2]) + 0.4 * math.sin(along * (7 + seed[3] / 30) + seed[0])
        ridge.append((x, base - swing * wave))
    draw.polygon([(0, high), *ridge, (wide, high)], fill=colour)


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
