"""The standing instructions that go with a question: the team's, those of the space in which it is asked, the person's
own, then those set for it alone.

Which versions were sent stays with the answer, whatever is written later. What a person wrote for themselves stands in
their own versions and nowhere else, so that nobody comes across it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import InstructionsVersion, Membership, PersonalInstructions, TeamInstructions, User
from accounts.services import instructions
from chat import access
from chat.models import Answer, Space, SpaceInstructions
from upstream.requests import Turn

OPTION = "instructions"  # the option by which instructions are set for one question, and kept in a preset


class Origin(StrEnum):
    """Whose instructions they are."""

    TEAM = "team"
    SPACE = "space"
    PERSON = "person"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """The word that readers see."""
        return str(_LABELS[self])


_LABELS = {
    Origin.TEAM: _("Team"),
    Origin.SPACE: _("Space"),
    Origin.PERSON: _("Personal"),
    Origin.QUESTION: _("For this question"),
}
_STANDING: dict[Origin, type[InstructionsVersion]] = {
    Origin.TEAM: TeamInstructions,
    Origin.SPACE: SpaceInstructions,
    Origin.PERSON: PersonalInstructions,
}
"""In the order in which they are sent."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What goes with the person's next question in the team; None for nothing."""

    team: TeamInstructions | None
    person: PersonalInstructions | None
    space: SpaceInstructions | None = None

    def __bool__(self) -> bool:
        return bool(self.team or self.space or self.person)


@dataclass(frozen=True, slots=True)
class Sent:
    """Instructions that went with a question. `text` is empty where the version was deleted, or where it is not for
    this reader (`hidden`). Those of the question have no version."""

    origin: Origin
    text: str = ""
    version: InstructionsVersion | None = None
    hidden: bool = False


def _space_versions(*, space_id: UUID) -> QuerySet[SpaceInstructions]:
    """The versions of the space's instructions, newest first, with their authors."""
    return SpaceInstructions.objects.filter(space=space_id).select_related("author", "space")


def standing_instructions(*, team_id: UUID, user: User, space: Space | None = None) -> Standing:
    """What holds now, in the space if there is one: who calls has looked whether the person may read it."""
    return Standing(
        team=instructions.in_force(instructions.team_versions(team_id=team_id)),
        person=instructions.in_force(instructions.personal_versions(user_id=user.pk)),
        space=instructions.in_force(_space_versions(space_id=space.pk)) if space else None,
    )


def versions_to_send(*, team_id: UUID, by: User, space: Space | None = None) -> dict[str, str]:
    """The ids of the versions that hold now, by whose they are: what is kept in `Answer.request["instructions"]`."""
    found: dict[Origin, QuerySet[Any]] = {
        Origin.TEAM: instructions.team_versions(team_id=team_id),
        Origin.PERSON: instructions.personal_versions(user_id=by.pk),
    }
    if space:
        found[Origin.SPACE] = _space_versions(space_id=space.pk)
    latest = {origin: versions.values_list("pk", "text").first() for origin, versions in found.items()}
    return {origin.value: str(newest[0]) for origin, newest in latest.items() if newest and newest[1]}


def origins_of(answer: Answer) -> list[Origin]:
    """Whose instructions go with the answer's question, in the order in which they are sent."""
    found = [origin for origin in _STANDING if origin in answer.request.get("instructions", {})]
    return [*found, Origin.QUESTION] if answer.request.get("options", {}).get(OPTION) else found


def sent_with(answer: Answer) -> list[Sent]:
    """What goes with the answer's question, or went, in the order in which it is sent."""
    kept = answer.request.get("instructions", {})
    found: list[Sent] = []
    for origin, versions in _STANDING.items():
        if origin in kept:
            version = versions.objects.select_related("author").filter(pk=kept[origin]).first()  # type: ignore[attr-defined]
            found.append(Sent(origin, version.text if version else "", version))
    own = answer.request.get("options", {}).get(OPTION)
    return [*found, Sent(Origin.QUESTION, own)] if own else found


def sent_as_seen_by(reader: User, answer: Answer) -> list[Sent]:
    """The same for a reader of the conversation: what a person wrote for themselves is shown to that person alone, and
    what is for a space to those who may read it, wherever the conversation is now."""
    return [
        sent if _is_for(reader, sent, answer) else replace(sent, text="", version=None, hidden=True)
        for sent in sent_with(answer)
    ]


def _is_for(reader: User, sent: Sent, answer: Answer) -> bool:
    if sent.origin == Origin.PERSON:
        return answer.asked_by_id == reader.pk
    if isinstance(sent.version, SpaceInstructions):
        places = Membership.objects.filter(user=reader, team__spaces=sent.version.space_id)
        return any(access.readable_spaces(place).filter(pk=sent.version.space_id).exists() for place in places)
    return True


def system_turns(answer: Answer) -> list[Turn]:
    """The turns in front of the conversation."""
    return [Turn("system", sent.text) for sent in sent_with(answer) if sent.text]


def length_of(turns: Sequence[Turn]) -> int:
    """The characters of the turns."""
    return sum(len(turn.text) for turn in turns)
