"""What is to be read for a check, and what was read of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chat.documents.texts import text_of
from chat.models import Answer, AnswerPassage, CheckedSource, PageCopy, Source
from chat.sources.checks.states import FINANCE, NO_ADDRESS, PEOPLE
from chat.sources.claims.judgements import SourceText
from chat.sources.copies.texts import copy_text
from files.text import DocumentText

MOST_PAGES = 60  # of one answer that are read; the others are held against what the search returned


@dataclass(frozen=True, slots=True)
class CitedPage:
    """A source that the answer cites. Without an `address` where there is no page to be read, for which `problem` says
    why."""

    number: int
    address: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """What is to be done for a check: the pages that are still to be read. `text` is the answer's."""

    check: UUID
    answer: UUID
    team: UUID
    text: str
    to_read: Sequence[CitedPage]


@dataclass(frozen=True, slots=True)
class Material:
    """What was read of the answer's sources and documents, by their numbers, and why pages of cited ones were not.
    `addresses` are the numbers of the sources by their addresses."""

    sources: dict[int, list[SourceText]] = field(default_factory=dict)
    documents: dict[int, list[SourceText]] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)


def cited_pages(answer: Answer) -> list[CitedPage]:
    """The sources that the answer cites, each with what is to be read.

    What an earlier answer of the conversation found is read like the rest. A look-up of figures has no page that said
    the same for long, and a person's profile is not fetched by a program: both are held against what the search gave.
    """
    found = [
        CitedPage(source.number, source.url.strip(), _problem(source))
        for source in Source.objects.filter(answer=answer, cited=True).order_by("number")
    ]
    return [
        page if not page.problem and place < MOST_PAGES else CitedPage(page.number, "", page.problem or NO_ADDRESS)
        for place, page in enumerate(found)
    ]


def material(answer_id: UUID, check_id: UUID) -> Material:
    """What the search returned of all sources, what the read pages say, and what the passages of documents do. Raises
    OSError when the store does not answer."""
    found = Material()
    for source in Source.objects.filter(answer=answer_id).order_by("number"):
        found.addresses.setdefault(source.url.strip(), source.number)
        found.sources[source.number] = [SourceText(source.snippet, from_search=True)] if source.snippet.strip() else []
    for read in CheckedSource.objects.filter(check_of=check_id).select_related("copy"):
        page = _text_of_copy(read.copy) if read.copy else None
        if page and page.text:
            found.sources.setdefault(read.number, []).append(page)
        else:
            found.problems[read.number] = read.problem or "no_text"
    for passage in AnswerPassage.objects.filter(answer=answer_id).select_related("version"):
        found.documents[passage.number] = _text_of_passage(passage)
    return found


def plain(document: DocumentText) -> SourceText:
    """The text of a document or a page as one piece, and where in it each of its pages begins."""
    pieces: list[str] = []
    pages: list[tuple[int, int]] = []
    length = 0
    for passage in document.passages:
        if document.is_numbered and (not pages or pages[-1][0] != passage.number):
            pages.append((passage.number, length))
        pieces.append(passage.text)
        length += len(passage.text) + 2
    return SourceText("\n\n".join(pieces), tuple(pages))


def _text_of_copy(copy: PageCopy) -> SourceText:
    return plain(copy_text(copy))


def _text_of_passage(passage: AnswerPassage) -> list[SourceText]:
    if passage.text:
        return [SourceText(passage.text)]
    if passage.version and not passage.passage_id and passage.name:
        return [plain(text_of(passage.version))]
    return []


def _problem(source: Source) -> str:
    kinds: dict[Any, str] = {Source.SourceKind.FINANCE: FINANCE, Source.SourceKind.PEOPLE: PEOPLE}
    if source.kind in kinds:
        return kinds[source.kind]
    return "" if source.url.strip().lower().startswith(("http://", "https://")) else NO_ADDRESS
