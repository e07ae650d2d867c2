"""Joins PDFs that Typst wrote into one, with their links and outlines, in little memory whatever their number.

Typst writes plain objects behind each other and a table of where they are (ISO 32000-1, 7.5). So joining is copying
them under other numbers. A library would hold all of them at once.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_PAGES, _CATALOG, _OUTLINES, _FIRST_FREE = 1, 2, 3, 4
_HEAD = b"%PDF-1.7\n%\x80\x80\x80\x80\n"
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TABLE = re.compile(rb"xref\s+0 (\d+)\s+")
_TOKEN = re.compile(rb"\((?P<text>)|(?P<stream>stream\r?\n)|(?<![\d.])(?P<id>\d+) 0 R(?![A-Za-z0-9])")
_IN_TEXT = re.compile(rb"[\\()]")
_OBJECT = re.compile(rb"\s*(\d+) 0 obj\s*")
_ENTRY = 20  # bytes of a line of the table


class NotJoined(ValueError):
    """A file is not as Typst writes it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A file, and what of it is linked to the others. Its object n becomes `base` + n. `first` and `last` are the ends
    of its outline, 0 without one."""

    path: Path
    base: int
    size: int
    catalog: int
    pages: int
    page_count: int
    outlines: int
    first: int
    last: int
    entries: int
    language: bytes


def join(paths: Sequence[Path], out: BinaryIO) -> int:
    """Write them as one file, in their order; returns how many pages it has. Raises NotJoined, and what files raise."""
    parts: list[_Part] = []
    base = _FIRST_FREE
    for path in paths:
        parts.append(_look_at(path, base))
        base += parts[-1].size
    written = _Written(out)
    for place, part in enumerate(parts):
        before = parts[place - 1] if place else None
        after = parts[place + 1] if place + 1 < len(parts) else None
        _copy(part, written, before=before, after=after)
    count = sum(part.page_count for part in parts)
    kids = b" ".join(b"%d 0 R" % (part.base + part.pages) for part in parts)
    written.add(_PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids))
    ends = [part for part in parts if part.first]
    outlines = b""
    if ends:
        first, last = ends[0].base + ends[0].first, ends[-1].base + ends[-1].last
        entries = sum(part.entries for part in ends)
        written.add(_OUTLINES, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (first, last, entries))
        outlines = b"/Outlines %d 0 R" % _OUTLINES
    written.add(_CATALOG, b"<</Type/Catalog/Pages %d 0 R%s%s>>" % (_PAGES, outlines, parts[0].language))
    written.end(base)
    return count


def page_count(path: Path) -> int:
    """How many pages a file has. Raises NotJoined."""
    return _look_at(path, 0).page_count


class _Written:
    """The file that is written, and where each object begins."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = out.write(_HEAD)
        self._offsets = array("Q")

    def add(self, number: int, body: bytes) -> None:
        """Write an object."""
        self.place(number)
        self.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def place(self, number: int) -> None:
        """An object begins here."""
        while len(self._offsets) <= number:
            self._offsets.append(0)
        self._offsets[number] = self._at

    def write(self, data: bytes) -> None:
        """Write on."""
        self._at += self._out.write(data)

    def end(self, size: int) -> None:
        """Write the table of objects and the trailer."""
        start = self._at
        self.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for number in range(1, size):
            at = self._offsets[number] if number < len(self._offsets) else 0
            self.write(b"%010d 00000 n \n" % at if at else b"0000000000 00000 f \n")
        self.write(b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, _CATALOG, start))


