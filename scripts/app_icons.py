"""Draws the icons of the installed app, static/img/icon-*.png: `.venv/bin/python -m scripts.app_icons`.

The shape is that of static/img/favicon.svg, whose side is 32 units.
"""

from PIL import Image, ImageDraw

from tests.stores import ROOT

PAPER, ACCENT = "#faf9f6", "#3a4fb5"
FINER = 4  # times as large while it is drawn, for smooth edges
SHAPE = 32  # units
ICONS = {"icon-180": (180, 0.62), "icon-192": (192, 0.72), "icon-512": (512, 0.72), "icon-maskable-512": (512, 0.5)}
"""Pixels, and how much of the side the shape takes. What is maskable may be cut to a circle of four fifths."""


def main() -> None:
    """Write them all."""
    for name, (side, share) in ICONS.items():
        path = ROOT / "static" / "img" / f"{name}.png"
        draw_icon(side, share).quantize(64).save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def draw_icon(side: int, share: float) -> Image.Image:
    """The shape in the middle of a square of so many pixels, without transparency: phones put black below it."""
    picture = Image.new("RGB", (side * FINER, side * FINER), PAPER)
    pen = ImageDraw.Draw(picture)
    unit = side * FINER * share / SHAPE
    left, top = side * FINER / 2 - 16.5 * unit, side * FINER / 2 - 16.5 * unit  # the shape's own middle

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * unit, top + y * unit

    def dot(x: float, y: float, radius: float) -> None:
        pen.ellipse([at(x - radius, y - radius), at(x + radius, y + radius)], fill=ACCENT)

    width = round(4 * unit)
    pen.arc(
        [at(5, 3), at(29, 27)], 180, 90, fill=ACCENT, width=width
    )  # around 17, 15; the line's middle is at 10 units
    pen.line([at(7, 15), at(7, 28)], fill=ACCENT, width=width)
    pen.line([at(17, 25), at(14, 25)], fill=ACCENT, width=width)
    dot(7, 28, 2)
    dot(14, 25, 2)
    dot(17, 15, 2.6)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
