"""Draws the demo's pictures: the same words give the same picture, other words another one.

A scene of simple figures: sky and ground in the colours that the words name or their hash picks, and on them what the
words mention. Pictures that the gateway is asked for have their prompt below. Those that go with Sonar's answers have
addresses that lead nowhere (`.example`): who shows them asks `picture_at` for the bytes, not the network.
"""

import hashlib
import io
import random
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont, ImageOps

ADDRESS = "https://pictures.parley.example/"
SIZES = ((640, 400), (480, 480), (720, 405), (480, 640), (480, 360))
FORMATS = ("png", "jpeg", "webp", "gif")
_NAME = re.compile(r"([a-z0-9-]{1,100}-\d+)-(\d{3})x(\d{3})\.(png|jpeg|webp|gif)")
_CANVAS, _HORIZON, _CAPTION = 1024, 680, 84  # pixels
_LONGEST_CAPTION = 44  # characters

COLOURS = {
    "red": "#c43e36", "orange": "#e08234", "yellow": "#f0ca54", "green": "#4a8c5a", "blue": "#3a68aa",
    "purple": "#76529e", "pink": "#de8ca8", "brown": "#7a583e", "black": "#202228", "white": "#f0f0ec",
    "grey": "#868c94", "gold": "#cea448",
}  # fmt: skip
_SKIES = (("#5896ce", "#d8e8f0"), ("#363e6e", "#eca084"), ("#78aaa0", "#eeeace"), ("#605c96", "#e4d0e0"))
_NIGHT_SKY = ("#0e1430", "#3a4676")
_NIGHT = {"night", "moon", "star", "stars", "dark"}
_WET = {"sea", "ocean", "harbour", "harbor", "lake", "river", "boat", "ship", "lighthouse", "water"}
_SNOW, _LIGHT, _WOOD, _DARK = "#f4f2ec", "#fce896", "#563e2c", "#14141c"


class Figure(NamedTuple):
    """A thing: the words for it, how many there are, where (ranges of x and y, in pixels), and its shapes.

    A shape is the method of Pillow that draws it, the colour (empty for the one that is named), and its coordinates
    from the figure's own place, y downwards.
    """

    words: set[str]
    copies: int
    xs: tuple[int, int]
    ys: tuple[int, int]
    shapes: Sequence[tuple[str, str, Sequence[float]]]


FIGURES = (  # from back to front
    Figure({"sun", "sunset", "sunrise"}, 1, (200, 820), (150, 300), [("ellipse", "#fcde82", (-85, -85, 85, 85))]),
    Figure(
        {"mountain", "mountains"}, 4, (0, 1024), (686, 687),
        [
            ("polygon", "#5c6276", (-290, 0, 0, -320, 290, 0)),
            ("polygon", _SNOW, (-81, -230, 0, -320, 81, -230)),
        ],
    ),
    Figure(
        {"tree", "trees", "forest", "forests"}, 6, (40, 984), (680, 860),
        [
            ("rectangle", _WOOD, (-9, -70, 9, 0)),
            ("polygon", "#265c3e", (-60, -55, 0, -125, 60, -55)),
            ("polygon", "#265c3e", (-48, -95, 0, -165, 48, -95)),
            ("polygon", "#265c3e", (-36, -135, 0, -205, 36, -135)),
        ],
    ),
    Figure(
        {"house", "houses", "home", "homes"}, 1, (140, 640), (800, 801),
        [
            ("rectangle", "", (0, -190, 250, 0)),
            ("polygon", "#764234", (-26, -190, 125, -310, 276, -190)),
            ("rectangle", _WOOD, (100, -100, 150, 0)),
            ("rectangle", _LIGHT, (26, -150, 74, -102)),
            ("rectangle", _LIGHT, (176, -150, 224, -102)),
        ],
    ),
    Figure(
        {"lighthouse", "lighthouses"}, 1, (260, 760), (760, 761),
        [
            ("polygon", "#46464a", (-190, 60, -90, -30, 110, -30, 210, 60)),
            ("polygon", "", (-62, 0, -32, -400, 32, -400, 62, 0)),
            ("polygon", _SNOW, (-57, -67, -52, -133, 52, -133, 57, -67)),
            ("polygon", _SNOW, (-47, -200, -42, -267, 42, -267, 47, -200)),
            ("polygon", "#fcf0bc", (0, -440, 1024, -590, 1024, -340)),
            ("rectangle", _LIGHT, (-28, -462, 28, -400)),
            ("polygon", _DARK, (-40, -460, 0, -510, 40, -460)),
        ],
    ),
    Figure(
        {"boat", "boats", "ship", "ships"}, 1, (200, 760), (740, 840),
        [
            ("polygon", "#68422c", (-150, 0, 150, 0, 100, 62, -100, 62)),
            ("rectangle", _WOOD, (-4, -250, 4, 0)),
            ("polygon", _SNOW, (8, -246, 8, -30, 140, -30)),
            ("polygon", "", (-8, -210, -8, -30, -110, -30)),
        ],
    ),
    Figure(
        {"cat", "cats"}, 1, (280, 740), (700, 701),
        [
            ("ellipse", "", (-120, -60, 120, 170)),
            ("ellipse", "", (-84, -190, 84, -30)),
            ("polygon", "", (-80, -130, -74, -232, -20, -178)),
            ("polygon", "", (80, -130, 74, -232, 20, -178)),
            ("ellipse", _LIGHT, (-47, -130, -21, -98)),
            ("ellipse", _LIGHT, (21, -130, 47, -98)),
            ("ellipse", _DARK, (-38, -128, -30, -100)),
            ("ellipse", _DARK, (30, -128, 38, -100)),
        ],
    ),
)  # fmt: skip


