"""The text of uploads: read when they come, kept beside them, and told in words."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from accounts.models import User
from chat.attachments import texts
from chat.models import Attachment
from files.text import DocumentText, Passage, Problem
from tests.chat.attachments.uploads import client_of, sent, uploaded
from tests.files import papers
from tests.files.samples import PDF, pdf
from tests.questions import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def test_a_tile_tells_kind_pages_and_size(alice: User) -> None:
    files = [
        ("report.pdf", pdf("One", "Two", "Three")),
        ("talk.pptx", papers.slides(("Lights", "Lamps", ""))),
        ("table.xlsx", papers.sheets(A=[[1]], B=[[2]])),
        ("notes.md", b"# Notes"),
    ]

    html = words(sent(client_of(alice), *files).content.decode())

    assert re.search(r"report\.pdf PDF, 3 pages, [\d.]+", html)
    assert re.search(r"talk\.pptx PPTX, 1 slide, [\d.]+", html)
    assert re.search(r"table\.xlsx XLSX, 2 sheets, [\d.]+", html)
    assert re.search(r"notes\.md Markdown, 7 bytes", html.replace("\xa0", " "))
    assert set(Attachment.objects.values_list("text_problem", flat=True)) == {""}
    assert Attachment.objects.get(name="report.pdf").characters == len("OneTwoThree")


@pytest.mark.parametrize(
    ("name", "content", "sentence", "problem"),
    [
        ("scan.pdf", pdf("", ""), "This document has no text, only images.", "no_text"),
        ("long.pdf", pdf(*["x"] * 2001), "has 2,001 pages. Only the first 2,000 are read", "pages"),
        ("odd.pdf", b"%PDF-1.7\nodd\n%%EOF\n", "it is damaged or unusual", "damaged"),
        ("blank.txt", b" \n", "This document has no text", "no_text"),
    ],
)
def test_what_is_odd_about_a_document_stands_beside_it_and_nothing_is_lost(
    name: str, content: bytes, sentence: str, problem: str, alice: User
) -> None:
    response = sent(client_of(alice), (name, content))

    assert response.status_code == 201
    assert sentence in words(response.content.decode())
    assert Attachment.objects.get().text_problem == problem


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (pdf(*["The light is kept. " * 200] * 84), "only the beginning, about 42 pages."),
        (b"The light is kept.\n" * 10_000, "Models that don’t accept files get only the beginning."),
    ],
)
def test_what_is_too_long_to_go_along_as_text_is_told_beforehand(content: bytes, note: str, alice: User) -> None:
    assert note in words(sent(client_of(alice), ("long.txt", content)).content.decode())
    assert Attachment.objects.get().text_problem == ""


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("secret.pdf", papers.encrypted(PDF, user="lamp"), "password-protected. Save a copy without a password"),
        (
            "laughs.docx",
            papers.with_entities(papers.word("The light"), "word/document.xml"),
            "would unpack to far more than any document should",
        ),
        (
            "bomb.xlsx",
            papers.with_blanks(papers.sheets(A=[[1]]), "xl/worksheets/sheet1.xml", 30_000_000),
            "would unpack to far more than any document should",
        ),
    ],
)
def test_what_nobody_could_read_is_refused_with_a_reason(
    name: str, content: bytes | Callable[[], bytes], sentence: str, alice: User
) -> None:
    response = sent(client_of(alice), (name, content() if callable(content) else content))

    assert response.status_code == 422
    assert sentence in words(response.content.decode())
    assert not Attachment.objects.exists()


def test_the_text_stands_beside_the_bytes_and_is_read_once(alice: User) -> None:
    first = uploaded(alice, "report.pdf", PDF)
    changed = DocumentText("page", 1, (Passage(1, "Read before."),))
    texts.store.put_text(first.sha256, changed.to_bytes())

    again = uploaded(alice, "report.pdf", PDF)

    assert texts.text_of(again) == changed
    assert again.characters == len("Read before.")


def test_what_was_attached_before_there_were_texts_is_read_when_it_is_asked_about(alice: User, media: Path) -> None:
    one = uploaded(alice, "report.pdf", PDF)
    default_storage.delete(f"attachments/{one.sha256[:2]}/{one.sha256}.text")

    assert texts.text_of(one).passages == (Passage(1, "The light is kept."),)
    assert texts.store.read_text(one.sha256)


def test_an_old_word_document_is_taken_and_its_text_is_not(alice: User) -> None:
    from tests.files.samples import doc

    one = uploaded(alice, "letter.doc", doc())
    assert (one.text_problem, one.characters, one.is_without_text) == (Problem.UNREADABLE, 0, True)
