"""The team's page, and what its owners do there."""

import uuid
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.forms import InvitationForm, RoleForm, TeamForm
from accounts.models import Invitation, Membership
from accounts.services import instructions as services_instructions
from accounts.services import invitations as services_invitations
from accounts.services import passwords, teams
from accounts.views import instructions, links
from core.errors import ActionRefused

SHOWN_INVITATIONS = 50


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


@dataclass(frozen=True)
class MemberRow:
    """A row of the team's table. `why_no_link` says why no link for a new password is offered; empty if one is."""

    member: Membership
    why_no_link: str


def _team_context(membership: Membership, section: instructions.InstructionsSection) -> dict[str, object]:
    members = list(
        Membership.objects.filter(team=membership.team_id).select_related("user").order_by("joined_at", "id")
    )
    refusals = passwords.reset_refusals(members=members, by=membership.user) if membership.may_manage else {}
    rows = [MemberRow(member, refusals.get(member.pk, "")) for member in members]
    context: dict[str, object] = {"team": membership.team, "rows": rows, "section": section}
    if membership.may_manage:
        invitations = Invitation.objects.filter(team=membership.team_id).select_related("invited_by", "accepted_by")
        context |= {
            "form": TeamForm(instance=membership.team),
            "roles": Membership.Role.choices,
            "invitations": invitations[:SHOWN_INVITATIONS],
        }
    return context


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


@require_http_methods(["GET", "HEAD", "POST"])
@access.owner_required
def invite(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make an invitation, and show its link this once."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitation, token = services_invitations.create_invitation(
            team=membership.team, by=membership.user, **form.cleaned_data
        )
        context: dict[str, object] = {"invitation": invitation}
        return links.show_link_once(request, name="accounts:join", token=token, context=context)
    return render(request, "accounts/team/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@access.member_required
def revoke(request: HttpRequest, membership: Membership, invitation_id: uuid.UUID) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = access.managed_invitation(membership, invitation_id)
    if services_invitations.revoke_invitation(invitation=invitation, by=membership.user):
        messages.success(request, _("The invitation has been revoked. Its link no longer works."))
    else:
        messages.error(request, _("That invitation was no longer open, so there was nothing to revoke."))
    return redirect("accounts:team")


@require_POST
@access.member_required
def change_role(request: HttpRequest, membership: Membership, member_id: uuid.UUID) -> HttpResponse:
    """Give a teammate another role."""
    member = access.managed_member(membership, member_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the roles. Nothing was changed."))
        return redirect("accounts:team")
    try:
        teams.change_role(member=member, by=membership.user, role=form.cleaned_data["role"])
    except ActionRefused as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, _("%(name)s has a new role.") % {"name": member.user.display_name})
    return redirect("accounts:team")


@require_POST
@access.member_required
def remove(request: HttpRequest, membership: Membership, member_id: uuid.UUID) -> HttpResponse:
    """Take somebody off the team, oneself too."""
    member = access.managed_member(membership, member_id)
    try:
        teams.remove_member(member=member, by=membership.user)
    except ActionRefused as exc:
        messages.error(request, str(exc))
        return redirect("accounts:team")
    if member.user_id == membership.user_id:
        messages.success(request, _("You left the team %(team)s.") % {"team": membership.team.name})
        return redirect("accounts:me")
    messages.success(request, _("%(name)s is no longer on the team.") % {"name": member.user.display_name})
    return redirect("accounts:team")


@require_POST
@access.member_required
def password_link(request: HttpRequest, membership: Membership, member_id: uuid.UUID) -> HttpResponse:
    """Make a link by which a teammate sets a new password, and show it this once."""
    member = access.managed_member(membership, member_id)
    try:
        token = passwords.new_password_link(member=member, by=membership.user)
    except ActionRefused as exc:
        messages.error(request, str(exc))
        return redirect("accounts:team")
    return links.show_link_once(request, name="accounts:new_password", token=token, context={"member": member})


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