def _look_at(path: Path, base: int) -> _Part:
    data = path.read_bytes()
    offsets, trailer = _table_of(data)

    def head(number: int) -> bytes:
        return data[offsets[number] : offsets[number] + 4_000_000].split(b"endobj", 1)[0]

    catalog = _number(rb"/Root (\d+) 0 R", trailer)
    root = head(catalog)
    pages = _number(rb"/Pages (\d+) 0 R", root)
    outlines = _number(rb"/Outlines (\d+) 0 R", root, missing=0)
    outline = head(outlines) if outlines else b""
    language = re.search(rb"/Lang\([A-Za-z-]{1,20}\)", root)
    return _Part(
        path=path,
        base=base,
        size=len(offsets),
        catalog=catalog,
        pages=pages,
        page_count=_number(rb"/Count (\d+)", head(pages)),
        outlines=outlines,
        first=_number(rb"/First (\d+) 0 R", outline, missing=0),
        last=_number(rb"/Last (\d+) 0 R", outline, missing=0),
        entries=_number(rb"/Count (\d+)", outline, missing=0),
        language=language[0] if language else b"",
    )


def _number(pattern: bytes, data: bytes, *, missing: int | None = None) -> int:
    found = re.search(pattern, data)
    if found:
        return int(found[1])
    if missing is None:
        raise NotJoined(pattern.decode())
    return missing


def _table_of(data: bytes) -> tuple[list[int], bytes]:
    """Where each object begins, 0 for one that is not used, and the trailer."""
    start = _START.search(data, max(0, len(data) - 64))
    table = _TABLE.match(data, int(start[1])) if start else None
    if table is None:
        raise NotJoined("no table of objects")
    count, at = int(table[1]), table.end()
    lines = (data[at + _ENTRY * number : at + _ENTRY * (number + 1)] for number in range(count))
    return [int(line[:10]) if line[17:18] == b"n" else 0 for line in lines], data[at + _ENTRY * count :]


def _copy(part: _Part, written: _Written, *, before: _Part | None, after: _Part | None) -> None:
    """Copy the objects of a part. Its tree of pages hangs below that of the whole, and its outline goes on from that of
    the part before."""
    data = part.path.read_bytes()
    offsets, _trailer = _table_of(data)
    order = sorted((at, number) for number, at in enumerate(offsets) if at)
    ends = [at for at, _number_ in order[1:]] + [data.rindex(b"xref", 0, data.rindex(b"startxref"))]
    for (at, number), end in zip(order, ends, strict=True):
        if number in (part.catalog, part.outlines):
            continue
        found = _OBJECT.match(data, at)
        if found is None or int(found[1]) != number:
            raise NotJoined(f"object {number}")
        written.place(part.base + number)
        written.write(b"%d 0 obj\n" % (part.base + number))
        body = data[found.end() : end]
        more = b""
        if number == part.pages:
            more = b"/Parent %d 0 R" % _PAGES
        if number == part.first and before and before.last:
            more += b"/Prev %d 0 R" % (before.base + before.last)
        if number == part.last and after and after.first:
            more += b"/Next %d 0 R" % (after.base + after.first)
        if more and body[:2] == b"<<":
            written.write(b"<<" + more)
            body = body[2:]
        for piece in _renumbered(body, part):
            written.write(piece)


def _renumbered(body: bytes, part: _Part) -> Iterator[bytes]:
    """The object with its references to others renumbered; nothing in texts and streams is one."""
    at = 0
    found = _TOKEN.search(body)
    while found:
        if found["stream"]:
            break
        if found["id"]:
            number = int(found["id"])
            to = _OUTLINES if number == part.outlines else part.base + number
            yield body[at : found.start()]
            yield b"%d 0 R" % to
            at = found.end()
            found = _TOKEN.search(body, at)
        else:
            found = _TOKEN.search(body, _end_of_text(body, found.end()))
    yield body[at:]


def _end_of_text(body: bytes, at: int) -> int:
    """Where a text in round brackets ends, which may have such brackets in it."""
    depth = 1
    while depth:
        sign = _IN_TEXT.search(body, at)
        if sign is None:
            raise NotJoined("a text without end")
        at = sign.end() + (sign[0] == b"\\")
        depth += {b"(": 1, b")": -1}.get(sign[0], 0)
    return at
