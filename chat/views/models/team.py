"""Which models and tools a team uses: the page on which its owners choose."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import owner_required
from accounts.models import Membership
from accounts.services import teams
from chat.catalog import offers
from chat.catalog.forms import TeamChoiceForm
from chat.catalog.team_choice import TOOLS
from chat.views.sidebar import sidebar


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@owner_required
def team_models(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All models and tools, with those that the team uses chosen; posted, the new choice."""
    models = offers.offers()
    form = TeamChoiceForm(request.POST or None, team=membership.team, offers=models)
    if request.method == "POST" and form.is_valid():
        teams.set_allowed(
            team=membership.team, by=membership.user, models=form.allowed_models, tools=form.allowed_tools
        )
        messages.success(request, _("Saved. Changes apply from the next question."))
        return redirect("chat:team_models")
    usable = offers.offers(membership.team)
    context = {
        "form": form,
        "stands_in": usable[0] if offers.nothing_chosen_is_left(membership.team) else None,
        "team": membership.team,
        "models": models,
        "chosen_models": form["models"].value() or [],
        "tools": TOOLS.items(),
        "chosen_tools": form["tools"].value() or [],
    } | sidebar(request, membership)
    return render(request, "chat/catalog/team_models.html", context, status=422 if form.errors else 200)
