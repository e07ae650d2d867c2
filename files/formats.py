"""What the first bytes of a file say that it is. Decoding has the last word on pictures."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["image", "file"]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that is taken: its name in words, its media type, and how its names end."""

    label: str
    media_type: str
    endings: tuple[str, ...]
    kind: Kind

    @property
    def ending(self) -> str:
        """How a name given by us ends."""
        return self.endings[0]


PNG = Format("PNG", "image/png", (".png",), "image")
JPEG = Format("JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), "image")
GIF = Format("GIF", "image/gif", (".gif",), "image")
WEBP = Format("WEBP", "image/webp", (".webp",), "image")
HEIC = Format("HEIC", "image/heic", (".heic", ".heif"), "image")

PDF = Format("PDF", "application/pdf", (".pdf",), "file")
DOC = Format("DOC", "application/msword", (".doc",), "file")
DOCX = Format("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",), "file")
PPTX = Format("PPTX", "application/vnd.openxmlformats-officedocument.presentationml.presentation", (".pptx",), "file")
XLSX = Format("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",), "file")
RTF = Format("RTF", "application/rtf", (".rtf",), "file")
TXT = Format("TXT", "text/plain", (".txt", ".text", ".log"), "file")
MARKDOWN = Format("Markdown", "text/markdown", (".md", ".markdown"), "file")
CSV = Format("CSV", "text/csv", (".csv", ".tsv"), "file")
HTML = Format("HTML", "text/html", (".html", ".htm"), "file")

PICTURES = (PNG, JPEG, GIF, WEBP, HEIC)
OFFICE = (DOCX, PPTX, XLSX)  # archives, told by what is in them
TEXTS = (TXT, MARKDOWN, CSV, HTML)  # told by their names, if they are text at all
DOCUMENTS = (PDF, DOC, *OFFICE, RTF, *TEXTS)
PICTURE_NAMES = tuple(ending for one in PICTURES for ending in one.endings)

HEAD = 1024  # bytes that are looked at

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def picture_format(head: bytes) -> Format | None:
    """The kind of picture that begins like this; None for what is no picture that is taken."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and _brands(head) & _HEIC_BRANDS and b"avif" not in _brands(head):
        return HEIC
    return None


def document_format(head: bytes) -> Format | None:
    """The kind of document that begins like this. Text has no beginning of its own and is None, and of archives only
    their contents tell which kind they are: DOCX stands for all."""
    if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        return PDF
    if head.startswith(_OLE):
        return DOC
    if head.startswith(b"PK\x03\x04"):
        return DOCX
    if head.startswith(b"{\\rtf"):
        return RTF
    return None


def _brands(head: bytes) -> frozenset[bytes]:
    """The brands in the first box of an ISO media file: the main one, and those it is compatible with."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return frozenset({head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))})


def text_format(ending: str) -> Format | None:
    """The kind of text whose names end like this."""
    return next((one for one in TEXTS if ending in one.endings), None)


def format_of(media_type: str) -> Format | None:
    """The kind of file with this media type."""
    return next((one for one in (*PICTURES, *DOCUMENTS) if one.media_type == media_type), None)
