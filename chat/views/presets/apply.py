"""Presets in the composer: choosing one, keeping what is set as one, or as one's defaults.

These are posted with the composer's form by htmx. Without it they lead to pages that do the same.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, trigger_client_event

from accounts.access import member_required, signed_in
from accounts.models import Membership, Team
from chat import access
from chat.catalog import offers
from chat.options import OptionsForm, controls
from chat.presets import defaults
from chat.presets import service as presets
from chat.presets.forms import SavePresetForm
from chat.questions import forms
from chat.views.open_page import composer_membership
from core.errors import ActionRefused
from core.web.htmx import htmx


@require_safe
@never_cache
@member_required
def menu(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What there is to apply where the person asks: the content of the composer's menu."""
    place = composer_membership(request, membership)
    context = {
        "defaults": presets.own_defaults(place.user, place.team),
        "presets": presets.visible_presets(place.user, place.team),
    }
    return render(request, "chat/presets/_presets_menu.html", context)


@require_POST
@login_required
def apply(request: HttpRequest, preset_id: UUID) -> HttpResponse:
    """The composer's options as the preset has them, for its model if it names one, and what that leaves out."""
    preset = access.readable_preset(signed_in(request), preset_id)
    if not access.membership_for(signed_in(request), preset).may_ask:
        raise PermissionDenied(_("Viewers can read this team’s conversations but can’t ask questions."))
    if not htmx(request):
        return redirect(f"{reverse('chat:home')}?preset={preset.pk}")
    start = defaults.start_with_preset(preset, forms.AskForm(request.POST, team=preset.team).offer)
    if start.stands_in:
        messages.warning(request, start.stands_in)
    data = request.POST.copy()
    for name in [name for name in data if name.startswith(controls.PREFIX)]:
        del data[name]
    data["model"] = start.offer.id
    context = {
        "options": forms.AskForm(data, team=preset.team, standing=lambda: start.options).options,
        "dropped": start.left_out,
        "models": offers.offers(preset.team),
        "chosen": start.offer.id,
    }
    return render(request, "chat/presets/_applied.html", context)


@require_POST
@member_required
def new(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Asks under which name to keep what is set: as a dialog, or as a page."""
    place = composer_membership(request, membership)
    _require_asking(place)
    offer, options = _submitted_options(request, place.team)
    form = SavePresetForm(initial={"with_model": offer != offers.default_offer(place.team) or not options.options})
    return _name_form_response(request, form, offer, options)


@require_POST
@member_required
def keep(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Keep what is set under a name."""
    place = composer_membership(request, membership)
    _require_asking(place)
    offer, options = _submitted_options(request, place.team)
    form = SavePresetForm(request.POST)
    if not form.is_valid() or not options.is_valid():
        return _name_form_response(request, form, offer, options, status=422)
    model = offer.id if form.cleaned_data["with_model"] else ""
    try:
        kept = presets.save_preset(team=place.team, by=place.user, options=options.options, model=model, **form.wish)
    except ActionRefused as refusal:
        form.add_error("name", str(refusal))
        taken = isinstance(refusal, presets.NameTaken)
        return _name_form_response(request, form, offer, options, taken=taken, status=422)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": kept.name})
    return _notice_response(request)


@require_POST
@member_required
def keep_defaults(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Begin the person's new conversations with what is set."""
    place = composer_membership(request, membership)
    _require_asking(place)
    offer, options = _submitted_options(request, place.team)
    if not options.is_valid():
        messages.error(request, _("Nothing was saved. Check the options first."))
        return _notice_response(request, status=422)
    # The default model is not kept: whoever never chose another one follows when the default becomes another.
    model = "" if offer == offers.default_offer(place.team) else offer.id
    try:
        presets.save_defaults(team=place.team, by=place.user, options=options.options, model=model)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return _notice_response(request, status=422)
    if options.options:
        sentence = _("New questions will start with %(model)s and these options.")
    else:
        sentence = _("New questions will start with %(model)s and no options.")
    messages.success(request, sentence % {"model": offer.label})
    return _notice_response(request)


def _require_asking(membership: Membership) -> None:
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s presets but can’t save their own."))


def _submitted_options(request: HttpRequest, team: Team) -> tuple[offers.Offer, OptionsForm]:
    """The model and the options that the submitted composer has. Attachments are no part of what is kept."""
    offer = forms.AskForm(request.POST, team=team).offer
    return offer, OptionsForm(offer, request.POST)


def _name_form_response(
    request: HttpRequest,
    form: SavePresetForm,
    offer: offers.Offer,
    options: OptionsForm,
    *,
    taken: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "offer": offer,
        "options": options,
        "typed": [(name, value) for name, value in request.POST.items() if name.startswith(controls.PREFIX) and value],
        "taken": taken,
    }
    if not htmx(request):
        return render(request, "chat/presets/new.html", context, status=status)
    if status == 422:
        return render(request, "chat/presets/_form.html", context, status=status)
    return render(request, "chat/presets/_dialog.html", context)


def _notice_response(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    """The notice at the edge of the page, which stays as it is; without htmx, the page of presets."""
    if not htmx(request):
        return redirect("chat:presets")
    response = reswap(render(request, "shared/_notices.html", status=status), "none")
    return trigger_client_event(response, "preset-kept") if status == 200 else response
