"""Documents: judged by their bytes and kept as they are. Their text is read elsewhere (`files.text`), in a process of
its own."""

import codecs
import struct
import zipfile
from typing import BinaryIO

from core.sentences import sentence as _
from files import limits
from files.errors import FileRefused
from files.formats import DOC, DOCX, HTML, OFFICE, PDF, PPTX, RTF, TEXTS, TXT, XLSX, Format

_PIECE = 256 * 1024
_END_OF_ZIP = b"PK\x05\x06"
_LONGEST_COMMENT = 65_535
_MAIN_PARTS = {"word/document.xml": DOCX, "ppt/presentation.xml": PPTX, "xl/workbook.xml": XLSX}
_PAGES = ("<!doctype html", "<html", "<head", "<body")
_MARKUP = ("<!doctype", "<svg", "<?xml", "<script")
_FINE = frozenset("\t\n\r\f\x1b")


def check_document(source: BinaryIO, kind: Format) -> Format:
    """Look closer at a document whose beginning says that it is of this kind; returns the kind that it is.

    Raises FileRefused.
    """
    source.seek(0)
    if kind in OFFICE:
        return _check_office(source)
    if kind in TEXTS:
        return _check_text(source, kind)
    if kind is DOC:
        _check_doc(source)
    if kind is PDF and not _ends_as_pdf(source):
        raise FileRefused(_("This PDF is incomplete: its end is missing."))
    if kind is RTF and not _holds(source, b"}"):
        raise FileRefused(_("This RTF document is incomplete: its end is missing."))
    return kind


def _check_doc(source: BinaryIO) -> None:
    """Office keeps all its older documents, and newer ones that are encrypted, in the same kind of file."""
    streams = ("WordDocument", "EncryptedPackage", "Workbook", "PowerPoint Document")
    found = next((name for name in streams if _holds(source, name.encode("utf-16-le"))), "")
    if found == "EncryptedPackage":
        raise FileRefused(_("This document is password-protected. Save a copy without a password and attach that."))
    if found in ("Workbook", "PowerPoint Document"):
        raise FileRefused(
            _("This isn’t a Word document but one from an older Excel or PowerPoint. Save it as XLSX or PPTX.")
        )
    if not found:
        raise FileRefused(
            _("This isn’t a Word document that can be read: it may be encrypted or from another program.")
        )


def _holds(source: BinaryIO, wanted: bytes) -> bool:
    source.seek(0)
    before = b""
    while piece := source.read(_PIECE):
        if wanted in before + piece:
            return True
        before = piece[-len(wanted) :]
    return False


def _ends_as_pdf(source: BinaryIO) -> bool:
    """Whether the mark at the end of a PDF is somewhere in its last kilobytes; programs append what they like to it."""
    size = source.seek(0, 2)
    source.seek(max(0, size - 4096))
    return b"%%EOF" in source.read()


def _check_office(source: BinaryIO) -> Format:
    if _directory_size(source) > limits.MOST_DIRECTORY_BYTES:
        raise FileRefused(_("This document has more parts than any Office document should."))
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as fault:
        raise FileRefused(_("This document is damaged or incomplete and can’t be read.")) from fault
    names = {member.filename for member in members}
    kind = next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
    if kind is None or "[Content_Types].xml" not in names:
        raise FileRefused(_("This is a ZIP archive, not a Word, PowerPoint or Excel document."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused(_("This document contains macros. Save it without them, as %(kind)s.") % {"kind": kind.label})
    if sum(member.file_size for member in members) > limits.MOST_UNPACKED_BYTES:
        raise FileRefused(_("This document would be too large once unpacked."))
    return kind


def _directory_size(source: BinaryIO) -> int:
    """How long the archive's list of contents says that it is, in bytes; read before anything reads that list."""
    size = source.seek(0, 2)
    source.seek(max(0, size - _LONGEST_COMMENT - 22))
    tail = source.read()
    at = tail.rfind(_END_OF_ZIP)
    if at < 0 or len(tail) < at + 22:
        raise FileRefused(_("This document is damaged or incomplete and can’t be read."))
    return int.from_bytes(tail[at + 12 : at + 16], "little")


def _check_text(source: BinaryIO, kind: Format) -> Format:
    """Which kind of text it is: in UTF-8 or UTF-16, whole, with nothing in it that is no text.

    What begins as a web page is one, whatever it is called; nothing else is."""
    head = source.read(4)
    source.seek(0)
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")()
    first, is_page = True, False
    try:
        while True:
            piece = source.read(_PIECE)
            text = decoder.decode(piece, final=not piece)
            beginning = text.lstrip()[:32].lower() if first else ""
            is_page = is_page or beginning.startswith(_PAGES)
            if beginning.startswith(_MARKUP) and not is_page:
                raise FileRefused(_("This is a drawing or data in XML format, which isn’t supported."))
            first = first and not text.strip()
            if any(sign < " " and sign not in _FINE for sign in set(text)):
                raise FileRefused(_("This file is neither a supported image nor a supported document."))
            if not piece:
                break
    except UnicodeDecodeError as fault:
        raise FileRefused(_("This text isn’t in UTF-8 or UTF-16. Save it as UTF-8.")) from fault
    return HTML if is_page else TXT if kind is HTML else kind
