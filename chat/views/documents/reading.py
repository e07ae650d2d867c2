"""A document in its own place: its text, a few pages at a time, and the file to save."""

from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import sign_in_required, signed_in
from chat import access
from chat.documents import texts
from chat.documents.problems import RETRIED, sentence_for
from chat.documents.quoting import find_quotation
from chat.documents.reliance import answers_citing
from chat.documents.screen_html import ShownPiece, cited_html, without_signs
from chat.documents.screens import Piece, Screen, screen_with, screens_of
from chat.documents.search import hits_in
from chat.models import Document, DocumentVersion, Passage
from chat.search.query import Query, parse_query
from chat.search.snippets import mark_hits
from chat.views.spaces.head import Tab, opened, space_context
from core.cpu_budget import CpuBudget
from core.web.params import whole_number_in
from core.web.private_files import as_private_file
from core.web.statement_limit import StatementTooLong
from files import FileMissing
from files.text import DocumentText

LONGEST_SEARCH = 400
KEPT_BY_BROWSERS = "private, no-cache"  # whoever loses the space asks again, and gets nothing
SECONDS_FOR_MARKS = 0.15


@dataclass(frozen=True, slots=True)
class Hits:
    """Where the words stand: the passages with them, and which of these is looked at, counting from 1."""

    words: str
    passages: list[int]
    at: int = 0
    too_many: bool = False

    @property
    def count(self) -> int:
        """How many passages have the words."""
        return len(self.passages)

    @property
    def previous(self) -> int:
        """The hit before this one, the last one before the first."""
        return (self.at - 2) % self.count + 1 if self.count else 0

    @property
    def next(self) -> int:
        """The hit after this one, the first one after the last."""
        return self.at % self.count + 1 if self.count else 0


@require_safe
@never_cache
@sign_in_required
def document(request: HttpRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    """A few pages of a document: those at `?page=`, or around the passage at `?passage=`, or at one of the places with
    the words of `?q=`, which `?hit=` counts. `?version=` is an earlier version. Raises Http404."""
    there = opened(request, space_id)
    found = access.readable_document(there.membership.user, space_id, document_id)
    versions = list(found.versions.select_related("uploaded_by"))
    version = _version(request, found, versions)
    text = texts.text_of(version) if version.state == DocumentVersion.State.READY else DocumentText()
    query = parse_query(request.GET.get("q", "")[:LONGEST_SEARCH])
    hits = _hits(request, version, query, found)
    passage = _passage(request, version, hits)
    screens = screens_of(text)
    screen, marked = _screen(request, screens, text, passage)
    context = space_context(request, there, Tab.DOCUMENTS) | {
        "document": found,
        "version": version,
        "versions": versions,
        "newest": versions[0],
        "is_current": version.pk == found.current_id,
        "problem": sentence_for(version.problem, pages=version.pages),
        "newest_problem": sentence_for(versions[0].problem, pages=versions[0].pages),
        "may_change": there.role.may_contribute and not there.space.archived,
        "may_retry": versions[0].problem in RETRIED,
        "hits": hits,
        "screen": screen,
        "screens": len(screens),
        "before": screens[screen.number - 2] if screen and screen.number > 1 else None,
        "after": screens[screen.number] if screen and screen.number < len(screens) else None,
        "pieces": _shown(screen, query, marked, text.unit) if screen else [],
        "looked_at": next(iter(marked), -1),
        "cited_by": answers_citing(found, there.membership),
    }
    return render(request, "chat/documents/document.html", context)


@require_safe
@sign_in_required
def file(request: HttpRequest, space_id: UUID, document_id: UUID) -> FileResponse:
    """The file as it was uploaded, to be saved: the current version, or the one at `?version=`. Raises Http404."""
    found = access.readable_document(signed_in(request), space_id, document_id)
    version = _version(request, found, list(found.versions.all()))
    try:
        content: BinaryIO = texts.store.open(version.sha256)
    except FileMissing:
        raise Http404(_("This file is no longer available.")) from None
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=version.media_type)
    return as_private_file(response, cache_control=KEPT_BY_BROWSERS)


def _version(request: HttpRequest, found: Document, versions: list[DocumentVersion]) -> DocumentVersion:
    """The version at `?version=`, else the one that is read, else the newest."""
    said = request.GET.get("version", "")
    if said:
        number = whole_number_in(said)
        chosen = next((one for one in versions if one.number == number), None)
        if chosen is None:
            raise Http404
        return chosen
    return next((one for one in versions if one.pk == found.current_id), versions[0])


def _hits(request: HttpRequest, version: DocumentVersion, query: Query, found: Document) -> Hits:
    words = request.GET.get("q", "")[:LONGEST_SEARCH]
    if not query:
        return Hits(words, [])
    try:
        passages = hits_in(version, query, space=found.space_id)
    except StatementTooLong:
        return Hits(words, [], too_many=True)
    at = whole_number_in(request.GET.get("hit")) or 1
    return Hits(words, passages, at=min(max(at, 1), len(passages)))


def _passage(request: HttpRequest, version: DocumentVersion, hits: Hits) -> Passage | None:
    """The passage that is to be seen: the hit that is looked at, or the one at `?passage=`, of this version."""
    wanted = hits.passages[hits.at - 1] if hits.count else whole_number_in(request.GET.get("passage"), digits=18)
    return Passage.objects.filter(pk=wanted, version=version).first() if wanted else None


def _screen(
    request: HttpRequest, screens: list[Screen], text: DocumentText, passage: Passage | None
) -> tuple[Screen | None, dict[int, tuple[int, int]]]:
    """The screen that is shown, and what is marked on it: start and end in the text of a piece of the document, by the
    index of that."""
    if passage:
        index = _index_of(text, passage.page)
        if index is not None:
            place = find_quotation(text.passages[index].text, passage.text)
            screen = screen_with(screens, page=text.passages[index].number, at=place[0] if place else 0)
            return screen, {index: place} if place else {}
    number = whole_number_in(request.GET.get("screen"))
    if number and 1 <= number <= len(screens):
        return screens[number - 1], {}
    page = whole_number_in(request.GET.get("page")) or 1
    return screen_with(screens, page=page), {}


def _index_of(text: DocumentText, page: int) -> int | None:
    """Which passage of the document has this page, or begins last before this line."""
    found = None
    for index, passage in enumerate(text.passages):
        if passage.number > page:
            break
        found = index if found is None or text.passages[found].number != passage.number else found
    return found


def _shown(screen: Screen, query: Query, marked: dict[int, tuple[int, int]], unit: str) -> list[ShownPiece]:
    budget = CpuBudget(SECONDS_FOR_MARKS)
    shown: list[ShownPiece] = []
    for piece in screen.pieces:
        starts = not shown or shown[-1].piece.passage != piece.passage
        html = _html(piece, query, marked.get(piece.passage), budget)
        shown.append(ShownPiece(piece, html if unit == "line" else without_signs(html), starts))
    return shown


def _html(piece: Piece, query: Query, quotation: tuple[int, int] | None, budget: CpuBudget) -> SafeString:
    """The text, escaped, with the words that are looked for marked, or the passage that is cited."""
    if query:
        return mark_hits(piece.text, query, budget=budget)
    return cited_html(piece, quotation)
