"""Documents: told by their bytes, kept as they came."""

import io

import pytest

import files
from files import limits
from files.formats import PPTX, XLSX
from tests.files.samples import PDF, RTF, doc, docx, packed


def judged(data: bytes, name: str = "paper") -> files.JudgedFile:
    return files.judge(io.BytesIO(data), name=name)


def refusal(data: bytes, name: str = "paper") -> str:
    with pytest.raises(files.FileRefused) as caught:
        judged(data, name)
    return caught.value.sentence


@pytest.mark.parametrize(
    ("data", "called", "name", "media_type"),
    [
        (PDF, "report.pdf", "report.pdf", "application/pdf"),
        (b"\xef\xbb\xbf\n" + PDF, "report", "report.pdf", "application/pdf"),
        (PDF, "report.docx", "report.pdf", "application/pdf"),
        (RTF, "letter.rtf", "letter.rtf", "application/rtf"),
        (doc(), "letter.doc", "letter.doc", "application/msword"),
        (docx(), "letter.zip", "letter.docx", None),
        ("Grüße 🚢\r\n\tTab".encode(), "notes.txt", "notes.txt", "text/plain"),
        ("Grüße".encode("utf-16"), "notes.txt", "notes.txt", "text/plain"),
        ("\ufeffGrüße".encode(), "notes.txt", "notes.txt", "text/plain"),
        (b"kept by hand", "keeper.LOG", "keeper.log", "text/plain"),
        (b"# Notes", "notes.md", "notes.md", "text/markdown"),
        (b"a,b\n1,2\n", "table.csv", "table.csv", "text/csv"),
        (b"\n <!DOCTYPE html><p>Light", "page.htm", "page.htm", "text/html"),
        (b"<html>", "notes.txt", "notes.html", "text/html"),
        (b"words", "page.html", "page.txt", "text/plain"),
        (packed("xl/workbook.xml", "[Content_Types].xml"), "letter.docx", "letter.xlsx", XLSX.media_type),
        (packed("ppt/presentation.xml", "[Content_Types].xml"), "talk", "talk.pptx", PPTX.media_type),
    ],
)
def test_documents_are_told_by_their_bytes(data: bytes, called: str, name: str, media_type: str | None) -> None:
    found = judged(data, called)

    assert (found.name, found.size, found.width, found.picture) == (name, len(data), 0, None)
    assert found.format.media_type == media_type or media_type is None
    assert found.source.read() == data


@pytest.mark.parametrize(
    ("data", "called", "why"),
    [
        (b"", "notes.txt", "empty"),
        (b"words\0words", "notes.txt", "neither a supported image nor a supported document"),
        (b"words \xff\xfe words", "notes.txt", "isn’t in UTF-8"),
        ("Grüße".encode("latin-1"), "notes.txt", "isn’t in UTF-8"),
        (b"words \x07", "notes.txt", "neither a supported image nor a supported document"),
        ("Grüße".encode("utf-16")[:-1], "notes.txt", "isn’t in UTF-8"),
        (b"words", "run.exe", "neither an image"),
        (b"<svg/>", "notes.md", "XML"),
        (b"<?xml version='1.0'?><svg/>", "page.html", "XML"),
        (b"MZ\x90\0", "notes.exe", "neither an image"),
        (PDF[:-7], "report.pdf", "incomplete"),
        (RTF[:-1], "letter.rtf", "incomplete"),
        (doc("Workbook"), "table.doc", "older Excel or PowerPoint. Save it as XLSX"),
        (doc("PowerPoint Document"), "talk.ppt", "older Excel or PowerPoint"),
        (doc("Something"), "drawing.vsd", "isn’t a Word document"),
        (doc("EncryptedPackage"), "letter.docx", "password-protected"),
        (packed("xl/workbook.xml"), "letter.docx", "ZIP archive"),
        (packed("xl/workbook.xml", "[Content_Types].xml", "xl/vbaProject.bin"), "table.xlsm", "macros. Save it"),
        (packed("a.txt"), "letter.docx", "ZIP archive"),
        (docx("word/vbaProject.bin"), "letter.docx", "macros"),
        (docx()[:-30], "letter.docx", "damaged"),
        (b"PK\x03\x04" + bytes(100), "letter.docx", "damaged"),
    ],
)
def test_other_files_are_refused_with_a_reason(data: bytes, called: str, why: str) -> None:
    assert why in refusal(data, called)


def test_fifty_megabytes_are_taken_and_one_byte_more_is_not() -> None:
    assert limits.MOST_FILE_BYTES == 50 * 1024 * 1024
    room = limits.MOST_FILE_BYTES - len(PDF)
    assert judged(PDF[:-6] + bytes(room) + PDF[-6:], "report.pdf").size == limits.MOST_FILE_BYTES

    assert "50 MB" in refusal(PDF[:-6] + bytes(room + 1) + PDF[-6:], "report.pdf")


def test_a_list_of_contents_that_would_fill_the_memory_is_not_read() -> None:
    data = bytearray(docx())
    at = data.rindex(b"PK\x05\x06")
    data[at + 12 : at + 16] = (limits.MOST_DIRECTORY_BYTES + 1).to_bytes(4, "little")

    assert "more parts than any" in refusal(bytes(data), "letter.docx")


def test_a_document_that_would_unpack_without_end_is_refused() -> None:
    data = bytearray(docx())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (limits.MOST_UNPACKED_BYTES + 1).to_bytes(4, "little")

    assert "once unpacked" in refusal(bytes(data), "letter.docx")
