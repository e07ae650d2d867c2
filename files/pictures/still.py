"""A picture that does not move: what one sees of it, upright, in the colours of the web, in a mode that PNG knows."""

import io
from collections.abc import Callable
from typing import Any, BinaryIO

from PIL import Image, ImageCms

from files import limits
from files.formats import GIF, JPEG, PNG, Format
from files.pictures import encoding, strips
from files.pictures.opening import Opened, Pixels
from files.pictures.refusals import Reason, Refused

SENT_AS_IT_IS = (PNG, JPEG, GIF)
_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
_WITH_ALPHA = ("LA", "RGBA", "PA", "La", "RGBa")


def whole(opened: Opened) -> tuple[Format, Image.Image]:
    """The picture in all its pixels, and what it is to be written as: what was lossless or shines through stays so."""
    pixels = opened.pixels
    assert pixels
    target = PNG if opened.is_lossless or _is_transparent(pixels, opened.transparency) else JPEG
    mode = _mode_of(pixels.mode)
    if target is JPEG and mode not in ("L", "RGB"):
        mode = "RGB"
    coloured = opened.profile and mode in ("RGB", "RGBA")
    as_it_is = mode == pixels.mode and opened.orientation == 1 and not coloured
    if isinstance(pixels, Image.Image) and as_it_is and opened.kind in SENT_AS_IT_IS:
        return target, opened.take()
    came_as = pixels.mode
    del pixels  # they are given up on the way
    image = strips.changed(opened, _to_mode(came_as, mode, opened.profile), mode)
    image.info = {"transparency": opened.transparency} if opened.transparency is not None and mode == came_as else {}
    return target, image


def smaller_copy(opened: Opened) -> tuple[Format, Image.Image]:
    """A copy of at most `limits.SMALLER_SIDE` pixels, and what it is to be written as."""
    image = upright_copy(opened, limits.SMALLER_SIDE)
    if _is_transparent(image, None):
        return PNG, image
    return JPEG, image if image.mode in ("L", "RGB") else image.convert("RGB")


def upright_copy(opened: Opened, side: int) -> Image.Image:
    """A copy, upright, of at most `side` pixels; the pixels that were opened are given up."""
    pixels = opened.pixels
    assert pixels
    if opened.transparency is not None and not pixels.mode.startswith("I"):
        mode = "RGBA"
    else:
        mode = {"1": "L", "P": "RGB"}.get(pixels.mode) or _mode_of(pixels.mode)
    change = _to_mode(pixels.mode, mode, opened.profile)
    factor = max(1, max(pixels.size) // side)
    del pixels
    small = strips.reduced(opened, factor, change, mode)
    return strips.turned(_fitted(small, opened.size, side), opened.orientation)


def shrunk(image: Image.Image, side: int) -> Image.Image:
    """A copy in RGB, or RGBA where something shines through, of at most `side` pixels. The picture is given up."""
    mode = "RGBA" if _is_transparent(image, image.info.get("transparency")) else "RGB"
    opened = Opened(kind=PNG, size=image.size, pixels=image)
    factor = max(1, max(image.size) * 2 // (3 * side))  # half as many again as are needed, for an even result
    return _fitted(strips.reduced(opened, factor, lambda strip: strip.convert(mode), mode), opened.size, side)


def grey(image: Image.Image, size: tuple[int, int]) -> bytes:
    """The small picture, as `shrunk` makes it, on white in so many grey pixels, a byte for each."""
    plain = _on_white(image) if image.mode == "RGBA" else image
    return plain.convert("L").resize(size, Image.Resampling.LANCZOS).tobytes()


def write(
    image: Image.Image, target: Format, out: BinaryIO, *, written_as: dict[str, Any], again: bool
) -> tuple[Format, Image.Image, int]:
    """Write the picture; returns as what, what was written, and how many bytes. With `again`, a PNG that would be too
    large becomes a JPEG on white. Raises Refused when it is too large all the same."""
    size = encoding.write(image, target, out, written_as=written_as)
    if size > limits.MOST_PICTURE_BYTES and target is PNG and again:
        opened = Opened(kind=PNG, size=image.size, pixels=image)
        target, image = JPEG, strips.changed(opened, _on_white, "RGB")
        size = encoding.write(image, target, out, written_as={})
    if size > limits.MOST_PICTURE_BYTES:
        raise Refused(Reason.BYTES, size=size)
    return target, image, size


def _mode_of(mode: str) -> str:
    """The mode that a picture gets which comes in this one."""
    if mode in _MODES:
        return mode
    if mode.startswith("I"):
        return "L"
    return "RGBA" if mode in _WITH_ALPHA else "RGB"


def _to_mode(mode: str, wanted: str, profile: bytes | None) -> Callable[[Image.Image], Image.Image]:
    """What brings a strip into the wanted mode, and its colours into sRGB. A profile that cannot be used changes
    colours a little and is no reason to refuse."""
    if mode.startswith("I"):  # from 16 bits to 8
        return lambda strip: strip.convert("I").point(lambda value: value * (1 / 257)).convert("L").convert(wanted)
    if profile and mode not in ("1", "L", "LA", "P"):
        try:
            colours = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            transform = ImageCms.buildTransform(colours, ImageCms.createProfile("sRGB"), mode, _cms_mode(mode))
        except (ImageCms.PyCMSError, OSError, ValueError):
            return lambda strip: strip.convert(wanted)
        return lambda strip: (ImageCms.applyTransform(strip, transform) or strip).convert(wanted)
    return lambda strip: strip.convert(wanted)


def _cms_mode(mode: str) -> str:
    return "RGBA" if mode in _WITH_ALPHA else "RGB"


def _fitted(small: Image.Image, size: tuple[int, int], side: int) -> Image.Image:
    """The reduced copy of a picture of this size with at most `side` pixels, in the picture's proportions."""
    longest = max(size)
    if longest <= side:
        return small
    exact = tuple(max(1, round(length * side / longest)) for length in size)
    return small if small.size == exact else small.resize(exact, Image.Resampling.LANCZOS)


def _is_transparent(pixels: Pixels, transparency: Any) -> bool:
    if transparency is not None:
        return True
    if pixels.mode not in _WITH_ALPHA:
        return False
    for strip in strips.strips(pixels):
        least = strip.getchannel(strip.getbands()[-1]).getextrema()[0]
        if isinstance(least, int | float) and least < 255:
            return True
    return False


def _on_white(strip: Image.Image) -> Image.Image:
    white = Image.new("RGBA", strip.size, "white")
    white.alpha_composite(strip.convert("RGBA"))
    return white.convert("RGB")
