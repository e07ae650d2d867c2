"""The text of documents: with its pages, whatever the library makes of it, and never without bounds."""

import io
import time
from collections.abc import Callable

import pytest

from files.formats import CSV, DOC, DOCX, HTML, MARKDOWN, PDF, PPTX, RTF, TXT, XLSX, Format
from files.text import SPACE_BOUNDS, Bounds, DocumentText, Passage, Problem, read_text, sentence_about
from tests.files import papers
from tests.files.samples import docx, pdf


def read(data: bytes, kind: Format, bounds: Bounds | None = None) -> DocumentText:
    return read_text(io.BytesIO(data), media_type=kind.media_type, bounds=bounds or Bounds())


def test_a_pdf_by_its_pages() -> None:
    found = read(pdf("The light (on Varn).", "", "Grüße from the keeper"), PDF)

    assert (found.unit, found.count, found.problem) == ("page", 3, Problem.NONE)
    assert found.passages == (Passage(1, "The light (on Varn)."), Passage(3, "Grüße from the keeper"))
    assert found.excerpt(1000).text == "[Page 1]\nThe light (on Varn).\n\n[Page 3]\nGrüße from the keeper"


def test_titles_of_a_pdfs_list_of_contents_are_headings_and_nothing_else_is() -> None:
    page = [(72, 700, "1.2 The Lamps"), (72, 680, "# burns"), (72, 660, "Three of them.")]
    more = [(72, 700, "# not a heading"), (72, 680, "Keepers, and those"), (72, 668, "who were some")]
    titles = (("The lamps", 0), ("Keepers, and those who were some", 1))
    found = read(papers.laid_out_pdf(page, more, titles=titles), PDF)

    assert [one.text for one in found.passages] == [
        "# 1.2 The Lamps\n # burns\nThree of them.",
        " # not a heading\n# Keepers, and those who were some",
    ]


def test_a_word_that_a_pdf_broke_is_whole() -> None:
    lines = ["An inter-", "national light, of the North-", "South line, kept since 18-", "98."]
    page = [(72, 700 - 12 * number, line) for number, line in enumerate(lines)]
    assert (
        read(papers.laid_out_pdf(page), PDF).passages[0].text.startswith("An international light, of the North-South")
    )


def columns(left: list[str], right: list[str]) -> bytes:
    """Lines that a program wrote across two columns, one after the other."""
    pairs = zip(left, right, strict=True)
    return papers.laid_out_pdf(
        [
            (x, 750 - 12 * number, text)
            for number, pair in enumerate(pairs)
            for x, text in zip((40, 320), pair, strict=True)
        ]
    )


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [f"the keeper of the light writes in line {number} of" for number in range(40)]
    right = [f"a boat that came in from the sea with {number} crates" for number in range(40)]
    text = read(columns(left, right), PDF).passages[0].text
    assert text.index(left[-1]) < text.index(right[0])


def test_rows_of_a_table_stay_together() -> None:
    left = [f"{1800 + number}" for number in range(40)]
    right = [f"the keeper of the light, {number} lamps, and {number} litres of oil" for number in range(40)]
    text = read(columns(left, right), PDF).passages[0].text
    assert text.index(right[0]) < text.index(left[1])


def test_how_many_pages_have_no_text_is_known() -> None:
    assert read(pdf("One", "", "Three", ""), PDF).without_text == 2
    assert read(papers.slides(("Lights", "", "")), PPTX).without_text == 0


def test_code_in_a_web_page_keeps_its_lines_and_has_no_headings() -> None:
    page = (
        b"<html><body><h2>Lamps</h2><pre># light them\nfor lamp in lamps:\n    lamp.light()</pre><p>Done</body></html>"
    )
    assert read(page, HTML).excerpt(1_000).text == "## Lamps\n # light them\nfor lamp in lamps:\n    lamp.light()\nDone"


def test_a_page_with_hundreds_of_thousands_of_characters_is_read() -> None:
    words = [(20, 790 - number % 780, f"lamp{number} of Varn " * 30) for number in range(1_500)]
    found = read(papers.laid_out_pdf(words), PDF, SPACE_BOUNDS)
    assert found.problem is Problem.NONE
    assert found.characters > 100_000


def test_a_word_document_by_the_pages_that_its_author_broke() -> None:
    found = read(papers.word("One 🚢", "Two", heading="Lights", rows=(("year", "lamps"), ("1998", "3"))), DOCX)

    assert (found.unit, found.count) == ("page", 2)
    assert found.passages == (Passage(1, "## Lights\nOne 🚢"), Passage(2, "Two\n| year | lamps\n| 1998 | 3"))


