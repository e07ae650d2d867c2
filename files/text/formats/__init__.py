"""How each kind of document is read: a module for each kind, a row for each media type.

A module has one function, which takes the open file and returns an `Outline`, whose passages are read as they are
asked for. It runs in the process of `files.text.process` and nowhere else, and imports its library when it is called.
"""

from collections.abc import Callable, Mapping
from typing import BinaryIO

from files.formats import CSV, DOCX, HTML, MARKDOWN, PDF, PPTX, RTF, TXT, XLSX
from files.text.document_text import Problem
from files.text.formats.docx import open_docx
from files.text.formats.html import open_html
from files.text.formats.outline import Outline, Unreadable
from files.text.formats.pdf import open_pdf
from files.text.formats.plain import open_plain
from files.text.formats.pptx import open_pptx
from files.text.formats.rtf import open_rtf
from files.text.formats.xlsx import open_xlsx

__all__ = ["Outline", "Unreadable", "opener_of"]

_OPENERS: Mapping[str, Callable[[BinaryIO], Outline]] = {
    PDF.media_type: open_pdf,
    DOCX.media_type: open_docx,
    PPTX.media_type: open_pptx,
    XLSX.media_type: open_xlsx,
    TXT.media_type: open_plain,
    CSV.media_type: open_plain,
    MARKDOWN.media_type: open_plain,
    HTML.media_type: open_html,
    RTF.media_type: open_rtf,
}


def opener_of(media_type: str) -> Callable[[BinaryIO], Outline]:
    """What reads documents of this type. Raises Unreadable for those that nobody here can read."""
    if media_type not in _OPENERS:
        raise Unreadable(Problem.UNREADABLE)
    return _OPENERS[media_type]
