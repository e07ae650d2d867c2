"""The team's page, and what its owners do there."""

import uuid
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.forms import TeamForm
from accounts.models import Membership
from accounts.services import instructions as services_instructions
from accounts.services import teams
from accounts.views import instructions, invitations, members
from core import notices


@require_safe
@access.member_required
def team(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Who is on the team and what it wants to be heeded; for its owners also the invitations."""
    section = instructions.section(services_instructions.team_versions(team_id=membership.team_id))
    return render(request, "accounts/team/team.html", _team_context(membership, section))


@require_POST
@access.owner_required
def save_instructions(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Give the team other standing instructions."""
    save = partial(services_instructions.save_team_instructions, team=membership.team, by=membership.user)
    section = instructions.submit(
        request, save, versions=services_instructions.team_versions(team_id=membership.team_id)
    )
    if section.is_saved:
        messages.success(
            request, _("The team’s instructions have been saved. They are sent with every question from now on.")
        )
        return redirect(f"{reverse('accounts:team')}#instructions")
    return render(request, "accounts/team/team.html", _team_context(membership, section), status=section.status)


def _team_context(membership: Membership, section: instructions.InstructionsSection) -> dict[str, object]:
    context = members.people_context(membership) | {"team": membership.team, "section": section}
    context["role_table"] = _role_table()
    if membership.may_manage:
        context |= invitations.invitations_context(membership) | {"form": TeamForm(instance=membership.team)}
        context["links"] = notices.team_links.ask(membership)
    return context


def _role_table() -> list[tuple[str, tuple[bool, bool, bool, bool]]]:
    """What owners, members and viewers may do, and reviewers besides."""
    return [
        (_("Read conversations and see approved images"), (True, True, True, False)),
        (_("Ask questions and draw images"), (True, True, False, False)),
        (_("See images before they are approved, and decide on them"), (False, False, False, True)),
        (_("Change or delete any shared conversation"), (True, False, False, False)),
        (_("Invite people, choose roles and reviewers, set limits"), (True, False, False, False)),
    ]


@require_POST
@access.owner_required
def rename(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Give the team another name."""
    form = TeamForm(request.POST)
    if form.is_valid():
        teams.rename_team(team=membership.team, by=membership.user, name=form.cleaned_data["name"])
        messages.success(request, _("The team has been renamed."))
    else:
        messages.error(request, _("A team name must have 1 to 80 characters. The name was not changed."))
    return redirect("accounts:team")


@require_POST
@access.owner_required
def image_approval(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Say whether the team sees generated images only once they are approved."""
    needed = request.POST.get("images_need_approval") == "on"
    teams.set_image_approval(team=membership.team, by=membership.user, needed=needed)
    if needed:
        messages.success(request, _("From now on, the team sees images once they are approved."))
    else:
        messages.success(request, _("From now on, the team sees images right away, unless a reviewer rejects them."))
    return redirect("accounts:team")


@require_POST
@access.sign_in_required
def switch(request: HttpRequest) -> HttpResponse:
    """Act in another of one's teams: the id in `team`."""
    try:
        team_id = uuid.UUID(request.POST.get("team", ""))
    except ValueError:
        team_id = uuid.UUID(int=0)
    mine = Membership.objects.select_related("team").filter(user=access.signed_in(request))
    access.choose_team(request, get_object_or_404(mine, team=team_id).team)
    return redirect(settings.LOGIN_REDIRECT_URL)
