"""Finding documents of spaces."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from chat.access.spaces import contributed_space, readable_space
from chat.access.trash import trash_begins
from chat.models import Document, Space


def readable_document(user: User, space_id: UUID, document_id: UUID) -> Document:
    """A document of a space that the person may read. Raises Http404."""
    space = readable_space(user, space_id)
    found = Document.objects.select_related("current", "uploaded_by").filter(space=space, deleted_at=None)
    document: Document = get_object_or_404(found, pk=document_id)
    document.space = space
    return document


def open_space(user: User, space_id: UUID) -> tuple[Space, Membership]:
    """A space whose documents the person may change. Raises Http404, or PermissionDenied for somebody who may only
    read it, and for everybody while it is archived."""
    space, membership = contributed_space(user, space_id)
    if space.archived:
        raise PermissionDenied(_("This space is archived, so its documents stay as they are until it’s unarchived."))
    return space, membership


def changeable_document(user: User, space_id: UUID, document_id: UUID, *, removed: bool = False) -> Document:
    """A document that the person may change; with `removed`, one that waits to be restored.

    Raises Http404, or PermissionDenied as `open_space` does.
    """
    space, _membership = open_space(user, space_id)
    state = {"deleted_at__gte": trash_begins()} if removed else {"deleted_at": None}
    document: Document = get_object_or_404(Document, pk=document_id, space=space, **state)
    document.space = space
    return document
