"""PDF, page by page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from files.text.document_text import Passage, Problem
from files.text.formats.outline import Outline, Unreadable

if TYPE_CHECKING:
    from pypdf import PdfReader


def open_pdf(source: BinaryIO) -> Outline:
    """The pages. One that nobody may change but everybody may read is opened, one with a password to read it is not."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    reader = PdfReader(source, strict=False)
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(Problem.ENCRYPTED)
        count = len(reader.pages)
    except FileNotDecryptedError:
        raise Unreadable(Problem.ENCRYPTED) from None
    if not count:
        raise Unreadable(Problem.DAMAGED)
    return Outline("page", _passages(reader), count)


def _passages(reader: "PdfReader") -> Iterator[Passage]:
    for number, page in enumerate(reader.pages, start=1):
        try:
            text = page.extract_text()
        except MemoryError:
            raise
        except Exception:
            text = ""  # one page that cannot be read takes no other with it
        yield Passage(number, text)
