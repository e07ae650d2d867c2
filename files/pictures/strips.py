"""Changing a large picture without holding it twice: strip by strip.

A picture of 50 million pixels takes 191 MB, and a turned or converted copy as much again. So the changed strips go to
a file, the picture that was is given up, and the new one is read from the file.
"""

import tempfile
from collections.abc import Callable, Iterator
from typing import IO

from PIL import Image

from files import limits
from files.pictures.opening import Opened, Pixels

_IN_MEMORY = 8 * limits.MEGABYTE  # bytes; a smaller picture goes through no file
_STRIP = 256 * 1024  # pixels
_ONE_BYTE = ("1", "L", "P")  # a pixel, in memory; others take four, and two of these fit
_TURNS = {  # by the orientation that Exif notes
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LIES = (5, 6, 7, 8)  # rows become columns
_FROM_THE_END = (3, 4, 7, 8)  # the first row of the result is the last row, or column, of the source

Change = Callable[[Image.Image], Image.Image]


def changed(opened: Opened, change: Change, mode: str) -> Image.Image:
    """The picture upright and changed, in the mode that `change` makes. The pixels that were opened are given up."""
    pixels = opened.take()
    if pixels.mode in _ONE_BYTE and mode == pixels.mode:
        return change(turned(pixels, opened.orientation))
    size = pixels.size[::-1] if opened.orientation in _LIES else pixels.size
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        for strip in _upright_strips(pixels, opened.orientation):
            spool.write(change(strip).tobytes())
        _give_up(pixels)
        del pixels
        return _read(spool, mode, size)


def reduced(opened: Opened, factor: int, change: Change, mode: str) -> Image.Image:
    """The picture, changed, with so many times fewer pixels on each side. Those that were opened are given up."""
    pixels = opened.take()
    width, height = pixels.size
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        for strip in strips(pixels, multiple=factor):
            made = change(strip)
            spool.write((made.reduce(factor) if factor > 1 else made).tobytes())
        _give_up(pixels)
        del pixels
        return _read(spool, mode, (-(-width // factor), -(-height // factor)))


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The picture upright, as a copy if it was not."""
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def strips(pixels: Pixels, *, multiple: int = 1) -> Iterator[Image.Image]:
    """The picture from top to bottom in strips of few pixels, whose rows are a multiple of so many but for the last."""
    width, height = pixels.size
    rows = max(1, _STRIP // (width * multiple)) * multiple
    for top in range(0, height, rows):
        yield pixels.crop((0, top, width, min(height, top + rows)))


def _upright_strips(pixels: Pixels, orientation: int) -> Iterator[Image.Image]:
    width, height = pixels.size
    lies, backwards = orientation in _LIES, orientation in _FROM_THE_END
    length, across = (width, height) if lies else (height, width)
    rows = max(1, _STRIP // across)
    for begin in range(0, length, rows):
        end = min(length, begin + rows)
        first, last = (length - end, length - begin) if backwards else (begin, end)
        box = (first, 0, last, height) if lies else (0, first, width, last)
        yield turned(pixels.crop(box), orientation)


def _give_up(pixels: Pixels) -> None:
    """Free the memory now, whoever still has a name for the picture."""
    if isinstance(pixels, Image.Image):
        pixels.close()


def _read(spool: "IO[bytes]", mode: str, size: tuple[int, int]) -> Image.Image:
    spool.seek(0)
    image = Image.new(mode, size)
    width, height = size
    rows = max(1, _STRIP // width)
    row = width * len(image.getbands())  # bytes; none of the modes that are written packs its pixels
    for top in range(0, height, rows):
        count = min(rows, height - top)
        image.paste(Image.frombytes(mode, (width, count), spool.read(row * count)), (0, top))
    return image
