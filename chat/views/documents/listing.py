"""The list of a space's documents, adding some, and what has become of those that are being read."""

import logging
from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import sign_in_required, signed_in
from accounts.models import User
from chat import access
from chat.documents import quota, service
from chat.documents.listing import DocumentRow, document_page, removed_documents, rows_of
from chat.documents.search import search_documents
from chat.models import Document, Space
from chat.views.spaces.head import OpenSpace, Tab, opened, space_context
from core.errors import ActionRefused
from core.web.htmx import htmx
from core.web.paging import Cursor
from core.web.params import uuid_in
from core.web.statement_limit import StatementTooLong
from core.web.wording import said
from files import FileRefused

logger = logging.getLogger(__name__)

MOST_FILES = 20
"""Files of one form. A page with scripts sends one after the other."""
MOST_WATCHED = 200
LONGEST_SEARCH = 400
STOP_POLLING = 286  # what htmx takes for the end of its looking


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a file: its row, or why there is none. `same` is the document that is this very file."""

    name: str
    row: DocumentRow | None = None
    problem: str = ""
    same: Document | None = None


@require_safe
@never_cache
@sign_in_required
def documents(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """The documents of a space, the newest first or after `?before=`; with `?q=`, the passages with these words.

    `?removed=` is a document that was removed a moment ago, for the way back.
    """
    there = opened(request, space_id)
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    context = space_context(request, there, Tab.DOCUMENTS) | {
        "may_add": _may_add(there),
        "words": words,
        "page": document_page(there.space, before=_place(request)),
        "room": quota.room_of_space(there.space),
        "team_room": quota.room_of_team(there.space.team),
        "largest": quota.largest_documents(there.space),
        "removed": removed_documents(there.space) if _may_add(there) else [],
        "removed_size": quota.removed_size(there.space),
        "just_removed": _just_removed(request, there),
    }
    if words:
        try:
            context["hits"] = search_documents(there.membership, words, spaces=[there.space.pk])
        except StatementTooLong:
            context["too_much"] = True
    return render(request, "chat/documents/documents.html", context)


@require_safe
@never_cache
@sign_in_required
def states(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """The rows at `?watched=` that are no longer what the page shows, each in its place; tells when none of them will
    change any more. With `?page=` whoever asks is told to load the page anew then."""
    there = opened(request, space_id)
    shown = request.GET.getlist("watched")[:MOST_WATCHED]
    ids = [one for one in (uuid_in(mark.partition(":")[0]) for mark in shown) if one]
    rows = rows_of(there.space, ids)
    context = {
        "rows": [row for row in rows if row.mark not in shown],
        "space": there.space,
        "there": there,
        "may_add": _may_add(there),
        "oob": True,
        "room": quota.room_of_space(there.space),
    }
    is_over = not any(row.is_being_read for row in rows)
    response = render(request, "chat/documents/_rows.html", context, status=STOP_POLLING if is_over else 200)
    if is_over and "page" in request.GET:
        response["HX-Refresh"] = "true"  # the page of the document itself
    return response


@require_POST
@sign_in_required
def upload(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Add files to the space. A script gets their rows, with 422 when none was taken; a form goes back to the list."""
    by = signed_in(request)
    space, _membership = access.open_space(by, space_id)
    results = [_add(file, space=space, by=by) for file in _files(request)[:MOST_FILES]]
    if not results:
        results = [Result(name="", problem=_("No file was received. Choose one first."))]
    if htmx(request):
        there = opened(request, space_id)
        context = {"results": results, "space": space, "there": there, "may_add": True}
        status = 201 if any(result.row for result in results) else 422
        return render(request, "chat/documents/_results.html", context, status=status)
    for result in results:
        if result.row:
            messages.success(request, _("“%(name)s” was added. It’s being read.") % {"name": result.name})
        else:
            messages.error(request, f"{result.name}: {result.problem}" if result.name else result.problem)
    return redirect(reverse("chat:space_documents", args=[space.pk]))


def _add(file: "UploadedFile[Any]", *, space: Space, by: User) -> Result:
    name = file.name or _("file")
    try:
        added = service.add_document(source=cast("BinaryIO", file), name=name, space=space, by=by)
    except FileRefused as refusal:
        return Result(name, problem=said(refusal.sentence))
    except service.AlreadyThere as refusal:
        return Result(name, problem=str(refusal), same=refusal.document)
    except ActionRefused as refusal:
        return Result(name, problem=str(refusal))
    except OSError:
        logger.exception("A document cannot be stored.")
        return Result(name, problem=_("This file couldn’t be saved. Try again in a moment."))
    return Result(added.document.name, row=DocumentRow(added.document, added.version, added.same_name))


def _files(request: HttpRequest) -> "list[UploadedFile[Any]]":
    return request.FILES.getlist("file")


def _may_add(there: OpenSpace) -> bool:
    return there.role.may_contribute and not there.space.archived


def _just_removed(request: HttpRequest, there: OpenSpace) -> Document | None:
    wanted = uuid_in(request.GET.get("removed"))
    if not wanted or not _may_add(there):
        return None
    return next((one for one in removed_documents(there.space) if one.pk == wanted), None)


def _place(request: HttpRequest) -> Cursor | None:
    text = request.GET.get("before", "")
    place = Cursor.parse(text)
    if text and place is None:
        raise Http404
    return place