def test_pages_as_word_saw_them_come_before_those_that_were_broken_by_hand() -> None:
    mark = b"<w:r><w:lastRenderedPageBreak/></w:r>"
    changes = {"word/document.xml": lambda old: old.replace(b"<w:r><w:t>Two", mark + b"<w:r><w:t>Two")}
    found = read(papers.repacked(papers.word("One", "Two"), changes), DOCX)
    assert [(one.number, one.text) for one in found.passages] == [(1, "One"), (2, "Two")]


def test_a_word_document_without_pages_is_read_in_parts() -> None:
    found = read(papers.word("The light is kept. " * 20), DOCX)
    assert (found.unit, found.count, found.problem) == ("part", 0, Problem.NONE)
    assert found.excerpt(1000).text.startswith("The light is kept.")


def test_a_presentation_by_its_slides_with_the_notes() -> None:
    found = read(papers.slides(("Lights", "Three lamps", "Say it slowly"), ("End", "Thanks", "")), PPTX)

    assert (found.unit, found.count) == ("slide", 2)
    assert found.passages == (
        Passage(1, "Lights\nThree lamps\n\nNotes: Say it slowly"),
        Passage(2, "End\nThanks"),
    )


def test_a_workbook_by_its_sheets() -> None:
    found = read(papers.sheets(Lamps=[["year", "lamps"], [1998, 2.5], [None, None]], Keepers=[[None, "Ann"]]), XLSX)

    assert (found.unit, found.count) == ("sheet", 2)
    assert found.passages == (
        Passage(1, "year | lamps\n1998 | 2.5", "Lamps, rows 1–2"),
        Passage(2, "| Ann", "Keepers, rows 1–1"),
    )
    assert found.excerpt(1000).text.startswith("[Sheet 1: Lamps, rows 1–2]\nyear | lamps")


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        ("Grüße\n\nfrom Varn".encode("utf-16"), TXT, "Grüße\n\nfrom Varn"),
        (b"# Lights\n\n- one", MARKDOWN, "# Lights\n\n- one"),
        (b"\xef\xbb\xbfyear,lamps\r\n1998,3\r\n", CSV, "year,lamps\n1998,3"),
        (
            b"<!doctype html><title>Varn</title><style>p{}</style><h2>Lights &amp; lamps</h2>\n<p>One\n <b>bright</b> "
            b"one<ul><li>red<li>green</ul><table><tr><td>1<td>2</table><script>evil()</script>",
            HTML,
            "Varn\n## Lights & lamps\nOne bright one\n- red\n- green\n| 1 | 2",
        ),
        (
            rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x;}\f0 Gr\'fc\u223?e \u-10179?\u-8478?"
            rb"\b bold\b0\par two {\i it}\par}",
            RTF,
            "Grüße 🛢bold\ntwo it",
        ),
    ],
)  # fmt: skip
def test_other_texts_as_they_read(data: bytes, kind: Format, text: str) -> None:
    found = read(data, kind)
    assert found.problem is Problem.NONE
    assert found.excerpt(10_000).text == text


@pytest.mark.parametrize(
    ("data", "kind", "problem"),
    [
        (papers.encrypted(pdf("Secret"), user="lamp"), PDF, Problem.ENCRYPTED),
        (papers.encrypted(pdf("Secret"), user="lamp", algorithm="RC4-128"), PDF, Problem.ENCRYPTED),
        (pdf("", ""), PDF, Problem.NO_TEXT),
        (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n", PDF, Problem.DAMAGED),
        (b"%PDF-1.7\n" + bytes(range(256)) * 50, PDF, Problem.DAMAGED),
        (docx(), DOCX, Problem.DAMAGED),
        (papers.word("Light")[:-40], DOCX, Problem.DAMAGED),
        (papers.word(""), DOCX, Problem.NO_TEXT),
        (papers.sheets(Empty=[]), XLSX, Problem.NO_TEXT),
        (b" \n\n ", TXT, Problem.NO_TEXT),
        (b"\xd0\xcf\x11\xe0", DOC, Problem.UNREADABLE),
        (papers.with_entities(papers.word("The light"), "word/document.xml"), DOCX, Problem.BOMB),
        (papers.with_entities(papers.sheets(A=[["The light"]]), "xl/workbook.xml"), XLSX, Problem.BOMB),
        (papers.with_blanks(papers.word("Light"), "word/document.xml", 30_000_000), DOCX, Problem.BOMB),
        (papers.with_blanks(papers.slides(("a", "b", "")), "ppt/slides/slide1.xml", 210_000_000), PPTX, Problem.BOMB),
    ],
    ids=lambda value: getattr(value, "label", getattr(value, "value", "")),
)  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes | Callable[[], bytes], kind: Format, problem: Problem) -> None:
    data = data() if callable(data) else data
    started = time.monotonic()
    found = read(data, kind)

    assert (found.problem, found.passages) == (problem, ())
    assert sentence_about(found.problem)
    assert time.monotonic() - started < 15  # seconds; an expanded bomb would take minutes


