"""Why a picture is not taken: a reason and its figures where it is decoded, a sentence where somebody reads it."""

from collections.abc import Mapping
from enum import StrEnum

from core.sentences import sentence as _
from core.web.formats import number
from files import limits
from files.errors import FileRefused


class Reason(StrEnum):
    """What is wrong with a picture."""

    PIXELS = "pixels"
    PIXELS_OF_KIND = "pixels_of_kind"  # so many are taken of other kinds, but not of this one
    BOMB = "bomb"  # so many pixels that the library does not look at it
    FRAMES = "frames"
    ANIMATION = "animation"
    BYTES = "bytes"
    DAMAGED = "failed"  # these three are how the work of decoding ends, too (files.isolation.Outcome)
    TOO_HEAVY = "too_heavy"
    TOO_SLOW = "too_slow"


class Refused(Exception):
    """The picture is not taken, for this reason. The figures belong to its sentence."""

    def __init__(self, reason: Reason, **figures: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.figures = figures


def refusal(reason: Reason, figures: Mapping[str, int], *, smaller_helps: bool = False) -> FileRefused:
    """The refusal in a sentence that says what to do, in the reader's language.

    `smaller_helps` tells whether a smaller copy is worth a try where memory was what it lacked.
    """
    if reason is Reason.BYTES:
        return too_large(figures["size"])
    most = limits.MOST_PIXELS // 1_000_000
    known = {"most": most, "side": limits.LONGEST_SIDE, "frames": limits.MOST_FRAMES, **figures}
    sentences = {
        Reason.PIXELS: _(
            "This image is %(width)s × %(height)s pixels. The maximum is %(most)s million pixels, and %(side)s "
            "per side. Make it smaller first."
        ),
        Reason.PIXELS_OF_KIND: _(
            "This image is %(width)s × %(height)s pixels. The maximum for this kind of file is %(most)s million "
            "pixels. Save it as JPEG or PNG, or make it smaller first."
        ),
        Reason.BOMB: _("This image has far too many pixels. The maximum is %(most)s million. Make it smaller first."),
        Reason.FRAMES: _("This animation has more than %(frames)s frames. Shorten it."),
        Reason.ANIMATION: _("This animation is too large: %(frames)s frames of %(width)s × %(height)s pixels."),
        Reason.DAMAGED: _("This image is damaged or incomplete and can’t be read."),
        Reason.TOO_HEAVY: _(
            "Opening this image takes too much memory. Make it smaller first, or save it as a JPEG that isn’t "
            "progressive."
        ),
        Reason.TOO_SLOW: _("Opening this image takes too long. Make it smaller first."),
    }
    helps = reason is Reason.ANIMATION or (smaller_helps and reason is Reason.TOO_HEAVY)
    return FileRefused(sentences[reason] % known, smaller_helps=helps)


def too_large(size: int) -> FileRefused:
    """The refusal of a picture of so many bytes, for which a smaller copy is the way out."""
    return FileRefused(
        _("This image is %(size)s MB. The answer service accepts at most %(most)s MB.")
        % {
            "size": number(size / limits.MEGABYTE, places=1),
            "most": limits.MOST_PICTURE_BYTES // limits.MEGABYTE,
        },
        smaller_helps=True,
    )
