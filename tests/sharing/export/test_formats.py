"""What stands in the files, in every format, whatever the answers and titles say."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator

import docx
import pypdfium2
import pytest
from django.utils import timezone
from lxml import etree, html

from chat.rendering import to_html
from sharing.export.blocks import Paragraph, blocks_of, plain
from sharing.export.content import Export, ExportedAnswer, ExportedConversation, ExportedQuestion, SourceLine
from sharing.export.formats import FORMATS, NotWritten
from sharing.export.formats import pdf as pdf_format
from tests.chat.rendering.hostile import EVERY_PAYLOAD

AT = timezone.now().replace(year=2026, month=3, day=1)
NASTY = [
    "=cmd|' /C calc'!A0",
    "]]></w:t><script>alert(1)</script>",
    '</style><img src=x onerror="alert(1)">',
    "} }, @comment{x\\input{/etc/passwd}",
    "a\r\nER  - \r\nTY  - JOUR",
    '#import "/etc/passwd" #panic() $x$ @label <label> \\u{41}',
    "\x00\x01\x08\ufffe\ud800 controls \u202e reversed",
    "# A heading\n\n---\n\n```\nopen fence",
]


class Source:
    """As the renderer wants one."""

    def __init__(self, number: int, title: str, url: str) -> None:
        self.number, self.title, self.url = number, title, url


def export(*texts: str, title: str = "Lights", note: str = "", still: object = None) -> Export:
    """An export of one conversation with an answer for each text; source 2 is not cited."""

    def parts() -> Iterator[ExportedConversation | ExportedQuestion]:
        yield ExportedConversation(title, "Team", "Alice", AT, "https://parley.example/c/1/")
        for text in texts:
            sources = [Source(1, title, "https://one.example/?a=1&b=2"), Source(2, "Two", "https://two.example/")]
            shown = to_html(text, sources=sources, anchor="a")
            lines = [SourceLine(str(one.number), one.title, one.url, "2025-03-01", one.number == 1) for one in sources]
            answer = ExportedAnswer(text, shown, lines, "sonar", "Alice", AT, state_note=note, check="1 of 2 found")
            yield ExportedQuestion(title, [answer], "Bob", AT, files=[title])

    return Export(title, parts(), AT, title)


def file_of(name: str, made: Export) -> bytes:
    out = io.BytesIO()
    FORMATS[name].write(made, out)
    return out.getvalue()


def pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


TEXT = r"""# Tides

They **rise** [1], and [2] says `a|b`. Not [9].

| Place | Range |
|---|---:|
| Brest | 7 m [1] |

3. three
4. four
   - deeper

> quoted

