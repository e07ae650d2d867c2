"""Has a picture decoded elsewhere, and says in words what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from files import limits
from files.formats import JPEG, Format, format_of
from files.isolation import Bounds, Ended, Outcome, Runner
from files.pictures.refusals import Reason, refusal

BOUNDS = Bounds(
    cpu=limits.MOST_JUDGING_CPU,
    time=limits.MOST_JUDGING_TIME,
    memory=limits.MOST_JUDGING_MEMORY,
    output=2 * limits.MOST_PIXELS * 4,  # bytes: what is spooled on its way from one form to another
)
runner = Runner("files.pictures.process", "PIL.GifImagePlugin", "PIL.PngImagePlugin", "PIL.WebPImagePlugin")


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A clean picture, ready to be sent: PNG, JPEG or GIF. Sizes in pixels; the thumbnail is a WEBP. `grey` is the
    picture on white, shrunk to as many grey pixels as were asked for, a byte for each, row by row."""

    format: Format
    width: int
    height: int
    data: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)
    grey: bytes = field(repr=False)


def clean_picture(
    source: BinaryIO, kind: Format, *, smaller: bool = False, grey: tuple[int, int] = (0, 0)
) -> CleanPicture:
    """The picture in these bytes, whose beginning says that it is of this kind.

    What it weighs in pixels and frames is looked at before anything is decoded. With `smaller` it becomes a copy of
    at most `limits.SMALLER_SIDE` pixels; an animation then keeps its first picture. `grey` asks for so many grey
    pixels, whatever the picture's proportions. Raises FileRefused, or OSError when it cannot be looked at now.
    """
    work = runner.run(
        "files.pictures.process:clean",
        source,
        bounds=BOUNDS,
        media_type=kind.media_type,
        smaller=smaller,
        grey=[*grey],
    )
    with work as ended:
        found = _found(ended, smaller_helps=kind is JPEG and not smaller)
        becomes = format_of(found["media_type"])
        assert becomes
        data, thumbnail, small = (ended.output.read(size) for size in found["sizes"])
        return CleanPicture(becomes, found["width"], found["height"], data, thumbnail, small)


def shrink_picture(source: BinaryIO, kind: Format, *, copies: Sequence[tuple[int, int]]) -> list[bytes]:
    """Copies of the picture as WEBP, for each longest side (pixels) and quality (0 to 100) one; an animation stands
    still. A picture that is smaller does not grow. Raises FileRefused, or OSError when it cannot be looked at now."""
    work = runner.run(
        "files.pictures.process:shrink", source, bounds=BOUNDS, media_type=kind.media_type, copies=[*copies]
    )
    with work as ended:
        return [ended.output.read(size) for size in _found(ended, smaller_helps=False)["sizes"]]


def _found(ended: Ended, *, smaller_helps: bool) -> dict[str, Any]:
    """What the process says of the picture. Raises FileRefused."""
    if ended.outcome is not Outcome.FINISHED:
        raise refusal(Reason(ended.outcome.value), {}, smaller_helps=smaller_helps)
    found: dict[str, Any] = ended.value
    if "refused" in found:
        raise refusal(Reason(found["refused"]), found["figures"])
    return found
