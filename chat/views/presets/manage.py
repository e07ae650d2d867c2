"""The page on which people look after their defaults and presets: plain forms, with JavaScript or without."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, signed_in
from accounts.models import Membership
from chat import access
from chat.catalog import offers
from chat.models import Preset
from chat.options import Chip, chips
from chat.presets import service as preset_service
from chat.presets.forms import PresetNameForm
from chat.views.sidebar import sidebar
from core.errors import ActionRefused


@dataclass(frozen=True, slots=True)
class ShownPreset:
    """A preset as the page shows it. `offer` is None for any model, and for one that is not offered any more."""

    preset: Preset
    offer: offers.Offer | None
    chips: Sequence[Chip]
    is_own: bool
    may_manage: bool


@require_safe
@never_cache
@member_required
def presets(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The person's defaults and presets, and those that the team shares; with the way back after a deletion."""
    kept = preset_service.visible_presets(membership.user, membership.team)
    defaults = preset_service.own_defaults(membership.user, membership.team)
    context = {
        "defaults": _shown_preset(defaults, membership) if defaults else None,
        "own": [_shown_preset(preset, membership) for preset in kept if preset.owner_id == membership.user_id],
        "shared": [_shown_preset(preset, membership) for preset in kept if preset.owner_id != membership.user_id],
        "deleted": _deleted_preset(request),
        "may_ask": membership.may_ask,
    }
    return render(request, "chat/presets/presets.html", context | sidebar(request, membership))


@require_POST
@login_required
def rename(request: HttpRequest, preset_id: UUID) -> HttpResponse:
    """Give one's own preset another name."""
    preset = access.owned_preset(signed_in(request), preset_id)
    form = PresetNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["name"])))
        return _back()
    try:
        preset_service.rename_preset(preset=preset, name=form.cleaned_data["name"], by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    return _back()


@require_POST
@login_required
def share(request: HttpRequest, preset_id: UUID) -> HttpResponse:
    """Let the whole team apply the preset."""
    preset = access.owned_preset(signed_in(request), preset_id)
    preset_service.share_preset(preset=preset, by=signed_in(request))
    messages.success(request, _("“%(name)s” is now shared with the team.") % {"name": preset.name})
    return _back()


@require_POST
@login_required
def unshare(request: HttpRequest, preset_id: UUID) -> HttpResponse:
    """Keep the preset for its owner alone."""
    preset = access.managed_preset(signed_in(request), preset_id)
    preset_service.unshare_preset(preset=preset, by=signed_in(request))
    messages.success(request, _("“%(name)s” is no longer shared.") % {"name": preset.name})
    return _back()


@require_POST
@login_required
def delete(request: HttpRequest, preset_id: UUID) -> HttpResponse:
    """Take the preset away, and offer to undo that."""
    preset = access.managed_preset(signed_in(request), preset_id)
    preset_service.delete_preset(preset=preset, by=signed_in(request))
    return redirect(f"{reverse('chat:presets')}?deleted={preset.pk}")


@require_POST
@login_required
def restore(request: HttpRequest, preset_id: UUID) -> HttpResponse:
    """Bring a deleted preset back."""
    preset = access.managed_preset(signed_in(request), preset_id, deleted=True)
    try:
        preset_service.restore_preset(preset=preset, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    return _back()


def _shown_preset(preset: Preset, membership: Membership) -> ShownPreset:
    is_own = preset.owner_id == membership.user_id
    offer = offers.find_offer(preset.model, membership.team) if preset.model else None
    return ShownPreset(
        preset=preset,
        offer=offer,
        chips=chips(preset.options, offer),
        is_own=is_own,
        may_manage=membership.may_ask if is_own else membership.may_manage,
    )


def _deleted_preset(request: HttpRequest) -> Preset | None:
    """The preset at `?deleted=` that was deleted a moment ago and can be restored by this person."""
    try:
        return access.managed_preset(signed_in(request), UUID(request.GET.get("deleted", "")), deleted=True)
    except (ValueError, Http404, PermissionDenied):
        return None


def _back() -> HttpResponse:
    return redirect("chat:presets")
