"""Draws what a prompt speaks of: the same prompt gives the same picture, another one another picture.

A scene of simple shapes: sky and ground in the colours that the prompt names or its hash picks, and on them what the
prompt mentions. The first words stand below, so that nobody has to guess.
"""

import hashlib
import io
import random
import re
from collections.abc import Callable, Mapping, Sequence

from PIL import Image, ImageDraw, ImageFont

SIZE = 1024
_CAPTION = 84  # pixels
_LONGEST_CAPTION = 44  # characters

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
_SKIES: Sequence[tuple[Colour, Colour]] = (
    ((88, 150, 206), (216, 232, 240)),
    ((54, 62, 110), (236, 160, 132)),
    ((120, 170, 160), (238, 234, 206)),
    ((96, 92, 150), (228, 208, 224)),
)
_NIGHT: tuple[Colour, Colour] = ((14, 20, 48), (58, 70, 118))


def picture(prompt: str, *, number: int = 0) -> bytes:
    """A PNG of 1024 by 1024 pixels for the prompt; `number` tells several pictures of one prompt apart."""
    words = re.findall(r"[a-z]+", prompt.lower())
    seed = hashlib.sha256(f"{number}:{' '.join(prompt.split())}".encode()).digest()
    dice = random.Random(seed)  # noqa: S311 - for variety, not for secrets
    image = Image.new("RGB", (SIZE, SIZE))
    draw = ImageDraw.Draw(image)
    named = [COLOURS[word] for word in words if word in COLOURS]
    _sky(draw, words, dice)
    _ground(draw, words, dice, named)
    scene = [thing for word, thing in _THINGS.items() if word in words or f"{word}s" in words]
    for thing in scene or [_shapes]:
        thing(draw, dice, named[0] if named else dice.choice(list(COLOURS.values())))
    _caption(draw, prompt)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _sky(draw: Draw, words: Sequence[str], dice: random.Random) -> None:
    night = {"night", "moon", "star", "stars", "dark"} & set(words)
    above, below = _NIGHT if night else dice.choice(_SKIES)
    for y in range(SIZE):
        draw.line((0, y, SIZE, y), fill=_between(above, below, min(1.0, y / (SIZE * 0.66))))
    if night:
        for _ in range(90):
            x, y, size = dice.randrange(SIZE), dice.randrange(SIZE * 2 // 3), dice.choice((1, 1, 2, 3))
            draw.ellipse((x, y, x + size, y + size), fill=(250, 246, 220))


def _ground(draw: Draw, words: Sequence[str], dice: random.Random, named: Sequence[Colour]) -> None:
    wet = {"sea", "ocean", "harbour", "harbor", "lake", "river", "boat", "ship", "lighthouse", "water"} & set(words)
    base: Colour = (40, 92, 128) if wet else (86, 122, 78)
    if len(named) > 1:
        base = named[1]
    top = SIZE * 0.66
    for step in range(5):
        y = top + step * (SIZE - top) / 5
        draw.rectangle((0, y, SIZE, SIZE), fill=_between(base, (12, 18, 26), step * 0.13))
    if wet:
        for _ in range(46):
            x, y = dice.randrange(SIZE), dice.uniform(top + 8, SIZE - _CAPTION)
            draw.line((x, y, x + dice.randrange(30, 120), y), fill=_between(base, (255, 255, 255), 0.35), width=3)


def _sun(draw: Draw, dice: random.Random, _colour: Colour) -> None:
    x, y, r = dice.randrange(200, 820), dice.randrange(150, 300), dice.randrange(60, 100)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(252, 222, 130))


def _moon(draw: Draw, dice: random.Random, _colour: Colour) -> None:
    x, y, r = dice.randrange(200, 820), dice.randrange(140, 280), dice.randrange(55, 90)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(244, 240, 216))
    draw.ellipse((x - r * 0.4, y - r * 1.1, x + r * 1.4, y + r * 0.8), fill=(26, 34, 70))


def _mountain(draw: Draw, dice: random.Random, _colour: Colour) -> None:
    for _ in range(4):
        x, wide, high = dice.randrange(SIZE), dice.randrange(200, 380), dice.randrange(220, 420)
        foot = SIZE * 0.67
        draw.polygon([(x - wide, foot), (x, foot - high), (x + wide, foot)], fill=(92, 98, 118))
        cap = 0.28
        draw.polygon(
            [(x - wide * cap, foot - high * (1 - cap)), (x, foot - high), (x + wide * cap, foot - high * (1 - cap))],
            fill=(240, 242, 246),
        )


def _tree(draw: Draw, dice: random.Random, _colour: Colour) -> None:
    for _ in range(6):
        x, foot, high = dice.randrange(40, SIZE - 40), dice.uniform(680, 860), dice.randrange(130, 240)
        draw.rectangle((x - 9, foot - high * 0.4, x + 9, foot), fill=(86, 62, 44))
        for level in range(3):
            y = foot - high * (0.3 + 0.22 * level)
            half = high * (0.34 - 0.07 * level)
            draw.polygon([(x - half, y), (x, y - high * 0.38), (x + half, y)], fill=(38, 92, 62))


