"""Finding presets."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from chat.access.memberships import membership_for
from chat.models import Preset


def readable_preset(user: User, preset_id: UUID) -> Preset:
    """A preset that the person may apply: their own, or one that their team shares. Raises Http404."""
    return _preset(user, preset_id, deleted=False)


def managed_preset(user: User, preset_id: UUID, *, deleted: bool = False) -> Preset:
    """A preset that the person may delete and stop sharing: their own, or a shared one of a team that they own.

    With `deleted`, one that waits to be restored. Raises Http404, or PermissionDenied for who may only apply it.
    """
    preset = _preset(user, preset_id, deleted=deleted)
    membership = membership_for(user, preset)
    if not (membership.may_ask if preset.owner_id == user.pk else membership.may_manage):
        raise PermissionDenied(_("Only its owner or a team owner can change this preset."))
    return preset


def owned_preset(user: User, preset_id: UUID) -> Preset:
    """A preset that the person may rename and share: their own. Raises Http404, or PermissionDenied for others.

    Defaults have no name and are never shared, so they are not found here.
    """
    preset = managed_preset(user, preset_id)
    if not preset.name:
        raise Http404
    if preset.owner_id != user.pk:
        raise PermissionDenied(_("Only its owner can rename or share this preset."))
    return preset


def _preset(user: User, preset_id: UUID, *, deleted: bool) -> Preset:
    return get_object_or_404(
        Preset.objects.select_related("team", "owner"),
        Q(shared=True) | Q(owner=user),
        pk=preset_id,
        team__memberships__user=user,
        deleted_at__isnull=not deleted,
    )
