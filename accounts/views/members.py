"""The people on a team, and what its owners do with their places."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts import access
from accounts.forms import RoleForm
from accounts.models import Membership
from accounts.services import passwords, teams
from accounts.views import links
from core.errors import ActionRefused
from core.web.htmx import htmx


@dataclass(frozen=True)
class PersonRow:
    """A person in the team's list. `why_no_link` says why no link for a new password is offered; empty if one is."""

    member: Membership
    why_no_link: str


@dataclass(frozen=True)
class Undo:
    """How to take back what was just done: the address and what it is sent."""

    address: str
    name: str
    value: str


def people_context(membership: Membership) -> dict[str, object]:
    """What `accounts/team/_people.html` needs."""
    members = list(
        Membership.objects.filter(team=membership.team_id).select_related("user").order_by("joined_at", "id")
    )
    refusals = passwords.reset_refusals(members=members, by=membership.user) if membership.may_manage else {}
    owners = [member for member in members if member.may_manage and member.user.is_active]
    return {
        "membership": membership,
        "people": [PersonRow(member, refusals.get(member.pk, "")) for member in members],
        "roles": Membership.Role.choices,
        "is_only_owner": membership.may_manage and len(owners) == 1,
        "needs_reviewer": membership.team.images_need_approval
        and not any(member.is_reviewer and member.user.is_active for member in members)
        and not teams.has_reviewer(membership.team),
    }


@require_POST
@access.member_required
def change_role(request: HttpRequest, membership: Membership, member_id: uuid.UUID) -> HttpResponse:
    """Give a teammate another role."""
    member = access.managed_member(membership, member_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the roles. Nothing was changed."))
        return _changed(request, membership, member)
    before, role = member.role, Membership.Role(form.cleaned_data["role"])
    undo = Undo(reverse("accounts:change_role", args=[member.pk]), "role", before)
    said = {
        Membership.Role.OWNER: _("%(name)s is an owner now."),
        Membership.Role.MEMBER: _("%(name)s is a member now."),
        Membership.Role.VIEWER: _("%(name)s is a viewer now."),
    }[role] % {"name": member.user.display_name}
    return _act(request, membership, member, partial(teams.change_role, role=role), said=said, undo=undo)


@require_POST
@access.member_required
def mark_reviewer(request: HttpRequest, membership: Membership, member_id: uuid.UUID) -> HttpResponse:
    """Let a teammate review the team's images, or no longer."""
    member = access.managed_member(membership, member_id)
    marked = request.POST.get("is_reviewer") == "on"
    undo = Undo(reverse("accounts:mark_reviewer", args=[member.pk]), "is_reviewer", "on" if member.is_reviewer else "")
    said = _("%(name)s reviews the team’s images now.") if marked else _("%(name)s no longer reviews images.")
    act = partial(teams.mark_reviewer, marked=marked)
    return _act(request, membership, member, act, said=said % {"name": member.user.display_name}, undo=undo)


@require_POST
@access.member_required
def hand_over(request: HttpRequest, membership: Membership, member_id: uuid.UUID) -> HttpResponse:
    """Make a teammate an owner in place of oneself."""
    member = access.managed_member(membership, member_id)
    said = _("%(name)s owns the team now. You’re a member.") % {"name": member.user.display_name}
    return _act(request, membership, member, teams.hand_over, said=said)


@require_POST
@access.member_required
def remove(request: HttpRequest, membership: Membership, member_id: uuid.UUID) -> HttpResponse:
    """Take somebody off the team, oneself too."""
    member = access.managed_member(membership, member_id)
    if member.user_id == membership.user_id:
        said = _("You left the team %(team)s.") % {"team": membership.team.name}
        return _act(request, membership, member, teams.remove_member, said=said, after="accounts:me")
    said = _("%(name)s is no longer on the team.") % {"name": member.user.display_name}
    return _act(request, membership, member, teams.remove_member, said=said)


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


def _act(
    request: HttpRequest,
    membership: Membership,
    member: Membership,
    act: Callable[..., None],
    *,
    said: str,
    undo: Undo | None = None,
    after: str = "accounts:team",
) -> HttpResponse:
    """Do it to the member, and say what was done, or why not."""
    try:
        act(member=member, by=membership.user)
    except ActionRefused as exc:
        messages.error(request, str(exc))
        return _changed(request, membership, member)
    if htmx(request):
        return _changed(request, membership, member, said=said, undo=undo)
    messages.success(request, said)
    return redirect(after)


def _changed(
    request: HttpRequest, membership: Membership, member: Membership, *, said: str = "", undo: Undo | None = None
) -> HttpResponse:
    """What the list shows differently now, with what was done and the way back; without JavaScript the page."""
    if not htmx(request):
        return redirect("accounts:team")
    mine = access.current_membership(request)
    if mine is None or not mine.may_manage:
        return HttpResponseClientRedirect(reverse("accounts:team"))
    context = people_context(mine) | {"changed": {member.pk, mine.pk}, "said": said, "undo": undo}
    return render(request, "accounts/team/_people_now.html", context)