def test_a_document_that_is_mostly_scanned_says_so_and_gives_what_it_has() -> None:
    found = read(pdf("Cover", "", ""), PDF)
    assert (found.problem, found.passages) == (Problem.MOSTLY_IMAGES, (Passage(1, "Cover"),))
    assert "More than half" in sentence_about(found.problem)
    assert read(pdf("One", "Two", ""), PDF).problem is Problem.NONE


def test_a_long_page_is_read_as_it_comes() -> None:
    found = read(b"<html><body>" + b"<p>The light is <b>kept</b>.\n" * 20_000, HTML, Bounds(text=50_000))
    assert (found.characters, found.problem) == (50_000, Problem.LENGTH)
    assert found.excerpt(10_000).text.startswith("The light is kept.\nThe light is kept.\n")


@pytest.mark.parametrize("algorithm", ["AES-256", "RC4-128"])
def test_a_pdf_that_nobody_may_change_can_be_read(algorithm: str) -> None:
    assert read(papers.encrypted(pdf("Light"), user="", algorithm=algorithm), PDF).passages == (Passage(1, "Light"),)


def test_beyond_two_thousand_pages_it_says_how_many_there_are() -> None:
    assert Bounds().pages == 2000
    found = read(pdf(*["x"] * 2001), PDF)
    assert (found.count, len(found.passages), found.problem) == (2001, 2000, Problem.PAGES)
    assert "has 2,001 pages. Only the first 2,000 are read" in sentence_about(found.problem, count=found.count)


def test_the_beginning_of_an_endless_text_is_read() -> None:
    found = read(b"light\n" * 10_000, TXT, Bounds(text=9_000))
    assert (found.characters, found.problem) == (9_000, Problem.LENGTH)


def test_what_takes_too_much_computing_keeps_the_pages_before() -> None:
    started = time.monotonic()
    found = read(papers.laborious_pdf(60, 200_000), PDF, Bounds(cpu=1))

    assert found.problem is Problem.TOO_SLOW
    assert 1 <= len(found.passages) < 60
    assert time.monotonic() - started < 30


def test_what_hangs_within_a_page_is_ended_by_the_system() -> None:
    started = time.monotonic()
    found = read(papers.endless_pdf(), PDF, Bounds(cpu=1))
    assert (found.problem, found.passages) == (Problem.TOO_SLOW, ())
    assert time.monotonic() - started < 30


def test_the_clock_ends_it_too() -> None:
    started = time.monotonic()
    found = read(papers.endless_pdf(), PDF, Bounds(time=1))
    assert found.problem is Problem.TOO_SLOW
    assert time.monotonic() - started < 15


def test_what_takes_too_much_memory_is_told_from_what_is_damaged() -> None:
    data = papers.heavy_word(300_000)
    assert read(data, DOCX, Bounds(memory=160 * 2**20)).problem is Problem.TOO_HEAVY
    assert read(data, DOCX).problem is Problem.NONE


def test_an_excerpt_has_as_much_as_there_is_room_for() -> None:
    text = DocumentText("page", 3, tuple(Passage(number, f"Light {number} " * 100) for number in (1, 2, 3)))

    part = text.excerpt(1200)

    assert (part.first, part.last, part.whole) == (1, 2, False)
    assert len(part.text) <= 1200
    assert part.text.endswith("…")
    assert text.excerpt(10_000).whole
    assert text.excerpt(50).text == ""


def test_an_excerpt_of_lines_keeps_them_as_they_are() -> None:
    text = DocumentText("line", 0, (Passage(1, "a,b\n1,2"), Passage(3, "3,4")))
    assert text.excerpt(1000).text == "a,b\n1,2\n3,4"
    assert text.excerpt(1000).last == 3


def test_what_is_kept_comes_back() -> None:
    text = DocumentText("sheet", 2, (Passage(2, "Grüße 🚢", "Costs"),), Problem.LENGTH)
    assert DocumentText.from_bytes(text.to_bytes()) == text
    for broken in (b"", b"words", text.to_bytes()[:-9], b"\x1f\x8b" + bytes(30)):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
            DocumentText.from_bytes(broken)
