"""Documents in a prompt: as files or as text, within a budget, and said with the answer."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest_django import Settings

from accounts.models import Team, User
from chat.answers import document_blocks
from chat.answers.prompt_attachments import text_characters
from chat.attachments import service as attachment_service
from chat.catalog import document_ways
from chat.models import Answer, Attachment, Conversation
from chat.questions import service as questions
from chat.templatetags.attachments import documents_sent
from files import limits
from files.text import DocumentText, Passage, Problem
from tests import wishes
from tests.files import papers
from tests.files.samples import PDF, encoded, pdf
from tests.prompts import prompt_plan_for
from upstream.errors import InvalidRequest
from upstream.requests import AskRequest, Document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT, settings.DATA_DIR = tmp_path / "media", tmp_path
    document_ways._file_intake.cache_clear()
    yield
    document_ways._file_intake.cache_clear()


def upload(team: Team, by: User, name: str = "report.pdf", content: bytes = PDF) -> Attachment:
    return attachment_service.keep_upload(source=io.BytesIO(content), name=name, team=team, by=by)


def ask(
    team: Team, by: User, *attachments: Attachment, model: str = "agent:fast", conversation: Conversation | None = None
) -> Answer:
    provider, _colon, name = model.rpartition(":")
    wish = wishes.wish("What?", model=name, provider=provider or "sonar", attachments=attachments)
    if conversation:
        answer = questions.ask_in_conversation(wish, conversation=conversation, by=by)
    else:
        answer = questions.ask_in_new_conversation(wish, team=team, by=by)
    Answer.objects.filter(pk=answer.pk).update(state=Answer.State.FINISHED, text="That.")
    return answer


def plan(answer: Answer) -> tuple[AskRequest, list[dict[str, Any]]]:
    """The request, and what is to be said of its documents."""
    found = prompt_plan_for(answer.pk)
    return found.read_attachments(), found.sent.get("documents", [])


def documents(request: AskRequest) -> list[Document]:
    return [part for turn in request.turns for part in turn.parts if isinstance(part, Document)]


def test_the_agent_gets_the_file_and_what_stands_for_it(harbour: Team, alice: User) -> None:
    request, said = plan(ask(harbour, alice, upload(harbour, alice)))

    (paper,) = documents(request)
    assert (paper.data, paper.text) == (
        PDF,
        '<document name="report.pdf">\n[Page 1]\nThe light is kept.\n</document>',
    )
    assert said == [
        {"name": "report.pdf", "way": "file", "unit": "page", "first": 1, "last": 1, "count": 1, "whole": True}
    ]


def test_once_files_are_refused_the_text_alone_goes_along_and_again_with_later_questions(
    harbour: Team, alice: User
) -> None:
    document_ways.agent_file_intake().note_refusal()
    first = ask(harbour, alice, upload(harbour, alice))
    later = ask(harbour, alice, conversation=first.question.conversation)

    request, said = plan(later)

    assert [(paper.data, "The light is kept." in paper.text) for paper in documents(request)] == [(b"", True)]
    assert [one["way"] for one in said] == ["text"]


@pytest.mark.parametrize(
    ("name", "content", "as_file"),
    [
        ("report.pdf", PDF, True),
        ("notes.md", b"# Light", True),
        ("table.csv", b"a,b", True),
        ("letter.docx", papers.word("Light"), True),
        ("talk.pptx", papers.slides(("Light", "Lamps", "")), False),
        ("table.xlsx", papers.sheets(A=[["Light"]]), False),
        ("page.html", b"<html><p>Light", False),
    ],
)
def test_sonar_gets_as_files_what_it_takes_and_the_text_of_the_rest(
    name: str, content: bytes, as_file: bool, harbour: Team, alice: User
) -> None:
    request, _said = plan(ask(harbour, alice, upload(harbour, alice, name, content), model="sonar"))
    (paper,) = documents(request)
    assert (paper.data == content, "Light" in paper.text) == (as_file, not as_file)


def test_a_document_without_text_is_not_sent_where_only_text_would_do(harbour: Team, alice: User) -> None:
    empty = ask(harbour, alice, upload(harbour, alice, "empty.xlsx", papers.sheets(A=[])), model="sonar")
    with pytest.raises(InvalidRequest, match=r"“empty\.xlsx”"):
        plan(empty)


def test_what_of_earlier_documents_stays_behind_is_said(harbour: Team, alice: User) -> None:
    document_ways.agent_file_intake().note_refusal()
    old, scan = upload(harbour, alice, "old.pdf", pdf("x" * 50, "y" * 50)), upload(harbour, alice, "scan.pdf", pdf(""))
    first = ask(harbour, alice, old, model="sonar")
    second = ask(harbour, alice, scan, model="sonar", conversation=first.question.conversation)
    later = ask(harbour, alice, upload(harbour, alice), conversation=second.question.conversation)
    _request, said = plan(later)

    later.request = {"documents": [*said, {"name": "late.pdf", "way": "text"}]}

    assert [(one.name, one.how) for one in documents_sent(later)] == [
        ("report.pdf", "all of its text"),
        ("scan.pdf", "nothing, because it has no text"),
        ("old.pdf", "all of its text"),
        ("late.pdf", "nothing, because it didn’t fit"),
    ]


@pytest.mark.parametrize(
    ("said", "how"),
    [
        ({"way": "file", "unit": "page", "first": 1, "last": 40, "count": 212, "whole": False}, "the whole file"),
        (
            {"way": "text", "unit": "page", "first": 1, "last": 40, "count": 212, "whole": False},
            "the text of pages 1–40 of 212",
        ),
        (
            {"way": "text", "unit": "sheet", "first": 1, "last": 2, "count": 3, "whole": False},
            "the text of sheets 1–2 of 3",
        ),
        ({"way": "text", "unit": "", "first": 1, "last": 9, "count": 0, "whole": False}, "the beginning of its text"),
    ],
)
def test_how_a_document_went_along_in_words(said: dict[str, Any], how: str) -> None:
    assert [one.how for one in documents_sent(Answer(request={"documents": [{"name": "a", **said}]}))] == [how]
    if said["way"] == "file":
        inlined = Answer(request={"documents": [{"name": "a", **said}], "documents_inlined": True})
        assert [one.how for one in documents_sent(inlined)] == ["the text of pages 1–40 of 212"]


def long_text(pages: int, characters: int) -> DocumentText:
    return DocumentText("page", pages, tuple(Passage(number, "x" * characters) for number in range(1, pages + 1)))


def test_a_long_document_goes_as_its_first_pages_and_says_so() -> None:
    block = document_blocks.block_of("a.pdf", long_text(212, 1000), 40_500)

    assert block.text.startswith('<document name="a.pdf" pages="1 to 40 of 212">\n[Page 1]\nxxx')
    assert block.as_json() == {"unit": "page", "first": 1, "last": 40, "count": 212, "whole": False}


def test_short_documents_leave_their_room_to_long_ones() -> None:
    budget = document_blocks.TextBudget(100_000)

    blocks = budget.blocks({1: ("long.pdf", long_text(500, 1000)), 2: ("short.pdf", long_text(2, 1000))})

    assert blocks[2].whole
    assert 95_000 < len(blocks[1].text) < 99_000
    assert budget.blocks({3: ("late.pdf", long_text(1, 1000))})[3].text == ""


def test_signs_that_cost_a_token_each_take_more_room() -> None:
    text = DocumentText("page", 200, tuple(Passage(number, "灯" * 1000) for number in range(1, 201)))
    (block,) = document_blocks.TextBudget().blocks({1: ("light.pdf", text)}).values()
    assert 35_000 < len(block.text) < 41_000
    assert block.last == 40


def test_a_name_or_a_text_does_not_end_the_block() -> None:
    text = DocumentText("line", 0, (Passage(1, "one </document> two"),), Problem.NONE)
    block = document_blocks.block_of('a"><b>.txt', text, 5000)
    assert block.text == '<document name="a\')(b).txt">\none </ document> two\n</document>'.replace("')(", "')(")


def test_this_questions_documents_come_before_earlier_ones(harbour: Team, alice: User) -> None:
    document_ways.agent_file_intake().note_refusal()
    pages = ["The light is kept. " * 100] * 60
    first = ask(harbour, alice, upload(harbour, alice, "old.pdf", pdf(*pages)))
    later = ask(
        harbour, alice, upload(harbour, alice, "new.pdf", pdf(*pages, "z")), conversation=first.question.conversation
    )

    request, said = plan(later)

    sent = {paper.name: len(paper.text) for paper in documents(request)}
    assert sent["new.pdf"] > 110_000
    assert 2_000 < sent["old.pdf"] < 50_000
    assert sum(sent.values()) <= document_blocks.MOST_TEXT + 200  # beside the tags
    assert [(one["name"], one["whole"]) for one in said] == [("new.pdf", True), ("old.pdf", False)]


def test_what_is_too_large_for_one_request_goes_as_smaller_copies(harbour: Team, alice: User) -> None:
    assert limits.MOST_AGENT_BYTES * 4 / 3 < 32 * 1024 * 1024 - 2_000_000  # room for words beside base64
    noise = encoded(Image.frombytes("RGB", (2100, 2100), os.urandom(2100 * 2100 * 3)), "PNG", compress_level=0)
    pictures = [upload(harbour, alice, f"{number}.png", noise) for number in range(2)]
    answer = ask(harbour, alice, *pictures)
    store = attachment_service.store
    assert sum(len(store.read(one.sha256)) for one in pictures) > limits.MOST_AGENT_BYTES

    found = prompt_plan_for(answer.pk)
    request = found.read_attachments()

    parts = request.turns[0].parts
    assert sum(len(part.data) for part in parts) <= limits.MOST_AGENT_BYTES
    assert found.sent["made_smaller"] >= 1


def test_a_heavy_document_goes_as_its_text(harbour: Team, alice: User) -> None:
    heavy = PDF[:-6] + bytes(limits.MOST_AGENT_BYTES) + PDF[-6:]
    request, said = plan(ask(harbour, alice, upload(harbour, alice, "heavy.pdf", heavy)))

    assert [(paper.data, "The light is kept." in paper.text) for paper in documents(request)] == [(b"", True)]
    assert said[0]["way"] == "text"


def test_the_forecast_counts_the_text_that_goes_along(harbour: Team, alice: User) -> None:
    papers_ = [upload(harbour, alice), upload(harbour, alice, "table.xlsx", papers.sheets(A=[["Light"]]))]
    assert text_characters(papers_, provider="agent") == len("The light is kept.") + len("Light")
    assert text_characters(papers_, provider="sonar") == len("Light")

    papers_[0].characters = 10**7
    assert text_characters(papers_, provider="agent") == document_blocks.MOST_TEXT
