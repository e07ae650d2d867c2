"""GIF without decoding: how many pictures it has, and the same animation without comments and without what follows it.

Decoding an animation and writing it again would blur it or make it larger. Its blocks are copied one by one instead.
"""

from dataclasses import dataclass
from typing import BinaryIO

_EXTENSION, _IMAGE, _END = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class DamagedGif(ValueError):
    """The blocks do not follow each other as in a GIF."""


class TooManyFrames(ValueError):
    """There are more pictures than are taken."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where one picture's blocks begin and end in the animation, in bytes."""

    begin: int
    end: int


def clean_gif(source: BinaryIO, *, most_frames: int) -> tuple[bytes, list[Frame], tuple[int, int]]:
    """The animation with nothing but its pictures, their timing and how often they repeat; where they are in it; and
    the width and height that hold them all, whatever the header says.

    Raises DamagedGif, or TooManyFrames as soon as there is one too many.
    """
    out = bytearray(_read_exactly(source, 13))
    width, height = _number(out, 6), _number(out, 8)
    out += _colours(source, out[10])
    frames: list[Frame] = []
    while True:
        mark = _read_exactly(source, 1)[0]
        if mark == _END:
            break
        if mark == _EXTENSION:
            label = _read_exactly(source, 1)[0]
            blocks = _blocks(source)
            if label == _CONTROL or (label == _APPLICATION and blocks[1:12] in _LOOPS):
                out += bytes((mark, label)) + blocks
        elif mark == _IMAGE:
            if len(frames) == most_frames:
                raise TooManyFrames
            place = _read_exactly(source, 9)
            width = max(width, _number(place, 0) + _number(place, 4))
            height = max(height, _number(place, 2) + _number(place, 6))
            begin = len(out)
            out += bytes((mark,)) + place + _colours(source, place[8])
            out += _read_exactly(source, 1) + _blocks(source)
            frames.append(Frame(begin, len(out)))
        else:
            raise DamagedGif
    if not frames:
        raise DamagedGif
    out.append(_END)
    return bytes(out), frames, (width, height)


def canvas(animation: bytes) -> tuple[int, int]:
    """Width and height, as the header says them."""
    return _number(animation, 6), _number(animation, 8)


def alone(animation: bytes, frame: Frame) -> bytes:
    """One picture of a clean animation as a GIF of its own, in its own width and height: put together with those before
    it, each would be held several times in full colours."""
    colours = 3 << ((animation[10] & 0x07) + 1) if animation[10] & 0x80 else 0
    picture = bytearray(animation[frame.begin : frame.end])
    size = bytes(picture[5:9])
    picture[1:5] = bytes(4)
    return animation[:6] + size + animation[10 : 13 + colours] + bytes(picture) + bytes((_END,))


def _number(found: bytes | bytearray, at: int) -> int:
    return int.from_bytes(found[at : at + 2], "little")


def _colours(source: BinaryIO, flags: int) -> bytes:
    """The table of colours that the flags announce."""
    return _read_exactly(source, 3 << ((flags & 0x07) + 1)) if flags & 0x80 else b""


def _blocks(source: BinaryIO) -> bytes:
    """Blocks with their lengths before them, up to the empty one."""
    found = bytearray()
    while True:
        length = _read_exactly(source, 1)
        found += length
        if not length[0]:
            return bytes(found)
        found += _read_exactly(source, length[0])


def _read_exactly(source: BinaryIO, count: int) -> bytes:
    found = source.read(count)
    if len(found) != count:
        raise DamagedGif
    return found
