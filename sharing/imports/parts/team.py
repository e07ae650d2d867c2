"""What holds for a whole team: its instructions, and settings that ask for more care than it begins with.

Where this team has set something itself, that holds. What would let people do more than they may here, such as sharing
by link, never comes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.models import Team, TeamInstructions, User
from accounts.services.instructions import InstructionsChanged, save_team_instructions
from accounts.visibility import Visibility
from core.web.money import plain_amount
from sharing.imports.foreign import dict_of
from sharing.imports.parts.kinds import AlreadyHere, Kind, Made
from sharing.imports.parts.spaces import MOST_LIMIT, instructions_in
from sharing.imports.values import money_in, texts_in
from sharing.models import ImportedPart


class OfTeam(Kind):
    """They: one row."""

    kind = ImportedPart.Kind.TEAM
    file, counted = "team.jsonl", "instructions"

    def id_of(self, row: Mapping[str, Any]) -> str:
        """There is one."""
        return "team"

    def prepared(self, row: Mapping[str, Any]) -> Any:
        """The row as it is."""
        return row

    def store(self, prepared: Any) -> Made:
        """What the team has not set itself. Raises AlreadyHere where that is nothing."""
        team = Team.objects.select_for_update(no_key=True).get(pk=self.target.run.team_id)
        brought: dict[str, Any] = {}
        versions = instructions_in(prepared, self.target.somebody)
        if versions and not TeamInstructions.objects.filter(team=team).exists():
            TeamInstructions.objects.bulk_create([TeamInstructions(team=team, **one) for one in versions])
            brought["instructions"] = {"number": versions[-1]["number"], "text": versions[-1]["text"]}
        settings = _settings(dict_of(prepared.get("settings")), team)
        for name, value in settings.items():
            setattr(team, name, value)
        if settings:
            team.save(update_fields=list(settings))
            brought["settings"] = _as_json(settings)
        if not brought:
            raise AlreadyHere
        return Made(str(team.pk), brought)

    @classmethod
    def take_away(cls, parts: Sequence[ImportedPart], *, by: User, at: datetime) -> Iterable[ImportedPart]:
        """Have no instructions and no such settings, as far as nobody has changed them since."""
        for part in parts:
            team = Team.objects.select_for_update(no_key=True).get(pk=part.team_id)
            said = part.as_brought.get("instructions")
            if said and _newest(team) == said:
                _say(team, "", by=by)
            settings = part.as_brought.get("settings", {})
            changed = [name for name, value in settings.items() if _as_json({name: getattr(team, name)})[name] == value]
            began = Team()
            for name in changed:
                setattr(team, name, getattr(began, name))
            team.save(update_fields=changed)
            yield part

    @classmethod
    def bring_back(cls, parts: Sequence[ImportedPart], *, by: User, at: datetime) -> None:
        """Say the same instructions again, if there are none, and set again what nobody has set since."""
        for part in parts:
            team = Team.objects.select_for_update(no_key=True).get(pk=part.team_id)
            settings = _settings(part.as_brought.get("settings", {}), team)
            for name, value in settings.items():
                setattr(team, name, value)
            team.save(update_fields=list(settings))
            said, newest = part.as_brought.get("instructions"), _newest(part.team)
            if said and newest and not newest["text"]:
                _say(part.team, said["text"], by=by)


def _settings(said: Mapping[str, Any], team: Team) -> dict[str, Any]:
    found: dict[str, Any] = {}
    limit = money_in(said.get("monthly_limit"))
    if team.monthly_limit is None and limit is not None and limit <= MOST_LIMIT:
        found["monthly_limit"] = limit
    if team.allowed_tools is None and isinstance(said.get("allowed_tools"), list):
        found["allowed_tools"] = texts_in(said["allowed_tools"], most=200, longest=100)
    if team.visible_to == Visibility.TEAM and said.get("visible_to") == Visibility.PRIVATE:
        found["visible_to"] = Visibility.PRIVATE.value
    return found


def _as_json(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: plain_amount(value) if name == "monthly_limit" and value is not None else value
        for name, value in settings.items()
    }


def _newest(team: Team) -> dict[str, Any] | None:
    found = TeamInstructions.objects.filter(team=team).order_by("-number").first()
    return {"number": found.number, "text": found.text} if found else None


def _say(team: Team, text: str, *, by: User) -> None:
    newest = _newest(team)
    try:
        save_team_instructions(team=team, by=by, text=text, seen=newest["number"] if newest else 0)
    except (InstructionsChanged, PermissionDenied):  # somebody was faster, or it is no owner any more
        return
