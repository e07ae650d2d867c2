"""The standing instructions that go with a question: the team's, then the person's own, then those set for it alone.

Which versions were sent stays with the answer, whatever is written later. What a person wrote for themselves stands in
their own versions and nowhere else, so that nobody comes across it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import InstructionsVersion, PersonalInstructions, TeamInstructions, User
from accounts.services import instructions
from chat.models import Answer
from upstream.requests import Turn

OPTION = "instructions"  # the option by which instructions are set for one question, and kept in a preset


class Origin(StrEnum):
    """Whose instructions they are."""

    TEAM = "team"
    PERSON = "person"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """The word that readers see."""
        return str(_LABELS[self])


_LABELS = {Origin.TEAM: _("Team"), Origin.PERSON: _("Personal"), Origin.QUESTION: _("For this question")}


@dataclass(frozen=True, slots=True)
class Standing:
    """What goes with the person's next question in the team; None for nothing."""

    team: TeamInstructions | None
    person: PersonalInstructions | None

    def __bool__(self) -> bool:
        return bool(self.team or self.person)


@dataclass(frozen=True, slots=True)
class Sent:
    """Instructions that went with a question. `text` is empty where the version was deleted, or where it is not for
    this reader (`hidden`). Those of the question have no version."""

    origin: Origin
    text: str = ""
    version: InstructionsVersion | None = None
    hidden: bool = False


def standing_instructions(*, team_id: UUID, user: User) -> Standing:
    """What holds now."""
    return Standing(
        team=instructions.in_force(instructions.team_versions(team_id=team_id)),
        person=instructions.in_force(instructions.personal_versions(user_id=user.pk)),
    )


def versions_to_send(*, team_id: UUID, by: User) -> dict[str, str]:
    """The ids of the versions that hold now, by whose they are: what is kept in `Answer.request["instructions"]`."""
    found = {
        Origin.TEAM: instructions.team_versions(team_id=team_id),
        Origin.PERSON: instructions.personal_versions(user_id=by.pk),
    }
    latest = {origin: versions.values_list("pk", "text").first() for origin, versions in found.items()}
    return {origin.value: str(newest[0]) for origin, newest in latest.items() if newest and newest[1]}


def origins_of(answer: Answer) -> list[Origin]:
    """Whose instructions go with the answer's question, in the order in which they are sent."""
    found = [origin for origin in (Origin.TEAM, Origin.PERSON) if origin in answer.request.get("instructions", {})]
    return [*found, Origin.QUESTION] if answer.request.get("options", {}).get(OPTION) else found


def sent_with(answer: Answer) -> list[Sent]:
    """What goes with the answer's question, or went, in the order in which it is sent."""
    kept = answer.request.get("instructions", {})
    found: list[Sent] = []
    for origin, versions in ((Origin.TEAM, TeamInstructions.objects), (Origin.PERSON, PersonalInstructions.objects)):
        if origin in kept:
            version = versions.select_related("author").filter(pk=kept[origin]).first()
            found.append(Sent(origin, version.text if version else "", version))
    own = answer.request.get("options", {}).get(OPTION)
    return [*found, Sent(Origin.QUESTION, own)] if own else found


def sent_as_seen_by(reader: User, answer: Answer) -> list[Sent]:
    """The same for a reader of the conversation: what a person wrote for themselves is shown to that person alone."""
    return [
        replace(sent, text="", version=None, hidden=True)
        if sent.origin == Origin.PERSON and answer.asked_by_id != reader.pk
        else sent
        for sent in sent_with(answer)
    ]


def system_turns(answer: Answer) -> list[Turn]:
    """The turns in front of the conversation."""
    return [Turn("system", sent.text) for sent in sent_with(answer) if sent.text]


def length_of(turns: Sequence[Turn]) -> int:
    """The characters of the turns."""
    return sum(len(turn.text) for turn in turns)
