"""Where the conversations of a file go, and whose they become."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Membership, User
from chat.access import ALONE, TEAM, Place, usable_place
from chat.access.places import in_space
from chat.models import Space
from core.errors import ActionRefused
from sharing.imports.foreign import ForeignConversation, text_of
from sharing.models import ImportRun

_MOST_PEOPLE = 20_000


@dataclass(slots=True)
class Target:
    """Where things go. Of a whole team, `people` are those of this team by their names in small letters, and `spaces`
    those of this team by the ids that the archive has for them; so are `documents`, and `versions` of them by their
    numbers, too."""

    run: ImportRun
    membership: Membership
    place: Place
    people: Mapping[str, User] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    documents: dict[str, UUID] = field(default_factory=dict)
    versions: dict[tuple[str, int], UUID] = field(default_factory=dict)

    def person(self, name: str) -> User:
        """The person of that name; whoever imports, where nobody is called so."""
        return self.people.get(name.casefold(), self.membership.user)

    @property
    def is_team(self) -> bool:
        """Whether a team's owner brings all of a team back: then people here are who they were there."""
        return self.run.as_it_was

    def somebody(self, said: Mapping[str, Any]) -> User | None:
        """The person of this team whom the archive names; None for anybody else."""
        name = text_of(said.get("username"))
        return self.people.get(name.casefold()) if name else None

    def owner_of(self, found: ForeignConversation) -> User:
        """Whose the conversation becomes."""
        return self.person(found.owner)

    def place_of(self, found: ForeignConversation) -> Place:
        """Where it goes. Of an archive, as it was there; what cannot be placed so is its owner's alone."""
        if not self.run.as_it_was:
            return self.place
        if found.visibility == TEAM.value:
            return TEAM
        space = self.spaces.get(found.space)
        return in_space(space) if space and found.visibility == "space" else ALONE

    def author_of(self, found: ForeignConversation) -> str:
        """Who asked, where that is nobody here and the file says it."""
        name = found.owner_name or found.owner
        if not found.owner or self.owner_of(found).get_username().casefold() == found.owner.casefold():
            return ""
        return name[:150]


def allowed_place(run: ImportRun) -> tuple[Membership, Place]:
    """The person's place in the team, and where the file goes, by what they may do now. Raises ActionRefused where they
    may not any more."""
    membership = Membership.objects.select_related("user", "team").filter(team=run.team_id, user=run.person_id).first()
    if membership is None or not membership.may_ask or not membership.user.is_active:
        raise ActionRefused(_("You can’t add conversations to this team any more."))
    place = usable_place(membership, run.place)
    if place is None:
        raise ActionRefused(_("You can’t add to the space that you chose any more. Choose another place."))
    if run.as_it_was and not membership.may_manage:
        raise ActionRefused(_("Only team owners can bring a whole team back."))
    return membership, place


def target_of(run: ImportRun) -> Target:
    """Where the file goes. Raises ActionRefused as `allowed_place` does."""
    membership, place = allowed_place(run)
    people: dict[str, User] = {}
    if run.as_it_was:
        there = Membership.objects.select_related("user").filter(team=run.team_id)[:_MOST_PEOPLE]
        for one in there:
            people[one.user.get_username().casefold()] = one.user
            if one.user.verified_email:
                people.setdefault(one.user.verified_email.casefold(), one.user)
    return Target(run, membership, place, people)


def owners_in(target: Target, some: list[ForeignConversation]) -> dict[int, UUID]:
    """Whose each of them becomes, by their places."""
    return {place: target.owner_of(one).pk for place, one in enumerate(some)}
