"""Choosing in the composer where a question goes, before it is asked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import member_required, signed_in
from accounts.models import Membership
from accounts.services import teams
from chat import access
from chat.catalog import offers
from chat.options import controls
from chat.presets import defaults
from chat.presets.defaults import ComposerStart
from chat.questions import forms
from chat.views.composer.start import standing_instructions
from core.web.htmx import htmx


@require_POST
@member_required
def choose_place(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Keep what the person chose for their next question, and bring the composer what the space has: its instructions
    to read, and its model and options where the person set none by hand."""
    place = access.usable_place(membership, request.POST.get("visible_to", "")) if membership.may_ask else None
    if place:
        teams.remember_visibility(membership=membership, by=signed_in(request), visible_to=place.value)
    if not htmx(request):
        return redirect("chat:home")
    before = access.usable_place(membership, request.POST.get("began", "")) or access.ALONE
    if place is None or (place.space is None and before.space is None):
        return HttpResponse(status=204)
    context: dict[str, Any] = {
        "form": forms.blank_ask_form(team=membership.team, membership=membership, place=place),
        "membership": membership,
        "standing": standing_instructions(membership, space=place.space),
    }
    if place.space != before.space:
        context |= _brought(request, membership, before=before, place=place)
    return render(request, "chat/composer/_placed.html", context)


def _brought(
    request: HttpRequest, membership: Membership, *, before: access.Place, place: access.Place
) -> dict[str, Any]:
    """The model and the options of the new place in so far as those of the place before still stand in the composer;
    nothing where the person set both."""
    old, new = (defaults.start_in(membership, one.space) for one in (before, place))
    set_now = forms.AskForm(request.POST, team=membership.team)
    same_model = set_now.offer.id == old.offer.id
    same_options = _shown(set_now) == _shown(_started(membership, old))
    if not (same_model or same_options):
        return {}
    offer = new.offer if same_model else set_now.offer
    options = new.options if same_options else set_now.options.options
    data = request.POST.copy()
    for name in [name for name in data if name.startswith(controls.PREFIX)]:
        del data[name]
    data["model"] = offer.id
    shown = forms.AskForm(data, team=membership.team, standing=lambda: options).options
    return {
        "options": shown,
        "dropped": new.left_out if same_options else [],
        "stands_in": new.stands_in if same_model else "",
        "models": offers.offers(membership.team),
        "chosen": offer.id,
    }


def _started(membership: Membership, start: ComposerStart) -> forms.AskForm:
    return forms.blank_ask_form(team=membership.team, model=start.offer.id, options=start.options)


def _shown(form: forms.AskForm) -> list[tuple[str, str]]:
    """What stands in the composer of its options."""
    return [(chip.path, str(chip.value)) for chip in form.options.chips]
