"""Archiving a space, deleting it, and the way back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import sign_in_required, signed_in
from chat import access
from chat.models import Space
from chat.spaces import people, service
from core.errors import ActionRefused


@require_POST
@sign_in_required
def archive(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Close the space for new questions."""
    space, _mine = access.managed_space(signed_in(request), space_id)
    _try(request, service.archive_space, space)
    return redirect("chat:space", space.pk)


@require_POST
@sign_in_required
def unarchive(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Open the space again."""
    space, _mine = access.managed_space(signed_in(request), space_id)
    _try(request, service.unarchive_space, space)
    return redirect("chat:space", space.pk)


@require_POST
@sign_in_required
def delete(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Take the space away from everybody, and offer to undo that."""
    space, _mine = access.managed_space(signed_in(request), space_id)
    _try(request, service.delete_space, space)
    return redirect(f"{reverse('chat:spaces')}?deleted={space.pk}")


@require_POST
@sign_in_required
def restore(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Bring a deleted space back."""
    space, _mine = access.managed_space(signed_in(request), space_id, deleted=True)
    if _try(request, service.restore_space, space):
        messages.success(request, _("“%(name)s” was restored.") % {"name": space.name})
    return redirect("chat:space", space.pk)


@require_POST
@sign_in_required
def keep(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Take note that a space came from somebody who left the team."""
    space, _mine = access.managed_space(signed_in(request), space_id)
    people.note_inheritance(space=space, by=signed_in(request))
    return redirect("chat:space", space.pk)


def _try(request: HttpRequest, act: Callable[..., None], space: Space) -> bool:
    try:
        act(space=space, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return False
    return True
