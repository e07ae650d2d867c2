"""Who is in a space: reading it, and what its owner changes. A change acts at once and can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import sign_in_required, signed_in
from accounts.models import Membership
from chat import access
from chat.models import Space, SpaceMember
from chat.spaces import overview, people
from chat.spaces.forms import SpaceMemberForm, SpaceRoleForm, chosen_people
from chat.views.sidebar import sidebar
from chat.views.spaces.head import OpenSpace, Tab, opened, space_context
from core.errors import ActionRefused
from core.web.htmx import htmx


@dataclass(frozen=True, slots=True)
class Undo:
    """How to take back what was just done: the address, and the role that is sent there, if any."""

    address: str
    role: str = ""


@require_safe
@never_cache
@sign_in_required
def space_people(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Everybody who is in the space."""
    there = opened(request, space_id)
    context = space_context(request, there, Tab.PEOPLE) | _people_context(there)
    return render(request, "chat/spaces/people.html", context)


@require_POST
@sign_in_required
def add(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Let a teammate in. Raises Http404 for somebody who is not on the team."""
    space, _mine = access.managed_space(signed_in(request), space_id)
    form = SpaceMemberForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a person and a role. Nothing was changed."))
        return _changed(request, space)
    member = _teammate(space, form.cleaned_data["member"])
    return _give_role(request, space, member, form.cleaned_data["role"])


@require_POST
@sign_in_required
def change_role(request: HttpRequest, space_id: UUID, member_id: UUID) -> HttpResponse:
    """Give somebody another role, or with it a place in the space again."""
    space, _mine = access.managed_space(signed_in(request), space_id)
    member = _teammate(space, member_id)
    form = SpaceRoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the roles. Nothing was changed."))
        return _changed(request, space)
    return _give_role(request, space, member, form.cleaned_data["role"])


@require_POST
@sign_in_required
def remove(request: HttpRequest, space_id: UUID, member_id: UUID) -> HttpResponse:
    """Take somebody out of the space."""
    space, _mine = access.managed_space(signed_in(request), space_id)
    member = _teammate(space, member_id)
    before = SpaceMember.objects.filter(space=space, membership=member).first()
    undo = Undo(_address("chat:space_role", space, member), before.role) if before else None
    said = _("%(name)s is no longer in this space.") % {"name": member.user.display_name}
    act = people.remove_member
    return _act(request, space, lambda: act(space=space, member=member, by=signed_in(request)), said=said, undo=undo)


@require_POST
@sign_in_required
def hand_over(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Make somebody who contributes the owner of the space. Raises Http404 for somebody who is not on the team."""
    space, _mine = access.managed_space(signed_in(request), space_id)
    form = SpaceMemberForm({"member": request.POST.get("member"), "role": SpaceMember.Role.CONTRIBUTOR})
    if not form.is_valid():
        messages.error(request, _("Choose who gets the space. Nothing was changed."))
        return redirect(Tab.PEOPLE, space.pk)
    member = _teammate(space, form.cleaned_data["member"])
    try:
        people.hand_over(space=space, member=member, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s owns this space now.") % {"name": member.user.display_name})
    return redirect(Tab.PEOPLE, space.pk)


@require_POST
@sign_in_required
def leave(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Leave a space for which one was chosen."""
    there = opened(request, space_id)
    try:
        people.leave_space(space=there.space, member=there.membership)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(Tab.PEOPLE, space_id)
    messages.success(request, _("You left the space “%(name)s”.") % {"name": there.space.name})
    return redirect("chat:spaces")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sign_in_required
def choose(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Keep the space for people who are chosen, after saying who would lose sight of it."""
    space, mine = access.managed_space(signed_in(request), space_id)
    mates = list(overview.teammates(space))
    if request.method == "POST":
        chosen = chosen_people(request.POST, mates)
    else:
        chosen = {mate.pk: str(SpaceMember.Role.CONTRIBUTOR) for mate in overview.contributing(space)}
    losing = overview.losing_sight(space, chosen) if request.method == "POST" and space.everyone else []
    if request.method == "POST" and (request.POST.get("sure") or not losing):
        try:
            people.choose_people(space=space, by=signed_in(request), chosen=chosen)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("From now on, only the people you chose are in this space."))
        return redirect(Tab.PEOPLE, space.pk)
    context: dict[str, Any] = {
        "space": space,
        "rows": [(mate, chosen.get(mate.pk, "")) for mate in mates],
        "roles": SpaceMember.Role.choices,
        "losing": losing,
    }
    return render(request, "chat/spaces/choose_people.html", context | sidebar(request, mine))


@require_POST
@sign_in_required
def let_everyone_in(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Let everyone on the team into the space."""
    space, _mine = access.managed_space(signed_in(request), space_id)
    try:
        people.open_to_everyone(space=space, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Everyone on the team is in this space now."))
    return redirect(Tab.PEOPLE, space.pk)


def _give_role(request: HttpRequest, space: Space, member: Membership, role: str) -> HttpResponse:
    place = SpaceMember.objects.filter(space=space, membership=member).first()
    before = place.role if place else ""
    undo = Undo(_address("chat:space_role" if before else "chat:space_remove", space, member), before)
    said = {
        SpaceMember.Role.READER: _("%(name)s can read this space now."),
        SpaceMember.Role.CONTRIBUTOR: _("%(name)s can ask in this space now."),
    }[SpaceMember.Role(role)] % {"name": member.user.display_name}
    act = people.set_role
    return _act(
        request,
        space,
        lambda: act(space=space, member=member, by=signed_in(request), role=role),
        said=said,
        undo=undo,
    )


def _act(
    request: HttpRequest, space: Space, act: Callable[[], None], *, said: str, undo: Undo | None = None
) -> HttpResponse:
    """Do it, and say what was done, or why not."""
    try:
        act()
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return _changed(request, space)
    if htmx(request):
        return _changed(request, space, said=said, undo=undo)
    messages.success(request, said)
    return _changed(request, space)


def _changed(request: HttpRequest, space: Space, *, said: str = "", undo: Undo | None = None) -> HttpResponse:
    """The list as it is now, with what was done and the way back; without JavaScript the page."""
    if not htmx(request):
        return redirect(Tab.PEOPLE, space.pk)
    there = opened(request, space.pk)
    context = {"there": there, "space": there.space, "said": said, "undo": undo} | _people_context(there)
    return render(request, "chat/spaces/_people_now.html", context)


def _people_context(there: OpenSpace) -> dict[str, Any]:
    """What `chat/spaces/_people.html` needs."""
    space, manages = there.space, there.may_manage
    return {
        "rows": [] if space.everyone else overview.people_in(space),
        "roles": SpaceMember.Role.choices,
        "outside": overview.teammates_outside(space) if manages and not space.everyone else [],
        "possible_owners": overview.possible_owners(space) if manages else [],
    }


def _teammate(space: Space, member_id: UUID) -> Membership:
    """Raises Http404 for somebody who is not on the space's team."""
    return get_object_or_404(Membership.objects.select_related("user"), team=space.team_id, pk=member_id)


def _address(name: str, space: Space, member: Membership) -> str:
    return reverse(name, args=[space.pk, member.pk])
