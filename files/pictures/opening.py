"""A picture as it came: measured by its header, then decoded with as few copies of its pixels as libraries allow."""

from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from PIL import Image, JpegImagePlugin

from files import limits
from files.formats import GIF, HEIC, JPEG, PNG, WEBP, Format
from files.pictures.refusals import Reason, Refused

_PILLOW_NAMES = {PNG: "PNG", JPEG: "JPEG", GIF: "GIF", WEBP: "WEBP"}
_ORIENTATION = 0x0112  # of Exif
_RUNS_ONLY = 3  # zlib's Z_RLE


class Pixels(Protocol):
    """Decoded pixels, of which a part can be had. Sizes in pixels."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""

    @property
    def mode(self) -> str:
        """What a pixel is made of, as Pillow calls it."""

    def crop(self, box: tuple[int, int, int, int]) -> Image.Image:
        """The part from left, top to right, bottom."""


@dataclass(slots=True)
class Opened:
    """A decoded picture and what came with it that matters: which way it stands (1 to 8, as Exif has it), its colour
    profile, which colour is transparent, and how the JPEG or PNG was written, as options for Pillow. `size` is that of
    the file: the pixels may be a JPEG's, decoded smaller."""

    kind: Format
    size: tuple[int, int]
    pixels: Pixels | None = field(repr=False)
    orientation: int = 1
    profile: bytes | None = field(default=None, repr=False)
    transparency: Any = None
    written_as: dict[str, Any] = field(default_factory=dict, repr=False)
    is_lossless: bool = False

    def take(self) -> Any:
        """The pixels, which are given away: whoever has them drops them when they are of no more use."""
        pixels, self.pixels = self.pixels, None
        return pixels


def open_picture(source: BinaryIO, kind: Format, *, side: int = 0) -> Opened:
    """The picture. With `side`, one of fewer pixels is enough, as long as its longer side has so many.

    Raises Refused before anything is decoded, and whatever the libraries raise.
    """
    if kind is HEIC:
        return _open_heic(source)
    image = check_header(source, kind)
    size = image.size
    lossless = kind in (PNG, GIF) or (kind is WEBP and _is_lossless(source))
    written_as = _jpeg_tables(image) if kind is JPEG else _png_packing(source, image) if kind is PNG else {}
    if side:
        image.draft("RGB", (side, side))
    image.load()
    opened = Opened(
        kind=kind,
        size=size,
        pixels=image,
        orientation=_orientation(image),
        profile=image.info.get("icc_profile"),
        transparency=image.info.get("transparency"),
        written_as=written_as,
        is_lossless=lossless,
    )
    image.info = {} if opened.transparency is None else {"transparency": opened.transparency}
    return opened


def check_header(source: BinaryIO, kind: Format) -> Image.Image:
    """The picture with nothing decoded. Only the plug-in for this kind is tried. Raises Refused by its size."""
    source.seek(0)
    if kind is WEBP:
        width, height = _webp_size(source.read(30))  # its plug-in makes room for the pixels before it says how many
        check_size(width, height, most=limits.MOST_WEBP_PIXELS)
        source.seek(0)
    image = Image.open(source, formats=[_PILLOW_NAMES[kind]])
    check_size(*image.size)
    if kind is not GIF and int(getattr(image, "n_frames", 1)) > limits.MOST_FRAMES:
        raise Refused(Reason.FRAMES)
    return image


def check_size(width: int, height: int, *, most: int = limits.MOST_PIXELS) -> None:
    """Raises Refused where these are too many pixels: more than any picture may have, or than one of this kind."""
    if width * height > limits.MOST_PIXELS or max(width, height) > limits.LONGEST_SIDE:
        raise Refused(Reason.PIXELS, width=width, height=height)
    if width * height > most:
        raise Refused(Reason.PIXELS_OF_KIND, width=width, height=height, most=most // 1_000_000)


def _open_heic(source: BinaryIO) -> Opened:
    import pillow_heif  # only who sends such a picture waits for its library, and spends the memory

    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = False
    source.seek(0)
    found = pillow_heif.open_heif(source, convert_hdr_to_8bit=True)
    check_size(*found.size, most=limits.MOST_HEIC_PIXELS)
    if len(found) > limits.MOST_FRAMES:
        raise Refused(Reason.FRAMES)
    image = found[found.primary_index]
    # The library has turned it upright, whatever its notes say.
    profile: Any = image.info.get("icc_profile")
    return Opened(kind=HEIC, size=found.size, pixels=_HeicPixels(image), profile=profile)


class _HeicPixels:
    """The pixels where the library left them: as an image of Pillow's they would be there twice."""

    def __init__(self, image: Any) -> None:
        self.size: tuple[int, int] = image.size
        self.mode: str = image.mode
        self._rows = memoryview(image.data)
        self._stride: int = image.stride

    def crop(self, box: tuple[int, int, int, int]) -> Image.Image:
        left, top, right, bottom = box
        rows = self._rows[top * self._stride : bottom * self._stride]
        whole = Image.frombuffer(self.mode, (self.size[0], bottom - top), rows, "raw", self.mode, self._stride, 1)  # type: ignore[arg-type]
        return whole.crop((left, 0, right, bottom - top))


def _webp_size(head: bytes) -> tuple[int, int]:
    """Width and height as the first chunk of a WEBP says them."""
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


def _is_lossless(source: BinaryIO) -> bool:
    """Whether a WEBP keeps every pixel: its first chunk of pixels says so."""
    at = source.tell()
    source.seek(0)
    head = source.read(64)
    source.seek(at)
    return b"VP8L" in head


def _jpeg_tables(image: Image.Image) -> dict[str, Any]:
    """How the JPEG was written, so that writing it again loses next to nothing."""
    tables = getattr(image, "quantization", None)
    if not tables or image.mode not in ("L", "RGB") or len(tables) > 2:
        return {}
    sampling = JpegImagePlugin.get_sampling(image) if image.mode == "RGB" else -1
    return {"qtables": tables, **({"subsampling": sampling} if sampling >= 0 else {})}


def _png_packing(source: BinaryIO, image: Image.Image) -> dict[str, Any]:
    """How a PNG is packed again. One that took more than half a byte for each pixel has a grain, as photographs have:
    what repeats in it are single bytes, and looking for more takes twice the time and gains nothing."""
    at = source.tell()
    size = source.seek(0, 2)
    source.seek(at)
    return {"compress_type": _RUNS_ONLY} if 2 * size > image.width * image.height else {}


def _orientation(image: Image.Image) -> int:
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except MemoryError:
        raise
    except Exception:  # what a camera noted is no picture, and no reason to refuse one
        return 1
    return found if found in range(1, 9) else 1
