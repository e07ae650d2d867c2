"""PDF, page by page, with the titles of its own list of contents marked as headings.

PDFium reads it, the library inside Chromium, built without JavaScript and forms: nothing in a document runs. It is
twenty times as fast as what is written in Python.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from files.text.document_text import Passage, Problem
from files.text.formats.outline import Outline, Unreadable
from files.text.formats.pdf_columns import by_columns

_NOT_DECRYPTED = (4, 5)  # fpdfview.h: FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_MOST_TITLES = 5_000
_DEEPEST_TITLE = 6
_BROKEN_WORD = re.compile(r"(\w{0,60})\ufffe(\w?)")  # a bound, so that no page takes long
_NO_LETTER = re.compile(r"[\W_]+")


def open_pdf(source: BinaryIO) -> Outline:
    """The pages. One that nobody may change but everybody may read is opened, one with a password to read it is not."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as fault:
        closed = getattr(fault, "err_code", None) in _NOT_DECRYPTED
        raise Unreadable(Problem.ENCRYPTED if closed else Problem.DAMAGED) from None
    count = len(document)
    if not count:
        raise Unreadable(Problem.DAMAGED)
    return Outline("page", _passages(document, count), count)


def _passages(document: Any, count: int) -> Iterator[Passage]:
    titles = _titles_by_page(document)
    for index in range(count):
        yield Passage(index + 1, _with_headings(_text_of(document, index), titles.get(index, {})))


def _text_of(document: Any, index: int) -> str:
    """The text of a page; of one that cannot be read nothing, so that it takes no other with it."""
    import pypdfium2

    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return ""
    try:
        words = page.get_textpage()
        try:
            text = by_columns(words, words.get_text_range(), *page.get_size())
        finally:
            words.close()
    except pypdfium2.PdfiumError:
        return ""
    finally:
        page.close()  # or the document keeps every page until it is closed itself
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _BROKEN_WORD.sub(_joined, text) if "\ufffe" in text else text


def _joined(broken: "re.Match[str]") -> str:
    """A word that a hyphen broke at the end of a line. The hyphen stays where it is likely to be part of the word."""
    before, after = broken.groups()
    own = not after or not after.islower() or not before or before[-1].isdigit()
    return f"{before}-{after}" if own else before + after


def _titles_by_page(document: Any) -> dict[int, dict[str, int]]:
    """The titles of the list of contents that begin on each page (from 0), as they are compared, with their levels."""
    import pypdfium2

    found: dict[int, dict[str, int]] = {}
    try:
        for entry in islice(document.get_toc(max_depth=_DEEPEST_TITLE), _MOST_TITLES):
            place = entry.get_dest()
            index = place.get_index() if place else None
            if index is not None and (title := _bare(entry.get_title())):
                found.setdefault(index, {}).setdefault(title, entry.level + 1)
    except (pypdfium2.PdfiumError, UnicodeError, ValueError):
        return found
    return found


def _with_headings(text: str, titles: dict[str, int]) -> str:
    """The text, in which lines that are one of these titles become headings, and nothing else is one. A number before a
    title is none of it, and a title may go on in the next line."""
    lines = [f" {line}" if line.startswith("#") else line for line in text.split("\n")]
    left, marked, at = dict(titles), [], 0
    while at < len(lines):
        size = _lines_of_title(lines[at : at + 2], left) if left else 0
        if size:
            title = " ".join(line.strip() for line in lines[at : at + size])
            marked.append(f"{'#' * left.pop(_bare(title))} {title}")
        else:
            marked.append(lines[at])
        at += size or 1
    return "\n".join(marked)


def _lines_of_title(lines: list[str], titles: dict[str, int]) -> int:
    """How many of these lines are one of the titles; 0 when none is."""
    first = _bare(lines[0])
    if first in titles:
        return 1
    two = _bare(" ".join(lines)) if first and any(title.startswith(first) for title in titles) else ""
    return 2 if two in titles else 0


def _bare(title: str) -> str:
    """A title without what programs write differently: blanks, signs, and the number before it."""
    words = [word for word in _NO_LETTER.split(title.casefold()) if word]
    while len(words) > 1 and (words[0].isdigit() or words[0] in ("chapter", "section")):
        words.pop(0)
    return "".join(words)
