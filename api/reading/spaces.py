"""Spaces that the token's person may read."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.models import Membership
from api.auth import Caller, api_view
from api.models import Scope
from api.reading import shapes
from api.reading.responses import json_response
from chat import access
from chat.access import SpaceRole
from chat.models import Space, SpaceMember
from chat.spaces.instructions import space_versions

MOST = 500  # a team has few


@api_view(Scope.READ, ("GET", "HEAD"))
def spaces(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The spaces by name, the first MOST."""
    return json_response(request, shapes.page(listed_spaces(caller.membership), None))


def listed_spaces(membership: Membership) -> list[shapes.Shape]:
    """The spaces that the member may read, by three queries however many they are."""
    found = access.readable_spaces(membership).select_related("owner").order_by("name", "pk")[:MOST]
    places = dict(SpaceMember.objects.filter(membership=membership).values_list("space", "role"))
    return [shapes.space(one, _role_in(one, membership, places)) for one in found]


def _role_in(space: Space, membership: Membership, places: Mapping[UUID, str]) -> SpaceRole:
    """As `access.role_in` has it, for a space that the member may read, without a query for each."""
    if space.owner_id == membership.user_id or space.everyone:
        return access.role_in(space, membership) or SpaceRole.READER
    contributes = membership.may_ask and places.get(space.pk) == SpaceMember.Role.CONTRIBUTOR
    return SpaceRole.CONTRIBUTOR if contributes else SpaceRole.READER


@api_view(Scope.READ, ("GET", "HEAD"))
def space(request: HttpRequest, caller: Caller, space_id: UUID) -> HttpResponse:
    """One space with its standing instructions."""
    readable = access.readable_spaces(caller.membership).select_related("owner")
    found = get_object_or_404(readable, pk=space_id)
    role = access.role_in(found, caller.membership)
    newest = space_versions(space_id=found.pk).first()
    assert role is not None
    return json_response(request, shapes.space(found, role, instructions=newest.text if newest else ""))
