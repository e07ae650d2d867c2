"""Draws what a prompt speaks of: the same prompt gives the same picture, another one another picture.

A scene of simple figures: sky and ground in the colours that the prompt names or its hash picks, and on them what the
prompt mentions. The first words stand below, so that nobody has to guess.
"""

import hashlib
import io
import random
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont

SIZE = 1024
_CAPTION = 84  # pixels
_LONGEST_CAPTION = 44  # characters
_HORIZON = SIZE * 0.66

Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw

COLOURS: Mapping[str, Colour] = {
    "red": (196, 62, 54),
    "orange": (224, 130, 52),
    "yellow": (240, 202, 84),
    "green": (74, 140, 90),
    "blue": (58, 104, 170),
    "purple": (118, 82, 158),
    "pink": (222, 140, 168),
    "brown": (122, 88, 62),
    "black": (32, 34, 40),
    "white": (240, 240, 236),
    "grey": (134, 140, 148),
    "gold": (206, 164, 72),
}
_SKIES: Sequence[tuple[Colour, Colour]] = (  # above, and at the horizon
    ((88, 150, 206), (216, 232, 240)),
    ((54, 62, 110), (236, 160, 132)),
    ((120, 170, 160), (238, 234, 206)),
    ((96, 92, 150), (228, 208, 224)),
)
_NIGHT: tuple[Colour, Colour] = ((14, 20, 48), (58, 70, 118))
_NIGHT_WORDS = {"night", "moon", "star", "stars", "dark"}
_WET_WORDS = {"sea", "ocean", "harbour", "harbor", "lake", "river", "boat", "ship", "lighthouse", "water"}
_LIGHT, _SNOW, _WOOD, _LEAVES, _ROOF = (252, 232, 150), (244, 242, 236), (86, 62, 44), (38, 92, 62), (118, 66, 52)


class Figure(NamedTuple):
    """A thing: how many there are of it, where (ranges of x and y, in pixels), how large, and its shapes.

    A shape is the method of Pillow that draws it, the colour (None for the one that the prompt names), and its
    coordinates from the figure's own place, y downwards.
    """

    copies: int
    xs: tuple[int, int]
    ys: tuple[int, int]
    scale: tuple[float, float]
    shapes: Sequence[tuple[str, Colour | None, Sequence[float]]]


def _tower(stripes: int, high: float) -> list[tuple[str, Colour | None, Sequence[float]]]:
    """Stripes, each a little narrower than the one below it."""
    found: list[tuple[str, Colour | None, Sequence[float]]] = []
    for stripe in range(stripes):
        low, top = 62 - 5 * stripe, 57 - 5 * stripe
        y = [-high * step / stripes for step in (stripe, stripe + 1)]
        points = (-low, y[0], -top, y[1], top, y[1], low, y[0])
        found.append(("polygon", _SNOW if stripe % 2 else None, points))
    return found


_SUN = Figure(1, (200, 820), (150, 300), (0.7, 1.2), [("ellipse", (252, 222, 130), (-85, -85, 85, 85))])
_MOON_SHAPES = [("ellipse", (244, 240, 216), (-70, -70, 70, 70)), ("ellipse", (26, 34, 70), (-28, -77, 98, 56))]
_TREE_SHAPES = [
    ("rectangle", _WOOD, (-9, -70, 9, 0)),
    *(
        ("polygon", _LEAVES, (-60 + 12 * n, -55 - 40 * n, 0, -125 - 40 * n, 60 - 12 * n, -55 - 40 * n))
        for n in range(3)
    ),
]
_HOUSE_SHAPES = [
    ("rectangle", None, (0, -190, 250, 0)),
    ("polygon", _ROOF, (-26, -190, 125, -310, 276, -190)),
    ("rectangle", (70, 50, 40), (100, -100, 150, 0)),
    *(("rectangle", _LIGHT, (x, -150, x + 48, -102)) for x in (26, 176)),
]
_LIGHTHOUSE_SHAPES = [
    ("polygon", (70, 70, 74), (-190, 60, -90, -30, 110, -30, 210, 60)),
    *_tower(6, 400),
    ("polygon", (252, 240, 188), (0, -440, SIZE, -590, SIZE, -340)),
    ("rectangle", _LIGHT, (-28, -462, 28, -400)),
    ("polygon", (60, 52, 54), (-40, -460, 0, -510, 40, -460)),
]
_BOAT_SHAPES = [
    ("polygon", (104, 66, 44), (-150, 0, 150, 0, 100, 62, -100, 62)),
    ("rectangle", (60, 44, 34), (-4, -250, 4, 0)),
    ("polygon", (246, 242, 230), (8, -246, 8, -30, 140, -30)),
    ("polygon", None, (-8, -210, -8, -30, -110, -30)),
]
_CAT_SHAPES = [
    ("ellipse", None, (-120, -60, 120, 170)),
    ("ellipse", None, (-84, -190, 84, -30)),
    *(("polygon", None, (side * 80, -130, side * 74, -232, side * 20, -178)) for side in (-1, 1)),
    *(("ellipse", (246, 238, 160), (x - 13, -130, x + 13, -98)) for x in (-34, 34)),
    *(("ellipse", (20, 20, 24), (x - 4, -128, x + 4, -100)) for x in (-34, 34)),
    ("polygon", (214, 130, 130), (-9, -84, 9, -84, 0, -72)),
]
_FLOWER_SHAPES = [
    ("rectangle", (52, 106, 62), (-3, 0, 3, 80)),
    *(("ellipse", None, (x - 20, y - 20, x + 20, y + 20)) for x, y in ((-20, 0), (20, 0), (0, -20), (0, 20))),
    ("ellipse", (248, 220, 110), (-14, -14, 14, 14)),
]
_MOUNTAIN_SHAPES = [
    ("polygon", (92, 98, 118), (-290, 0, 0, -320, 290, 0)),
    ("polygon", (240, 242, 246), (-81, -230, 0, -320, 81, -230)),
]
_TREE = Figure(6, (40, 984), (680, 860), (0.7, 1.3), _TREE_SHAPES)
_HOUSE = Figure(1, (140, 640), (800, 801), (1, 1), _HOUSE_SHAPES)
_BOAT = Figure(1, (200, 760), (740, 840), (1, 1), _BOAT_SHAPES)
_FLOWER = Figure(9, (60, 964), (690, 880), (0.7, 1.3), _FLOWER_SHAPES)
FIGURES: Mapping[str, Figure] = {  # from back to front
    **dict.fromkeys(("sun", "sunset", "sunrise"), _SUN),
    "moon": Figure(1, (200, 820), (140, 280), (0.8, 1.3), _MOON_SHAPES),
    "mountain": Figure(4, (0, SIZE), (686, 687), (0.7, 1.3), _MOUNTAIN_SHAPES),
    **dict.fromkeys(("tree", "forest"), _TREE),
    **dict.fromkeys(("house", "home"), _HOUSE),
    "lighthouse": Figure(1, (260, 760), (760, 761), (0.9, 1.15), _LIGHTHOUSE_SHAPES),
    **dict.fromkeys(("boat", "ship"), _BOAT),
    "cat": Figure(1, (280, 740), (700, 701), (1, 1), _CAT_SHAPES),
    **dict.fromkeys(("flower", "garden"), _FLOWER),
}


