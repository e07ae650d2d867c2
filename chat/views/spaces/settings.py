"""What a space is like, how questions in it begin, and what they may cost."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access as accounts_access
from accounts.access import sign_in_required, signed_in
from accounts.forms import LimitForm
from chat import access
from chat.catalog import offers
from chat.models import Space
from chat.options import OptionsForm
from chat.spaces import service
from chat.spaces.forms import SpaceSettingsForm
from chat.views.spaces.head import OpenSpace, Tab, opened, space_context
from core.errors import ActionRefused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sign_in_required
def settings(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """The settings of a space, for whoever may change it; for other team owners its limit.

    Raises PermissionDenied for everybody else who may read it.
    """
    there = opened(request, space_id)
    if request.method != "POST" and there.may_limit and not there.may_manage:
        return _page(request, there)
    space, membership = access.managed_space(signed_in(request), space_id)
    form = _settings_form(space, request.POST if request.method == "POST" else None)
    options, left_out = OptionsForm(form.offer, request.POST if form.is_bound else None, space.options).fitted()
    if form.is_bound and form.is_valid() and options.is_valid():
        said = form.cleaned_data
        wish = service.SpaceWish(
            name=said["name"],
            description=said["description"],
            colour=said["colour"],
            model=said["model"],
            options=options.options,
            visible_to=said["visible_to"],
            check_citations=said["check_citations"],
        )
        try:
            service.change_space(space=space, by=membership.user, wish=wish)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The settings of this space have been saved."))
            for label in left_out:
                messages.warning(request, _("“%(label)s” was left out: this model doesn’t take it.") % {"label": label})
            return redirect(Tab.SETTINGS, space.pk)
    status = 422 if form.is_bound else 200
    return _page(request, there, form=form, options=options, status=status)


@require_POST
@sign_in_required
def limit(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Say what the questions of the space may cost in a month. Raises PermissionDenied for all but team owners."""
    there = opened(request, space_id)
    accounts_access.require_owner(there.membership)
    form = LimitForm(request.POST)
    if not form.is_valid():
        return _page(request, there, wrong_limit=form, status=422)
    amount = form.cleaned_data["limit"]
    service.limit_space(space=there.space, by=there.membership.user, limit=amount)
    messages.success(
        request, _("The limit of this space has been removed.") if amount is None else _("The limit has been saved.")
    )
    return redirect(Tab.SETTINGS, space_id)


def _settings_form(space: Space, data: QueryDict | None = None) -> SpaceSettingsForm:
    initial = {
        "name": space.name,
        "description": space.description,
        "colour": space.colour,
        "own_model": bool(space.model),
        "model": offers.offer_or_successor(space.model, offers.offers(space.team)).id if space.model else "",
        "visible_to": space.visible_to,
        "check_citations": space.check_citations,
    }
    return SpaceSettingsForm(data, initial=initial, team=space.team)


def _page(
    request: HttpRequest,
    there: OpenSpace,
    *,
    form: SpaceSettingsForm | None = None,
    options: OptionsForm | None = None,
    wrong_limit: LimitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    space = there.space
    if form is None and there.may_manage:
        form = _settings_form(space)
        options = OptionsForm(form.offer, None, space.options)
    context: dict[str, Any] = space_context(request, there, Tab.SETTINGS) | {
        "form": form,
        "options": options,
        "models": offers.offers(space.team),
        "colours": Space.Colour.choices,
        "wrong_limit": wrong_limit,
    }
    return render(request, "chat/spaces/settings.html", context, status=status)