def picture(prompt: str, *, number: int = 0, size: tuple[int, int] = (_CANVAS, _CANVAS), form: str = "png") -> bytes:
    """A picture of `size` pixels for the prompt; `number` tells several pictures of one prompt apart."""
    text = " ".join(prompt.split())
    image = _scene(f"{number}:{text}", re.findall(r"[a-z]+", prompt.lower()))
    image = image if size == image.size else ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    text = text if len(text) <= _LONGEST_CAPTION else f"{text[: _LONGEST_CAPTION - 1]}…"
    (width, height), scale = size, size[0] / _CANVAS
    draw, bar = ImageDraw.Draw(image), _CAPTION * scale
    draw.rectangle((0, height - bar, width, height), fill=_DARK)
    middle = (width / 2, height - bar / 2)
    draw.text(middle, text, font=ImageFont.load_default(34 * scale), fill=_SNOW, anchor="mm")
    return _saved(image, form)


def address(title: str, number: int, *, size: tuple[int, int], form: str) -> str:
    """The address of the landscape for a title; a title has as many as there are numbers."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or "nothing"
    return f"{ADDRESS}{words}-{number}-{size[0]}x{size[1]}.{form}"


def picture_at(url: str) -> bytes | None:
    """The landscape at this address; None for any other address. Takes some tens of milliseconds."""
    found = _NAME.fullmatch(url.removeprefix(ADDRESS)) if url.startswith(ADDRESS) else None
    size = (int(found[2]), int(found[3])) if found else (0, 0)
    if found is None or size not in SIZES:
        return None
    image = _scene(found[1], [*found[1].split("-"), "sun", "mountain", "tree"])
    return _saved(ImageOps.fit(image, size, Image.Resampling.LANCZOS), found[4])


def _saved(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form.upper())
    return out.getvalue()


def _scene(seed: str, words: Sequence[str]) -> Image.Image:
    dice = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 - for variety, not for secrets
    colour, *others = [COLOURS[word] for word in words if word in COLOURS] or [dice.choice([*COLOURS.values()])]
    night, wet = not _NIGHT.isdisjoint(words), not _WET.isdisjoint(words)
    image = _faded(*(_NIGHT_SKY if night else dice.choice(_SKIES)), _CANVAS)
    image.paste(_faded(others[0] if others else "#285c80" if wet else "#567a4e", _DARK, _CANVAS), (0, _HORIZON))
    draw = ImageDraw.Draw(image)
    for _ in range(90 if night else 0):
        draw.circle((dice.randrange(_CANVAS), dice.randrange(_HORIZON)), dice.choice((1, 1, 2)), fill=_SNOW)
    figures = [figure for figure in FIGURES if not figure.words.isdisjoint(words)]
    for figure in figures:
        _place(draw, dice, figure, colour)
    for _ in range(0 if figures else 7):  # for prompts that name nothing that there is a figure for
        circle = (dice.randrange(_CANVAS), dice.randrange(120, 820), dice.randrange(50, 190))
        draw.regular_polygon(circle, dice.choice((3, 4, 5, 6, 40)), dice.randrange(360), colour, outline=_SNOW)
    return image


def _faded(above: str, below: str, size: int) -> Image.Image:
    """A square that goes from one colour to the other."""
    return ImageOps.colorize(Image.linear_gradient("L").resize((size, size)), above, below)


def _place(draw: ImageDraw.ImageDraw, dice: random.Random, figure: Figure, colour: str) -> None:
    for _ in range(figure.copies):
        x, y, scale = dice.randrange(*figure.xs), dice.randrange(*figure.ys), dice.uniform(0.7, 1.3)
        for method, fill, points in figure.shapes:
            shape: Any = getattr(draw, method)
            shape([value * scale + (y if at % 2 else x) for at, value in enumerate(points)], fill=fill or colour)
