"""What the packed documents of Office have in common: a look at the package before a library opens it.

They are archives of XML. The standard (ECMA-376, part 2) allows no document type in them, so that whatever declares
one, and with it entities that could expand without end, is no document.
"""

import zipfile
from typing import BinaryIO

from files import limits
from files.text.document_text import Problem
from files.text.formats.outline import Unreadable

_TEXT_PARTS = (".xml", ".rels", ".vml")
_LOOKED_AT = 64 * 1024  # bytes of each part; a document type stands before everything else
_DECLARATIONS = ("<!DOCTYPE", "<!ENTITY")
_PACKED_BEHIND_A_PASSWORD = 1
_SUSPICIOUS_SIZE = 16 * limits.MEGABYTE
_SUSPICIOUS_RATIO = 200  # XML that says something packs to a fiftieth at best


def check_package(source: BinaryIO) -> None:
    """Raise Unreadable for a package that would unpack or expand beyond measure."""
    source.seek(0)
    with zipfile.ZipFile(source) as archive:
        if any(part.flag_bits & _PACKED_BEHIND_A_PASSWORD for part in archive.infolist()):
            raise Unreadable(Problem.ENCRYPTED)
        parts = [part for part in archive.infolist() if part.filename.lower().endswith(_TEXT_PARTS)]
        if sum(part.file_size for part in parts) > limits.MOST_XML_BYTES or any(map(_is_bomb, parts)):
            raise Unreadable(Problem.BOMB)
        for part in parts:
            with archive.open(part) as stream:
                if _declares(stream.read(_LOOKED_AT)):
                    raise Unreadable(Problem.BOMB)
    source.seek(0)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SUSPICIOUS_SIZE and part.file_size > _SUSPICIOUS_RATIO * max(part.compress_size, 1)


def _declares(head: bytes) -> bool:
    bare = head.replace(b"\0", b"")  # in UTF-16 every other byte is nothing
    return any(declaration.encode() in bare for declaration in _DECLARATIONS)
