"""Images as files that say where they come from: one alone, or several in one archive."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from files import FileMissing
from imaging import access, provenance
from imaging.models import GeneratedImage
from imaging.storage import store

MISSING = "not-included.txt"
_PIECE = 64 * 1024  # bytes
_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif"}


def file_name(image: GeneratedImage) -> str:
    """A name for a file: the prompt's first words, and a part of the id so that no two are the same."""
    words = re.sub(r"[^\w]+", "-", image.prompt[:200], flags=re.UNICODE).strip("-_")[:60].rstrip("-_")
    return f"{words or _('image')}-{image.pk.hex[-6:]}{_ENDINGS.get(image.media_type, '')}"


def file_content(image: GeneratedImage) -> bytes:
    """The picture's bytes with its provenance in them. Raises FileMissing."""
    data = store.read(image.sha256)
    return provenance.with_provenance(data, image.media_type, provenance.provenance_of(image))


def archive(*, ids: Sequence[UUID], by: User) -> Iterator[bytes]:
    """A ZIP archive of the images in pieces, of which one picture at a time is in memory.

    Whether the person may see an image is looked at when its turn comes. What is gone by then is named in a text at the
    end, so that nobody takes the archive for complete.
    """
    sink, missing = _Sink(), []
    with zipfile.ZipFile(sink, "w") as packed:
        for number, image_id in enumerate(ids, start=1):
            try:
                image = access.readable_image(by, image_id)
            except Http404:
                missing.append(_("Image %(id)s: deleted, or no longer visible to you") % {"id": image_id})
                continue
            try:
                content = file_content(image)
            except FileMissing:
                missing.append(f"{file_name(image)}: {_no_file(image)}")
                continue
            with packed.open(_entry(f"{number:03}-{file_name(image)}"), "w") as entry:
                for start in range(0, len(content), _PIECE):
                    entry.write(content[start : start + _PIECE])
                    yield sink.take()
        if missing:
            head = _("These images could not be included:")
            packed.writestr(_entry(MISSING), "\n".join([head, "", *missing, ""]))
    yield sink.take()


def _no_file(image: GeneratedImage) -> str:
    """Why there are no bytes."""
    if image.has_picture:
        return _("This image is no longer available.")
    if image.state == GeneratedImage.State.DRAWING:
        return _("This image isn’t drawn yet.")
    return _("This image couldn’t be drawn.")


def _entry(name: str) -> zipfile.ZipInfo:
    """A file in the archive, stored as it is: pictures do not get smaller."""
    return zipfile.ZipInfo(name, date_time=timezone.localtime().timetuple()[:6])


class _Sink:
    """What an archive is written to: keeps what nobody has taken yet, and cannot go back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep the bytes."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        """What was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
