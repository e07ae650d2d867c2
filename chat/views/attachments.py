"""Uploading what goes with a question, and showing it to those who may read the question."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, signed_in
from accounts.models import Membership, Team, User
from chat import access
from chat.attachments import service as attachments
from chat.models import Attachment
from core.web.params import uuid_in
from core.web.private_files import as_private_file
from core.web.wording import said
from files import FileMissing, FileRefused, limits

logger = logging.getLogger(__name__)

KEPT_BY_BROWSERS = "private, max-age=3600"


@dataclass(frozen=True, slots=True)
class Tile:
    """What the composer shows of an upload: the attachment, or why there is none."""

    name: str
    attachment: Attachment | None = None
    problem: str = ""
    smaller_helps: bool = False


@require_POST
@member_required
def upload(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Take files for a question that is still being written, in the conversation that the form names or a new one.

    Answers with a tile for each file; 422 when none of them is taken.
    """
    team = _team(request, membership)
    smaller = request.POST.get("smaller") == "yes"
    files = _files(request)
    tiles = [_store_file(file, team=team, by=signed_in(request), smaller=smaller) for file in files]
    if not tiles:
        tiles = [Tile(name="", problem=_("No file was received. Choose one first."))]
    status = 201 if any(tile.attachment for tile in tiles) else 422
    return render(request, "chat/attachments/_tiles.html", {"tiles": tiles}, status=status)


@require_safe
@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """The tiles of those uploads at `?id=` that are still there: a draft that comes back shows them again."""
    wanted = [one for one in map(uuid_in, request.GET.getlist("id")[: attachments.MOST_WAITING]) if one]
    found = {one.pk: one for one in access.own_uploads(signed_in(request)).filter(pk__in=wanted)}
    tiles = [Tile(name=found[one].name, attachment=found[one]) for one in wanted if one in found]
    return render(request, "chat/attachments/_tiles.html", {"tiles": tiles})


@require_POST
@login_required
def remove(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """Forget an upload of one's own that went with no question yet."""
    found = get_object_or_404(access.own_uploads(signed_in(request)), pk=attachment_id)
    attachments.remove_upload(attachment=found, by=signed_in(request))
    return HttpResponse(status=204)


@require_safe
@login_required
def attachment(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """The bytes as they are sent upstream: a picture to look at, a document to save."""
    found = access.readable_attachment(signed_in(request), attachment_id)
    is_picture = found.kind == Attachment.Kind.IMAGE
    return _response(
        _open_or_404(attachments.store.open, found.sha256), found, content_type=found.media_type, to_save=not is_picture
    )


@require_safe
@login_required
def thumbnail(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """A small picture of the picture."""
    found = access.readable_attachment(signed_in(request), attachment_id)
    return _response(_open_or_404(attachments.store.open_thumbnail, found.sha256), found, content_type="image/webp")


def store_submitted_files(request: HttpRequest, team: Team) -> tuple[QueryDict, list[str]]:
    """The form's data with the files that came with the form itself among its attachments, as it is without
    JavaScript, and why some of them are not taken."""
    files = _files(request)
    data: QueryDict = request.POST.copy() if files else request.POST
    refused = []
    for file in files:
        tile = _store_file(file, team=team, by=signed_in(request), smaller=data.get("smaller") == "yes")
        if tile.attachment:
            data.appendlist("attachment", str(tile.attachment.pk))
        else:
            refused.append(f"{tile.name}: {tile.problem}")
    return data, refused


def _store_file(file: "UploadedFile[Any]", *, team: Team, by: User, smaller: bool) -> Tile:
    name = file.name or _("file")
    try:
        found = attachments.keep_upload(source=cast("BinaryIO", file), name=name, team=team, by=by, smaller=smaller)
    except FileRefused as refusal:
        return Tile(name=name, problem=said(refusal.sentence), smaller_helps=refusal.smaller_helps)
    except OSError:
        logger.exception("An upload cannot be stored.")
        return Tile(name=name, problem=_("This file couldn’t be saved. Try again in a moment."))
    return Tile(name=found.name, attachment=found)


def _files(request: HttpRequest) -> "list[UploadedFile[Any]]":
    """The files of the form. Browsers send a nameless one where none was chosen, which Django drops."""
    return request.FILES.getlist("file")[: limits.MOST_ATTACHMENTS + 1]


def _team(request: HttpRequest, membership: Membership) -> Team:
    """The team for which the question is written. Raises Http404, or PermissionDenied for a viewer."""
    if conversation := uuid_in(request.POST.get("conversation")):
        return access.askable_conversation(signed_in(request), conversation).team
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s conversations but can’t ask questions."))
    return membership.team


def _open_or_404(open_: Callable[[str], BinaryIO], sha256: str) -> BinaryIO:
    try:
        return open_(sha256)
    except FileMissing:
        raise Http404(_("This file is no longer available.")) from None


def _response(content: BinaryIO, found: Attachment, *, content_type: str, to_save: bool = False) -> FileResponse:
    response = FileResponse(content, as_attachment=to_save, filename=found.name, content_type=content_type)
    return as_private_file(response, cache_control=KEPT_BY_BROWSERS)
