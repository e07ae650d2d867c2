"""What is done with one picture, in a process of its own within bounds (`files.isolation`)."""

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from PIL import Image

from files import limits
from files.formats import GIF, Format, format_of
from files.pictures import encoding, gif, opening, still
from files.pictures.refusals import Reason, Refused


def clean(
    source: BinaryIO, out: BinaryIO, *, media_type: str, smaller: bool, grey: tuple[int, int] = (0, 0)
) -> dict[str, Any]:
    """Write the clean picture, its thumbnail and its grey pixels, one after the other; returns what it is, and how many
    bytes they have. See `files.pictures.clean_picture`."""
    kind = _kind(media_type)
    try:
        if kind is GIF and not smaller:
            return _clean_gif(source, out, grey)
        opened = opening.open_picture(source, kind, side=limits.SMALLER_SIDE if smaller else 0)
        target, image = still.smaller_copy(opened) if smaller else still.whole(opened)
        written_as = {} if smaller else opened.written_as
        target, image, size = still.write(
            image, target, out, written_as=written_as, again=not smaller and kind not in still.SENT_AS_IT_IS
        )
    except (Refused, Image.DecompressionBombError) as fault:
        return _refused(fault)
    shown = image.size
    return _told(target, shown, [size, *_write_small(image, out, grey)])


def shrink(source: BinaryIO, out: BinaryIO, *, media_type: str, copies: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Write a WEBP for each longest side and quality; returns how many bytes they have."""
    try:
        opened = opening.open_picture(source, _kind(media_type), side=max(side for side, _quality in copies))
        large = still.upright_copy(opened, max(side for side, _quality in copies))
    except (Refused, Image.DecompressionBombError) as fault:
        return _refused(fault)
    written = [encoding.webp(still.shrunk(large.copy(), side), quality=quality) for side, quality in copies]
    return {"sizes": [out.write(data) for data in written]}


def _clean_gif(source: BinaryIO, out: BinaryIO, grey: tuple[int, int]) -> dict[str, Any]:
    """The animation with its pictures as they are, each decoded for itself to see that it can be."""
    opening.check_header(source, GIF)
    source.seek(0)
    try:
        data, frames, size = gif.clean_gif(source, most_frames=limits.MOST_FRAMES)
    except gif.TooManyFrames:
        raise Refused(Reason.FRAMES) from None
    opening.check_size(*size)
    width, height = gif.canvas(data)
    if width * height * len(frames) > limits.MOST_ANIMATED_PIXELS:
        raise Refused(Reason.ANIMATION, frames=len(frames), width=width, height=height)
    if len(data) > limits.MOST_PICTURE_BYTES:
        raise Refused(Reason.BYTES, size=len(data))
    out.write(data)
    for frame in frames:
        with Image.open(io.BytesIO(gif.alone(data, frame)), formats=["GIF"]) as image:
            image.load()
    first = opening.open_picture(io.BytesIO(data), GIF).take()
    return _told(GIF, (width, height), [len(data), *_write_small(first, out, grey)])


def _write_small(image: Image.Image, out: BinaryIO, grey: tuple[int, int]) -> list[int]:
    """Write the thumbnail and, made of it, the grey pixels: the picture is decoded once. It is given up."""
    small = still.shrunk(image, limits.THUMBNAIL_SIDE)
    thumbnail = encoding.webp(small, quality=80)
    return [out.write(thumbnail), out.write(still.grey(small, grey) if all(grey) else b"")]


def _kind(media_type: str) -> Format:
    kind = format_of(media_type)
    assert kind
    return kind


def _told(kind: Format, size: tuple[int, int], sizes: list[int]) -> dict[str, Any]:
    return {"media_type": kind.media_type, "width": size[0], "height": size[1], "sizes": sizes}


def _refused(fault: Exception) -> dict[str, Any]:
    if isinstance(fault, Refused):
        return {"refused": fault.reason.value, "figures": fault.figures}
    return {"refused": Reason.BOMB.value, "figures": {}}
