"""Perceptual hashes: pictures that look alike have fingerprints that differ in few bits.

A difference hash: the picture is shrunk to nine by eight grey pixels, and each of 64 bits says whether a pixel is
brighter than its neighbour to the right. Size, format and compression do not change it, nor do colours much.
"""

import io
from itertools import pairwise

from PIL import Image

_SIDE = 8
NEAR = 6  # bits: at most so many differ between two versions of one picture


def fingerprint(picture: bytes) -> str:
    """The fingerprint of a picture that was cleaned before: 64 bits as 16 hexadecimal digits."""
    with Image.open(io.BytesIO(picture), formats=["PNG", "JPEG", "GIF", "WEBP"]) as image:
        image.draft("L", (256, 256))
        grey = image.convert("RGBA") if image.has_transparency_data else image.convert("L")
        if grey.mode == "RGBA":
            white = Image.new("RGBA", grey.size, "white")
            white.alpha_composite(grey)
            grey = white.convert("L")
        small = grey.resize((_SIDE + 1, _SIDE), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(_SIDE):
        line = small[row * (_SIDE + 1) : (row + 1) * (_SIDE + 1)]
        for left, right in pairwise(line):
            bits = bits << 1 | (left > right)
    return f"{bits:016x}"
