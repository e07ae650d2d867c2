"""Standing instructions of teams, people and whatever else has them: the versions, of which the newest holds.

Whoever saves says which version they had before them. If another one came in between, nothing is overwritten.
"""

from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from accounts.models import InstructionsVersion, PersonalInstructions, Team, TeamInstructions, User
from accounts.services.teams import lock_team
from core.errors import ActionRefused

SHOWN_VERSIONS = 20  # on a page; older ones are kept all the same

V = TypeVar("V", bound=InstructionsVersion)


class InstructionsChanged(ActionRefused):
    """Somebody saved another version meanwhile: `latest`."""

    def __init__(self, latest: InstructionsVersion) -> None:
        super().__init__(_("Someone changed these instructions while you were editing. Your version isn’t saved yet."))
        self.latest = latest


def team_versions(*, team_id: UUID) -> QuerySet[TeamInstructions]:
    """The versions of the team's instructions, newest first, with their authors."""
    return TeamInstructions.objects.filter(team=team_id).select_related("author")


def personal_versions(*, user_id: UUID) -> QuerySet[PersonalInstructions]:
    """The versions of the person's instructions, newest first."""
    return PersonalInstructions.objects.filter(person=user_id).select_related("author")


def in_force(versions: QuerySet[V]) -> V | None:
    """The newest version if it has any text: what goes with the next question."""
    latest = versions.first()
    return latest if latest and latest.text else None


@transaction.atomic
def save_team_instructions(*, team: Team, by: User, text: str, seen: int) -> TeamInstructions | None:
    """Give the team these instructions, or none with an empty text. Returns the version that holds, None without any.

    `seen` is the number of the version that the owner changed, 0 where there was none. Raises InstructionsChanged if it
    is not the newest any more, PermissionDenied for anybody but an owner.
    """
    lock_team(team=team, by=by)
    return store_version(versions=team_versions(team_id=team.pk), by=by, text=text, seen=seen, team=team)


@transaction.atomic
def save_personal_instructions(*, by: User, text: str, seen: int) -> PersonalInstructions | None:
    """Give the person these instructions, or none with an empty text. The rest as in `save_team_instructions`."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two tabs may save at once
    return store_version(versions=personal_versions(user_id=by.pk), by=by, text=text, seen=seen, person=by)


def store_version(*, versions: QuerySet[V], by: User, text: str, seen: int, **whose: Model) -> V | None:
    """Put the text on top of these versions, which are `whose`. Returns the version that holds, None without any.

    Nobody else may store one meanwhile: the caller holds a lock. Raises InstructionsChanged if the version `seen` is
    not the newest any more.
    """
    latest = versions.first()
    if not _is_new(text, latest, seen):
        return latest
    number = latest.number + 1 if latest else 1
    return versions.model._default_manager.create(number=number, text=text, author=by, **whose)


def _is_new(text: str, latest: InstructionsVersion | None, seen: int) -> bool:
    """Whether the text makes a version of its own. Raises InstructionsChanged if its writer did not see the latest."""
    if text == (latest.text if latest else ""):
        return False
    if latest and latest.number != seen:
        raise InstructionsChanged(latest)
    return True
