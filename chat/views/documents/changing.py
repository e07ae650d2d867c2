"""What people do to a document of a space: a new version, another name, away and back."""

import logging
from collections.abc import Callable
from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import sign_in_required, signed_in
from chat import access
from chat.documents import service
from chat.documents.forms import DocumentNameForm
from chat.models import Document
from core.errors import ActionRefused
from core.web.params import uuid_in
from core.web.wording import said
from files import FileRefused

logger = logging.getLogger(__name__)


@require_POST
@sign_in_required
def upload_version(request: HttpRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    """Take a file as the newest version of the document."""
    by = signed_in(request)
    document = access.changeable_document(by, space_id, document_id)
    file = request.FILES.get("file")

    def add() -> None:
        if file is None:
            raise ActionRefused(_("No file was received. Choose one first."))
        service.add_version(source=cast("BinaryIO", file), name=file.name or document.name, document=document, by=by)

    if _try(request, add):
        messages.success(request, _("The new version is being read. Until then the one before is used."))
    return _to(document)


@require_POST
@sign_in_required
def make_version(request: HttpRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    """Make a document the newest version of the one that the form names in `of`."""
    by = signed_in(request)
    document = access.changeable_document(by, space_id, document_id)
    earlier = access.changeable_document(by, space_id, uuid_in(request.POST.get("of")) or document_id)
    if _try(request, lambda: service.make_version_of(document=document, earlier=earlier, by=by)):
        messages.success(request, _("“%(name)s” has a new version.") % {"name": earlier.name})
        return _to(earlier)
    return redirect("chat:space_documents", space_id)


@require_POST
@sign_in_required
def rename(request: HttpRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    """Give the document another name."""
    by = signed_in(request)
    document = access.changeable_document(by, space_id, document_id)
    form = DocumentNameForm(request.POST)

    def change() -> None:
        if not form.is_valid():
            raise ActionRefused(form.errors["name"][0])
        service.rename_document(document=document, name=form.cleaned_data["name"], by=by)

    _try(request, change)
    return _to(document)


@require_POST
@sign_in_required
def read_again(request: HttpRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    """Have the newest version read once more."""
    document = access.changeable_document(signed_in(request), space_id, document_id)
    newest = document.versions.first()
    if newest:
        service.read_again(version=newest, by=signed_in(request))
    return _to(document)


@require_POST
@sign_in_required
def remove(request: HttpRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    """Take the document away, and offer to undo that."""
    document = access.changeable_document(signed_in(request), space_id, document_id)
    service.remove_document(document=document, by=signed_in(request))
    return redirect(f"{reverse('chat:space_documents', args=[space_id])}?removed={document.pk}")


@require_POST
@sign_in_required
def restore(request: HttpRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    """Bring a removed document back."""
    document = access.changeable_document(signed_in(request), space_id, document_id, removed=True)
    service.restore_document(document=document, by=signed_in(request))
    messages.success(request, _("“%(name)s” was restored.") % {"name": document.name})
    return _to(document)


@require_POST
@sign_in_required
def erase_removed(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Remove for good what was removed from the space."""
    space, membership = access.managed_space(signed_in(request), space_id)
    erased = service.erase_removed(space=space, by=membership.user)
    messages.success(
        request,
        ngettext("%(n)s document was removed for good.", "%(n)s documents were removed for good.", erased)
        % {"n": erased},
    )
    return redirect("chat:space_documents", space_id)


def _try(request: HttpRequest, act: Callable[[], None]) -> bool:
    """Do it, or say why not."""
    try:
        act()
    except FileRefused as refusal:
        messages.error(request, said(refusal.sentence))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    except OSError:
        logger.exception("A document cannot be stored.")
        messages.error(request, _("This file couldn’t be saved. Try again in a moment."))
    else:
        return True
    return False


def _to(document: Document) -> HttpResponse:
    return redirect("chat:space_document", document.space_id, document.pk)
