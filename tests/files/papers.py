"""Documents with words in them, written by the libraries that people's programs use, and faulty ones."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import docx
import pptx
from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from tests.files.samples import pdf


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word(*pages: str, heading: str = "", rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A Word document whose author broke these pages, with a heading above and a table below."""
    made = docx.Document()
    if heading:
        made.add_heading(heading, 2)
    for number, text in enumerate(pages):
        if number:
            made.add_page_break()
        made.add_paragraph(text)
    if rows:
        table = made.add_table(len(rows), len(rows[0]))
        for row, values in zip(table.rows, rows, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    return _saved(made)


def slides(*told: tuple[str, str, str]) -> bytes:
    """A presentation: title, text and notes of each slide."""
    made = pptx.Presentation()
    for title, text, notes in told:
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, text
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    return _saved(made)


def sheets(**named: list[list[Any]]) -> bytes:
    """A workbook of sheets with these names and rows."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in named.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return _saved(made)


def encrypted(data: bytes, *, user: str, owner: str = "owner", algorithm: str = "AES-256") -> bytes:
    """The PDF behind a password; an empty one for the user lets everybody read it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user, owner, algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def repacked(data: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The Office document with some of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, changes.get(part.filename, bytes)(old.read(part)))
    return out.getvalue()


def with_entities(data: bytes, part: str) -> bytes:
    """The Office document with a part whose entities grow by ten with each step: a billion laughs."""
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE l [<!ENTITY l0 "ha">{steps}]>'.encode()

    def bomb(content: bytes) -> bytes:
        at = content.index(b"?>") + 2 if content.startswith(b"<?") else 0
        return content[:at] + declared + content[at:].replace(b"The light", b"&l9;")

    return repacked(data, {part: bomb})


def with_blanks(data: bytes, part: str, size: int) -> Callable[[], bytes]:
    """Makes the Office document with so many bytes of nothing in a part, which pack to a thousandth: in a second, which
    only the test that needs it should spend."""
    return lambda: repacked(data, {part: lambda content: content + b" " * size})


def laid_out_pdf(*pages: list[tuple[int, int, str]], titles: tuple[tuple[str, int], ...] = ()) -> bytes:
    """A PDF with each text at its place, in points from the lower left corner, and a list of contents: titles with the
    pages, from 0, that they lead to."""
    writer = PdfWriter()
    blank = PdfReader(io.BytesIO(pdf("x"))).pages[0]
    for texts in pages:
        content = DecodedStreamObject()
        drawn = "".join(f"BT /F1 9 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in texts)
        content.set_data(drawn.encode("latin-1"))
        writer.add_page(blank)[NameObject("/Contents")] = writer._add_object(content)
    for title, page in titles:
        writer.add_outline_item(title=title, page_number=page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def laborious_pdf(pages: int, words: int) -> bytes:
    """A PDF of pages with so many words drawn one by one, which pack to next to nothing and take long to read."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("x"))))
    content = DecodedStreamObject()
    content.set_data(b"BT /F1 12 Tf 72 720 Td " + b"(light) Tj 1 0 Td " * words + b"ET")
    packed = writer._add_object(content.flate_encode())
    writer.pages[0][NameObject("/Contents")] = packed
    for _ in range(pages - 1):
        writer.add_page(writer.pages[0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def endless_pdf(times: int = 60) -> bytes:
    """A PDF of one page that draws the same millions of strokes of nothing so many times, half a second each."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("x"))))
    drawing = StreamObject()
    drawing.set_data(b"0 g " * 5_000_000)
    drawing.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([NumberObject(value) for value in (0, 0, 9, 9)]),
        }
    )
    name = NameObject("/Again")
    writer.pages[0]["/Resources"][NameObject("/XObject")] = DictionaryObject(
        {name: writer._add_object(drawing.flate_encode())}
    )
    content = DecodedStreamObject()
    content.set_data(b"/Again Do " * times)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def heavy_word(paragraphs: int) -> bytes:
    """A Word document of so many short paragraphs, each of which takes a hundred times its size in memory."""
    said = b"".join(b"<w:p><w:r><w:t>%d</w:t></w:r></w:p>" % number for number in range(paragraphs))
    return repacked(word("x"), {"word/document.xml": lambda old: old.replace(b"<w:sectPr", said + b"<w:sectPr", 1)})
