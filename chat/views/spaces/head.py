"""What all pages of a space have in common."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import signed_in
from accounts.models import Membership
from chat import access
from chat.access import SpaceRole
from chat.models import Space
from chat.spaces import overview
from chat.views.sidebar import sidebar


class Tab(StrEnum):
    """The pages of a space."""

    CONVERSATIONS = "chat:space"
    DOCUMENTS = "chat:space_documents"
    INSTRUCTIONS = "chat:space_instructions"
    PEOPLE = "chat:space_people"
    SETTINGS = "chat:space_settings"


@dataclass(frozen=True, slots=True)
class OpenSpace:
    """A space with the place of whoever looks at it: on its team, and in it."""

    space: Space
    membership: Membership
    role: SpaceRole

    @property
    def may_ask(self) -> bool:
        """Whether the person may ask in it now."""
        return self.role.may_contribute and not self.space.archived

    @property
    def may_manage(self) -> bool:
        """Whether the person may change it."""
        return self.role.may_manage

    @property
    def may_limit(self) -> bool:
        """Whether the person says what its questions may cost."""
        return self.membership.may_manage

    @property
    def may_leave(self) -> bool:
        """Whether the person was chosen for it, and may go."""
        return not self.space.everyone and self.space.owner_id != self.membership.user_id


def opened(request: HttpRequest, space_id: UUID) -> OpenSpace:
    """The space for the person behind the request. Raises Http404."""
    return OpenSpace(*access.space_with_role(signed_in(request), space_id))


def space_context(request: HttpRequest, there: OpenSpace, tab: Tab) -> dict[str, Any]:
    """What `chat/spaces/_head.html` needs."""
    return {
        "there": there,
        "space": there.space,
        "tabs": [(reverse(one, args=[there.space.pk]), label, one == tab) for one, label in _tabs(there)],
        "inherited": there.space.inherited_from if there.space.owner_id == there.membership.user_id else None,
        "shared_count": overview.shared_conversations(there.space) if there.may_manage else 0,
    } | sidebar(request, there.membership, space=there.space)


def deleted_space(request: HttpRequest) -> Space | None:
    """The space at `?deleted=` that was deleted a moment ago and can be restored by this person."""
    try:
        return access.managed_space(signed_in(request), UUID(request.GET.get("deleted", "")), deleted=True)[0]
    except (ValueError, Http404, PermissionDenied):
        return None


def _tabs(there: OpenSpace) -> list[tuple[Tab, str]]:
    found = [
        (Tab.CONVERSATIONS, _("Conversations")),
        (Tab.DOCUMENTS, _("Documents")),
        (Tab.INSTRUCTIONS, _("Instructions")),
        (Tab.PEOPLE, _("People")),
    ]
    return [*found, (Tab.SETTINGS, _("Settings"))] if there.may_manage or there.may_limit else found
