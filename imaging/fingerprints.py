"""Perceptual hashes: pictures that look alike have fingerprints that differ in few bits.

A difference hash: the picture is shrunk to nine by eight grey pixels, and each of 64 bits says whether a pixel is
brighter than its neighbour to the right. Size, format and compression do not change it, nor do colours much.
"""

from itertools import pairwise

_SIDE = 8
SIZE = (_SIDE + 1, _SIDE)
"""Width and height of what a picture is shrunk to."""
NEAR = 6  # bits: at most so many differ between two versions of one picture


def fingerprint(grey: bytes) -> str:
    """The fingerprint of a picture that was shrunk to `SIZE` grey pixels: 64 bits as 16 hexadecimal digits."""
    width, height = SIZE
    bits = 0
    for row in range(height):
        for left, right in pairwise(grey[row * width : (row + 1) * width]):
            bits = bits << 1 | (left > right)
    return f"{bits:016x}"