$$\int_0^1 x\,dx$$
"""


def test_a_word_document_has_real_headings_tables_lists_and_links() -> None:
    document = docx.Document(io.BytesIO(file_of("docx", export(TEXT, note="This answer was stopped."))))

    names = {one.text: one.style.name for one in document.paragraphs}
    assert names["Lights"] == "Heading 3"
    assert names["Tides"] == "Heading 5"
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows][1] == ["Brest", "7 m [1]"]
    xml = zipfile.ZipFile(io.BytesIO(file_of("docx", export(TEXT)))).read("word/document.xml").decode()
    assert xml.count('w:anchor="s1_1"') == 2
    assert xml.count('w:anchor="s1_2"') == 1
    assert 'w:name="s1_1"' in xml
    assert "<m:oMath>" in xml
    assert "This answer was stopped." in names
    assert any(one.text.startswith("[2] Two") for one in document.paragraphs)
    numbering = zipfile.ZipFile(io.BytesIO(file_of("docx", export(TEXT)))).read("word/numbering.xml").decode()
    assert '<w:startOverride w:val="3"/>' in numbering


def test_a_pdf_has_numbered_pages_links_and_formulas_and_says_what_is_not_finished() -> None:
    data = file_of("pdf", export(TEXT, note="This answer was stopped."))

    text = pdf_text(data)
    assert "Tides" in text
    assert "This answer was stopped." in text
    assert "1 / 1" in text
    assert "Retrieved, but not cited" in text
    assert b"https://one.example/?a=1&b=2" in data
    assert re.search(r"rise\s+\[1\]", text)


def test_a_long_pdf_is_set_in_parts_that_make_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_format, "PART", 1_000)

    data = file_of("pdf", export("First [1].", "Second [1].", "Third [1].", title="Lights (at 12 0 R) \\( sea"))

    text = pdf_text(data)
    assert [text.index(word) for word in ("First", "Second", "Third")] == sorted(
        text.index(word) for word in ("First", "Second", "Third")
    )
    assert b"https://one.example/" in data
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 3
    outline = [(one.get_title(), one.get_dest().get_index()) for one in document.get_toc()]
    assert outline[-3:] == [("Lights (at 12 0 R) \\( sea", page) for page in range(3)]
    assert data.count(b"/Subtype/Link") == 1 + 3 * 3  # to the conversation, and for each answer a mark and two sources


def test_markdown_says_the_same_when_it_is_rendered_again() -> None:
    made = file_of("markdown", export(TEXT)).decode()

    again = to_html(made.replace("\\[9\\]", "9"))
    assert "<table" in again
    assert '<ol start="3"' in again
    assert "<blockquote" in again
    assert "<math" in again
    assert "[\\[1\\]](<https://one.example/?a=1&b=2>)" in made
    assert "- \\[2\\] [Two](<https://two.example/>)" in made


@pytest.mark.parametrize("text", [*NASTY, "A line\nand + another\n1. no list\n\n* * *", "**a**b *c* `` ` `` <b>x</b>"])
def test_what_an_answer_says_is_the_same_after_a_trip_through_markdown(text: str) -> None:
    before = [plain(one.runs) for one in blocks_of(to_html(text)) if isinstance(one, Paragraph)]

    made = file_of("markdown", export(text)).decode()
    body = made.split("#### Answer")[1].split("**Sources**")[0].split("\n\n", 2)[2]

    assert [plain(one.runs) for one in blocks_of(to_html(body)) if isinstance(one, Paragraph)] == before


def test_nothing_hostile_is_more_than_text_in_any_format() -> None:
    for title in NASTY:
        made = {name: file_of(name, export("Fine [1].", title, title=title)) for name in FORMATS if name != "pdf"}

        page = html.fromstring(made["html"].decode())
        assert {one.tag for one in page.iter() if isinstance(one.tag, str)} <= set(HARMLESS.split())
        assert not [name for one in page.iter() for name in one.attrib if name.startswith("on")]
        etree.fromstring(zipfile.ZipFile(io.BytesIO(made["docx"])).read("word/document.xml"))
        docx.Document(io.BytesIO(made["docx"]))
        rows = list(csv.reader(io.StringIO(made["csv"].decode().lstrip("\ufeff"))))
        assert len(rows) == 5
        assert not [cell for row in rows[1:] for cell in row if re.match(r"[=+@-]\D", cell)]
        assert made["bibtex"].decode().count("@online{") == 2
        assert len(re.findall(r"(?m)^@", made["bibtex"].decode())) == 2
        assert len(re.findall(r"(?m)^TY  - ", made["ris"].decode())) == 2
        assert json.loads(made["json"])["conversations"][0]["questions"]


FORMULAS = [
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n@A1",
    '"=1+1',
    "＝1+1",
    "a\t=2",
    "x;=3",
]


@pytest.mark.parametrize("sign", FORMULAS)
def test_no_cell_of_a_table_is_computed(sign: str) -> None:
    made = file_of("csv", export("Fine [1].", title=sign)).decode().lstrip("\ufeff")

    cells = [cell for row in list(csv.reader(io.StringIO(made)))[1:] for cell in row]
    assert len(cells) == 2 * 7
    pieces = [piece.lstrip(' "') for cell in cells for piece in re.split(r"[\t\r\n;,|]", cell)]
    assert not [piece for piece in pieces if piece[:1] and piece[:1] in "=+-@＝"]


def test_a_word_document_has_no_field_no_macro_and_leads_to_pages_alone() -> None:
    texts = [
        *NASTY,
        "{ DDEAUTO c:\\\\windows\\\\calc.exe }",
        "[a](file:///etc/passwd) [b](javascript:x) [c](https://c.example/)",
    ]

    package = zipfile.ZipFile(io.BytesIO(file_of("docx", export(*texts, title=NASTY[0]))))

    assert not [name for name in package.namelist() if "vba" in name.lower() or "embed" in name.lower()]
    for name in package.namelist():
        if name.endswith((".xml", ".rels")):
            tree = etree.fromstring(package.read(name))
            names = {etree.QName(one).localname for one in tree.iter("*")}
            assert not names & {"instrText", "fldSimple", "fldChar", "altChunk", "object", "control"}
            outside = [one.get("Target", "") for one in tree.iter("*") if one.get("TargetMode") == "External"]
            assert not [address for address in outside if not address.startswith("https://")]


def test_what_looks_like_a_program_of_typst_is_printed_as_it_was_written() -> None:
    text = '#import "/etc/passwd" #panic() #read("plan.json") #sys.inputs'

    shown = " ".join(pdf_text(file_of("pdf", export(f"Said: {text}", title=text))).split())

    assert f"Said: {text}" in shown
    assert "root:" not in shown


def test_lists_of_references_have_the_fields_that_they_should_and_no_others() -> None:
    for title in [*NASTY, "}}, url = {x}, note = {", "A\nUR  - https://evil.example/", "a % b \\\\write18{id} {", "{"]:
        bibtex = file_of("bibtex", export("Fine [1].", title=title)).decode()
        bare = re.sub(r"\\[{}]", "", bibtex)
        assert bare.count("{") == bare.count("}")
        names = re.findall(r"(?m)^  (\w+) = \{", bibtex)
        assert names == ["title", "url", "urldate", "date", "year"] * 2
        assert not re.findall(r"\\(?!textbackslash|textascii|[{}$&%#_])", bibtex)
        ris = file_of("ris", export("Fine [1].", title=title)).decode().split("\r\n")
        tags = [line[:6] for line in ris if line]
        assert tags == ["TY  - ", "TI  - ", "UR  - ", "PY  - ", "DA  - ", "Y2  - ", "ER  - "] * 2


HARMLESS = (
    "html head meta title style body main h1 h2 h3 h4 h5 h6 p a span div ul ol li blockquote pre code table tr th td "
    "hr br strong em s u sub sup mark small figure figcaption input math mrow mi mo mn"
)
ACTIVE = "script iframe object embed form base link svg img video template button textarea"


def test_every_payload_goes_through_every_format_at_once() -> None:
    texts = ["\n\n".join(EVERY_PAYLOAD[at : at + 60]) for at in range(0, len(EVERY_PAYLOAD), 60)]

    for name in ("html", "docx", "markdown", "pdf"):
        made = file_of(name, export(*texts, *NASTY))
        assert made
        if name == "html":
            page = html.fromstring(made.decode())
            assert not list(page.iter(*ACTIVE.split()))
            assert not page.xpath("//@style | //@onerror | //a[starts-with(@href, 'javascript')]")


def test_a_page_of_html_loads_nothing_and_says_in_which_language_it_is() -> None:
    made = file_of("html", export(TEXT)).decode()

    assert "default-src 'none'" in made
    assert '<html lang="en" dir="ltr">' in made
    assert 'href="#s1-1"' in made
    assert 'id="s1-1"' in made
    assert "<math" in made


def test_what_cannot_be_set_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_format, "LONGEST", -1)
    monkeypatch.setattr(pdf_format, "PATIENCE", 0.001)

    with pytest.raises(NotWritten):
        file_of("pdf", export(TEXT))