def _house(draw: Draw, dice: random.Random, colour: Colour) -> None:
    x, foot = dice.randrange(140, 640), 800
    draw.rectangle((x, foot - 190, x + 250, foot), fill=colour)
    draw.polygon([(x - 26, foot - 190), (x + 125, foot - 310), (x + 276, foot - 190)], fill=(118, 66, 52))
    draw.rectangle((x + 100, foot - 100, x + 150, foot), fill=(70, 50, 40))
    for left in (x + 26, x + 176):
        draw.rectangle((left, foot - 150, left + 48, foot - 102), fill=(252, 232, 160))


def _lighthouse(draw: Draw, dice: random.Random, colour: Colour) -> None:
    x, foot, high = dice.randrange(260, 760), 760, dice.randrange(360, 470)
    draw.polygon(
        [(x - 190, foot + 60), (x - 90, foot - 30), (x + 110, foot - 30), (x + 210, foot + 60)], fill=(70, 70, 74)
    )
    for stripe in range(6):
        y1, y2 = foot - high * stripe / 6, foot - high * (stripe + 1) / 6
        half1, half2 = 62 - 5 * stripe, 62 - 5 * (stripe + 1)
        fill = colour if stripe % 2 == 0 else (244, 242, 236)
        draw.polygon([(x - half1, y1), (x - half2, y2), (x + half2, y2), (x + half1, y1)], fill=fill)
    top = foot - high
    draw.polygon([(x, top - 40), (SIZE, top - 190), (SIZE, top + 60)], fill=(252, 240, 188))
    draw.rectangle((x - 28, top - 62, x + 28, top), fill=(252, 232, 150), outline=(40, 40, 44), width=5)
    draw.polygon([(x - 40, top - 60), (x, top - 110), (x + 40, top - 60)], fill=(60, 52, 54))


def _boat(draw: Draw, dice: random.Random, colour: Colour) -> None:
    x, y = dice.randrange(200, 760), dice.randrange(740, 840)
    draw.polygon([(x - 150, y), (x + 150, y), (x + 100, y + 62), (x - 100, y + 62)], fill=(104, 66, 44))
    draw.line((x, y, x, y - 250), fill=(60, 44, 34), width=8)
    draw.polygon([(x + 8, y - 246), (x + 8, y - 30), (x + 140, y - 30)], fill=(246, 242, 230))
    draw.polygon([(x - 8, y - 210), (x - 8, y - 30), (x - 110, y - 30)], fill=colour)


def _cat(draw: Draw, dice: random.Random, colour: Colour) -> None:
    x, y = dice.randrange(280, 740), 700
    draw.ellipse((x - 120, y - 60, x + 120, y + 170), fill=colour)
    draw.ellipse((x - 84, y - 190, x + 84, y - 30), fill=colour)
    for side in (-1, 1):
        draw.polygon([(x + side * 80, y - 130), (x + side * 74, y - 232), (x + side * 20, y - 178)], fill=colour)
        draw.ellipse((x + side * 34 - 13, y - 130, x + side * 34 + 13, y - 98), fill=(246, 238, 160))
        draw.ellipse((x + side * 34 - 4, y - 128, x + side * 34 + 4, y - 100), fill=(20, 20, 24))
    draw.polygon([(x - 9, y - 84), (x + 9, y - 84), (x, y - 72)], fill=(214, 130, 130))


def _flower(draw: Draw, dice: random.Random, colour: Colour) -> None:
    for _ in range(9):
        x, y, r = dice.randrange(60, SIZE - 60), dice.randrange(690, 880), dice.randrange(14, 26)
        draw.line((x, y, x, y + 80), fill=(52, 106, 62), width=6)
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            draw.ellipse((x + dx * r - r, y + dy * r - r, x + dx * r + r, y + dy * r + r), fill=colour)
        draw.ellipse((x - r * 0.7, y - r * 0.7, x + r * 0.7, y + r * 0.7), fill=(248, 220, 110))


def _shapes(draw: Draw, dice: random.Random, colour: Colour) -> None:
    """For prompts that name nothing we can draw."""
    for number in range(7):
        x, y, r = dice.randrange(SIZE), dice.randrange(120, 820), dice.randrange(50, 190)
        fill = _between(colour, (250, 250, 246), number / 9)
        sides = dice.choice((3, 4, 5, 6, 40))
        draw.regular_polygon((x, y, r), sides, rotation=dice.randrange(360), fill=fill)


Thing = Callable[[Draw, random.Random, Colour], None]
_THINGS: Mapping[str, Thing] = {  # from back to front
    "sun": _sun,
    "sunset": _sun,
    "sunrise": _sun,
    "moon": _moon,
    "mountain": _mountain,
    "tree": _tree,
    "forest": _tree,
    "house": _house,
    "home": _house,
    "lighthouse": _lighthouse,
    "boat": _boat,
    "ship": _boat,
    "cat": _cat,
    "flower": _flower,
    "garden": _flower,
}


def _caption(draw: Draw, prompt: str) -> None:
    text = " ".join(prompt.split())
    text = text if len(text) <= _LONGEST_CAPTION else f"{text[: _LONGEST_CAPTION - 1]}…"
    draw.rectangle((0, SIZE - _CAPTION, SIZE, SIZE), fill=(22, 24, 30))
    draw.text((SIZE / 2, SIZE - _CAPTION / 2), text, font=ImageFont.load_default(34), fill=(236, 234, 228), anchor="mm")
