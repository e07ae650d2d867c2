"""Text as it is: TXT, Markdown and CSV, which models read best as people wrote them."""

import codecs
import io
from typing import BinaryIO

from files.text.formats.outline import Outline, parts_of


def open_plain(source: BinaryIO) -> Outline:
    """The lines of a text in UTF-8 or UTF-16."""
    return Outline("line", parts_of(line.rstrip("\n") for line in decoded(source)))


def decoded(source: BinaryIO) -> io.TextIOWrapper:
    """The text, to be read line by line."""
    head = source.read(4)
    source.seek(0)
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return io.TextIOWrapper(source, encoding="utf-16" if wide else "utf-8-sig", errors="replace")
