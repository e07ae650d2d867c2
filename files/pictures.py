"""Pictures: judged before and by decoding, rid of everything but what one sees, and written again by us.

One picture is decoded at a time in each process: a decoded one takes 200 MB, and there may be ten in a question.
"""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin

from files import gif, limits
from files.errors import FileRefused
from files.formats import GIF, HEIC, JPEG, PNG, WEBP, Format

_PILLOW_NAMES = {PNG: "PNG", JPEG: "JPEG", GIF: "GIF", WEBP: "WEBP", HEIC: "HEIF"}
_SENT_AS_IT_IS = (PNG, JPEG, GIF)
_JPEG_QUALITY = 92
_one_at_a_time = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A clean picture, ready to be sent: PNG, JPEG or GIF. Sizes in pixels; the thumbnail is a WEBP."""

    format: Format
    width: int
    height: int
    data: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)


def clean_picture(source: BinaryIO, kind: Format, *, smaller: bool = False) -> CleanPicture:
    """The picture in these bytes, whose beginning says that it is of this kind.

    What it weighs in pixels and frames is looked at before anything is decoded. With `smaller` it becomes a copy of
    at most `limits.SMALLER_SIDE` pixels; an animation then keeps its first picture. Raises FileRefused.
    """
    with _one_at_a_time, _in_words():
        image = _open_image(source, kind)
        _check_size(*image.size)
        if kind is GIF and not smaller:
            return _clean_gif(source, image)
        _check_frames(image)
        return _clean_still(image, kind, smaller=smaller)


def _open_image(source: BinaryIO, kind: Format) -> Image.Image:
    """The picture with its header read and nothing decoded. Only the plug-in for this kind is tried."""
    if kind is HEIC:
        import pillow_heif  # only who sends such a picture waits for its library, and spends the memory

        pillow_heif.register_heif_opener(thumbnails=False)
    if kind is WEBP:
        source.seek(0)
        _check_size(*_webp_size(source.read(30)))  # its plug-in makes room for the pixels before it says how many
    source.seek(0)
    return Image.open(source, formats=[_PILLOW_NAMES[kind]])


def _webp_size(head: bytes) -> tuple[int, int]:
    """Width and height as the first chunk of a WEBP says them."""
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


def _check_size(width: int, height: int) -> None:
    if width * height > limits.MOST_PIXELS or max(width, height) > limits.LONGEST_SIDE:
        raise FileRefused(
            _(
                "This picture has %(width)s × %(height)s pixels. At most %(most)s million are taken, and %(side)s on "
                "one side: make it smaller first."
            )
            % {
                "width": width,
                "height": height,
                "most": limits.MOST_PIXELS // 1_000_000,
                "side": limits.LONGEST_SIDE,
            }
        )


def _check_frames(image: Image.Image) -> None:
    frames = int(getattr(image, "n_frames", 1)) if image.format != "GIF" else 1
    if frames > limits.MOST_FRAMES:
        raise _too_many_frames()


def _too_many_frames() -> FileRefused:
    return FileRefused(_("This animation has more than %(most)s pictures: shorten it.") % {"most": limits.MOST_FRAMES})


def _clean_gif(source: BinaryIO, image: Image.Image) -> CleanPicture:
    """The animation with its pictures as they are, each decoded once to see that it can be."""
    source.seek(0)
    try:
        data, frames, size = gif.clean_gif(source, most_frames=limits.MOST_FRAMES)
    except gif.TooManyFrames:
        raise _too_many_frames() from None
    _check_size(*size)
    if image.width * image.height * frames > limits.MOST_ANIMATED_PIXELS:
        raise FileRefused(
            _("This animation is too large: %(frames)s pictures of %(width)s × %(height)s pixels.")
            % {"frames": frames, "width": image.width, "height": image.height},
            smaller_helps=True,
        )
    if len(data) > limits.MOST_PICTURE_BYTES:
        raise too_large(len(data))
    again = _open_image(io.BytesIO(data), GIF)
    thumbnail = b""
    for frame in range(frames):
        again.seek(frame)
        again.load()
        thumbnail = thumbnail or _thumbnail(_plain(again))
    return CleanPicture(GIF, image.width, image.height, data, thumbnail)


def _clean_still(image: Image.Image, kind: Format, *, smaller: bool) -> CleanPicture:
    lossless = kind in (PNG, GIF) or (kind is WEBP and _is_lossless(image))
    tables = _jpeg_tables(image)
    if smaller:
        image.draft("RGB", (limits.SMALLER_SIDE, limits.SMALLER_SIDE))
    image.load()
    seen = _plain(image)
    if smaller:
        seen.thumbnail((limits.SMALLER_SIDE, limits.SMALLER_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        lossless, tables = False, {}
    target = PNG if lossless or _is_transparent(seen) else JPEG
    data = _encode(seen, target, tables if kind is JPEG else {})
    if len(data) > limits.MOST_PICTURE_BYTES and target is PNG and kind not in _SENT_AS_IT_IS:
        target, data = JPEG, _encode(_on_white(seen), JPEG, {})
    if len(data) > limits.MOST_PICTURE_BYTES:
        raise too_large(len(data))
    return CleanPicture(target, seen.width, seen.height, data, _thumbnail(seen))


def too_large(size: int) -> FileRefused:
    """The refusal of a picture of so many bytes, for which a smaller copy is the way out."""
    return FileRefused(
        _("This picture has %(size)s MB. The answer service takes at most %(most)s MB.")
        % {
            "size": f"{size / limits.MEGABYTE:.1f}",
            "most": limits.MOST_PICTURE_BYTES // limits.MEGABYTE,
        },
        smaller_helps=True,
    )


def _plain(image: Image.Image) -> Image.Image:
    """What one sees, upright, in the colours of the web and in a mode that PNG knows; nothing else that came along."""
    colours = image.info.get("icc_profile")
    seen = ImageOps.exif_transpose(image)
    transparency = seen.info.get("transparency")
    if seen.mode.startswith("I"):
        seen = seen.convert("I").point(lambda value: value * (1 / 257)).convert("L")  # from 16 bits to 8
        transparency = None
    elif seen.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        seen = _convert(seen, colours, "RGBA" if seen.mode in ("PA", "La", "RGBa") else "RGB")
    elif colours and seen.mode in ("RGB", "RGBA"):
        seen = _convert(seen, colours, seen.mode)
    seen.info = {} if transparency is None else {"transparency": transparency}
    return seen


def _convert(image: Image.Image, colours: bytes | None, mode: str) -> Image.Image:
    """The picture in sRGB. A profile that cannot be used changes colours a little and is no reason to refuse."""
    if colours:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(colours))
            found = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode=mode)
            return found or image.convert(mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert(mode)


def _encode(image: Image.Image, target: Format, tables: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    if target is PNG:
        image.save(out, "PNG")
    else:
        image = image if image.mode in ("L", "RGB") else image.convert("RGB")
        image.save(out, "JPEG", **(tables or {"quality": _JPEG_QUALITY}))
    return out.getvalue()


def _jpeg_tables(image: Image.Image) -> dict[str, Any]:
    """How the JPEG was written, so that writing it again loses next to nothing."""
    tables = getattr(image, "quantization", None)
    if not tables or image.mode not in ("L", "RGB") or len(tables) > 2:
        return {}
    sampling = JpegImagePlugin.get_sampling(image) if image.mode == "RGB" else -1
    return {"qtables": tables, **({"subsampling": sampling} if sampling >= 0 else {})}


def _thumbnail(image: Image.Image) -> bytes:
    small = image.convert("RGBA" if _is_transparent(image) else "RGB")
    small.thumbnail((limits.THUMBNAIL_SIDE, limits.THUMBNAIL_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80)
    return out.getvalue()


def _is_transparent(image: Image.Image) -> bool:
    if "transparency" in image.info:
        return True
    if image.mode not in ("LA", "RGBA"):
        return False
    least = image.getchannel("A").getextrema()[0]
    return not isinstance(least, tuple) and least < 255


def _is_lossless(image: Image.Image) -> bool:
    """Whether a WEBP keeps every pixel: its first chunk of pixels says so."""
    stream = getattr(image, "fp", None)
    if stream is None:
        return False
    stream.seek(0)
    return b"VP8L" in stream.read(64)


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")


@contextmanager
def _in_words() -> Iterator[None]:
    """Refuse, in words, whatever a decoder cannot read, however it says so."""
    try:
        yield
    except FileRefused:
        raise
    except Image.DecompressionBombError:
        raise FileRefused(
            _("This picture has far too many pixels. At most %(most)s million are taken: make it smaller first.")
            % {"most": limits.MOST_PIXELS // 1_000_000}
        ) from None
    except MemoryError:
        raise FileRefused(_("This picture needs more memory than there is: make it smaller first.")) from None
    except Exception as fault:
        raise FileRefused(_("This picture is damaged or incomplete, and cannot be read.")) from fault