def picture(prompt: str, *, number: int = 0) -> bytes:
    """A PNG of 1024 by 1024 pixels for the prompt; `number` tells several pictures of one prompt apart."""
    words = set(re.findall(r"[a-z]+", prompt.lower()))
    seed = hashlib.sha256(f"{number}:{' '.join(prompt.split())}".encode()).digest()
    dice = random.Random(seed)  # noqa: S311 - for variety, not for secrets
    image = Image.new("RGB", (SIZE, SIZE))
    draw = ImageDraw.Draw(image)
    named = [COLOURS[word] for word in re.findall(r"[a-z]+", prompt.lower()) if word in COLOURS]
    colour = named[0] if named else dice.choice(list(COLOURS.values()))
    _sky(draw, dice, night=bool(words & _NIGHT_WORDS))
    _ground(draw, dice, named[1:], wet=bool(words & _WET_WORDS))
    scene = [figure for word, figure in FIGURES.items() if {word, f"{word}s"} & words]
    for figure in scene:
        _place(draw, dice, figure, colour)
    if not scene:
        _abstract(draw, dice, colour)
    _caption(draw, prompt)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _sky(draw: Draw, dice: random.Random, *, night: bool) -> None:
    above, below = _NIGHT if night else dice.choice(_SKIES)
    for y in range(SIZE):
        draw.line((0, y, SIZE, y), fill=_between(above, below, min(1.0, y / _HORIZON)))
    for _ in range(90 if night else 0):
        x, y, size = dice.randrange(SIZE), dice.randrange(SIZE * 2 // 3), dice.choice((1, 1, 2, 3))
        draw.ellipse((x, y, x + size, y + size), fill=(250, 246, 220))


def _ground(draw: Draw, dice: random.Random, named: Sequence[Colour], *, wet: bool) -> None:
    base: Colour = named[0] if named else (40, 92, 128) if wet else (86, 122, 78)
    for step in range(5):
        y = _HORIZON + step * (SIZE - _HORIZON) / 5
        draw.rectangle((0, y, SIZE, SIZE), fill=_between(base, (12, 18, 26), step * 0.13))
    for _ in range(46 if wet else 0):
        x, y = dice.randrange(SIZE), dice.uniform(_HORIZON + 8, SIZE - _CAPTION)
        draw.line((x, y, x + dice.randrange(30, 120), y), fill=_between(base, (255, 255, 255), 0.35), width=3)


def _place(draw: Draw, dice: random.Random, figure: Figure, colour: Colour) -> None:
    for _ in range(figure.copies):
        x, y, scale = dice.randrange(*figure.xs), dice.randrange(*figure.ys), dice.uniform(*figure.scale)
        for method, fill, points in figure.shapes:
            placed = [value * scale + (y if at % 2 else x) for at, value in enumerate(points)]
            shape: Any = getattr(draw, method)
            shape(placed, fill=colour if fill is None else fill)


def _abstract(draw: Draw, dice: random.Random, colour: Colour) -> None:
    """For prompts that name nothing that there is a figure for."""
    for number in range(7):
        x, y, r = dice.randrange(SIZE), dice.randrange(120, 820), dice.randrange(50, 190)
        sides, turn = dice.choice((3, 4, 5, 6, 40)), dice.randrange(360)
        draw.regular_polygon((x, y, r), sides, rotation=turn, fill=_between(colour, (250, 250, 246), number / 9))


def _caption(draw: Draw, prompt: str) -> None:
    text = " ".join(prompt.split())
    text = text if len(text) <= _LONGEST_CAPTION else f"{text[: _LONGEST_CAPTION - 1]}…"
    draw.rectangle((0, SIZE - _CAPTION, SIZE, SIZE), fill=(22, 24, 30))
    draw.text((SIZE / 2, SIZE - _CAPTION / 2), text, font=ImageFont.load_default(34), fill=(236, 234, 228), anchor="mm")
