"""What an upload is: its bytes decide, its name only has to fit."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from core.sentences import sentence as _
from core.web.formats import number
from files import documents, limits, pictures
from files.errors import FileRefused
from files.formats import HEAD, PICTURE_NAMES, Format, document_format, picture_format, text_format

LONGEST_NAME = 120  # characters
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """What was found, and what is to be kept: the picture's new bytes, or the document as it came.

    `original_sha256` is the hash of what came, `size` the bytes that are kept. Pixels are 0 for documents.
    """

    format: Format
    name: str
    source: BinaryIO
    original_sha256: str
    size: int
    picture: pictures.CleanPicture | None = None

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.picture.width if self.picture else 0

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.picture.height if self.picture else 0


def judge(source: BinaryIO, *, name: str, smaller: bool = False) -> JudgedFile:
    """Judge the bytes, from their beginning to their end. With `smaller` a picture becomes a smaller copy of itself.

    `name` is what the sender calls it. Raises FileRefused with a sentence.
    """
    size = source.seek(0, 2)
    source.seek(0)
    head = source.read(HEAD)
    if not size:
        raise FileRefused(_("This file is empty."))
    if size > limits.MOST_UPLOAD_BYTES:
        raise FileRefused(
            _("This file is %(size)s MB. The maximum is %(most)s MB.")
            % {"size": number(size / limits.MEGABYTE, places=1), "most": limits.MOST_UPLOAD_BYTES // limits.MEGABYTE}
        )
    found = picture_format(head)
    if found:
        if size > limits.MOST_PICTURE_BYTES and not smaller:
            raise pictures.too_large(size)
        picture = pictures.clean_picture(source, found, smaller=smaller)
        return JudgedFile(
            format=picture.format,
            name=file_name_for(name, picture.format),
            source=source,
            original_sha256=_sha256(source),
            size=len(picture.data),
            picture=picture,
        )
    ending = _ending(name)
    if ending in PICTURE_NAMES:
        raise FileRefused(
            _(
                "This file is named like an image, but it isn’t one. Supported formats are PNG, JPEG, GIF, WEBP "
                "and HEIC."
            )
        )
    kind = document_format(head) or text_format(ending)
    if kind is None or size > limits.MOST_FILE_BYTES:
        raise FileRefused(
            _(
                "This file is neither an image (PNG, JPEG, GIF, WEBP, HEIC) nor a document (PDF, Word, "
                "PowerPoint, Excel, RTF, text, Markdown, CSV, HTML)."
            )
        )
    kind = documents.check_document(source, kind)
    return JudgedFile(
        format=kind, name=file_name_for(name, kind), source=source, original_sha256=_sha256(source), size=size
    )


def file_name_for(name: str, kind: Format) -> str:
    """The name without folders and invisible characters, ending as files of this kind do."""
    bare = re.split(r"[/\\]", name)[-1]
    bare = "".join(sign for sign in bare if unicodedata.category(sign)[0] != "C").rstrip(" .")
    stem, ending = bare[: -len(_ending(bare)) or None], _ending(bare)
    ending = ending if ending in kind.endings else kind.ending
    return f"{stem.strip(' .')[: LONGEST_NAME - len(ending)] or _('file')}{ending}"


def _ending(name: str) -> str:
    found = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return found[0].lower() if found else ""


def _sha256(source: BinaryIO) -> str:
    source.seek(0)
    found = hashlib.sha256()
    while piece := source.read(_PIECE):
        found.update(piece)
    source.seek(0)
    return found.hexdigest()
