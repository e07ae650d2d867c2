"""Perceptual hashes: pictures that look alike have fingerprints that differ in few bits.

A difference hash: the picture is shrunk to nine by eight grey pixels, and each of 64 bits says whether a pixel is
brighter than its neighbour to the right. Size, format and compression do not change it, nor do colours much.
"""

import io
from itertools import pairwise

from files import pictures
from files.formats import HEAD, picture_format

_SIDE = 8
NEAR = 6  # bits: at most so many differ between two versions of one picture


def fingerprint(picture: bytes) -> str:
    """The fingerprint of a picture that was cleaned before: 64 bits as 16 hexadecimal digits.

    Raises files.FileRefused for one that cannot be read, OSError when it cannot be looked at now.
    """
    kind = picture_format(picture[:HEAD])
    assert kind
    small = pictures.grey_pixels(io.BytesIO(picture), kind, size=(_SIDE + 1, _SIDE))
    bits = 0
    for row in range(_SIDE):
        line = small[row * (_SIDE + 1) : (row + 1) * (_SIDE + 1)]
        for left, right in pairwise(line):
            bits = bits << 1 | (left > right)
    return f"{bits:016x}"
