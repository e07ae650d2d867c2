"""Spaces of an archive: those that the team has, by their ids or names, or else new ones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from accounts.models import Membership, User
from chat.models import Conversation, Document, Space, SpaceInstructions, SpaceMember
from chat.spaces import service as spaces
from core import graphemes
from core.storable import storable
from core.text import LONGEST_INSTRUCTIONS, one_line
from sharing.imports.foreign import dict_of, list_of, text_of
from sharing.imports.parts.kinds import AlreadyHere, Deletable, Made, NotTaken
from sharing.imports.values import choice_in, json_in, money_in, rows_in, text_in, time_in, whole_in
from sharing.models import ImportedPart, Report

MOST_VERSIONS = 1_000  # of instructions
LONGEST_OPTIONS = 64_000  # characters
MOST_LIMIT = 100_000  # US dollars


class Spaces(Deletable):
    """They, with their people, their instructions and what is usual in them."""

    kind = ImportedPart.Kind.SPACE
    file, counted = "spaces.jsonl", "spaces"
    model, says_who = Space, True
    _by_name: dict[str, UUID] | None = None

    def prepared(self, row: Mapping[str, Any]) -> Any:
        """The row, with the name that it can have."""
        name = graphemes.cut(one_line(storable(text_of(row.get("name")))), 80)
        if not name:
            raise NotTaken
        return row, name

    def store(self, prepared: Any) -> Made:
        """A space that was here before and has this name is this one; else it is made."""
        row, name = prepared
        id = self.id_of(row)
        there = self._named(name)
        if there:
            self.target.spaces[id] = there
            raise AlreadyHere
        space = self._new(row, name)
        self.target.spaces[id] = space
        return Made(str(space.pk), self.like(space))

    def again(self, row: Mapping[str, Any], known: str) -> bool:
        """Conversations and documents of the archive go into it."""
        if not super().again(row, known):
            return False
        self.target.spaces[self.id_of(row)] = Space.objects.get(pk=known)
        return True

    @classmethod
    def like(cls, row: Any) -> dict[str, Any]:
        """Nobody uses a space but by what is in it."""
        return {}

    @classmethod
    def take_away(cls, parts: Sequence[ImportedPart], *, by: User, at: datetime) -> Iterable[ImportedPart]:
        """Those in which there is nothing any more."""
        ids = [UUID(part.row) for part in parts]
        used = {
            *Conversation.objects.filter(space__in=ids, deleted_at=None).values_list("space_id", flat=True),
            *Document.objects.filter(space__in=ids, deleted_at=None).values_list("space_id", flat=True),
            *Report.objects.filter(space__in=ids, deleted_at=None).values_list("space_id", flat=True),
        }
        return super().take_away([part for part in parts if UUID(part.row) not in used], by=by, at=at)

    def _named(self, name: str) -> Space | None:
        """The space that the team had under this name before anything came; each stands for one of the archive's."""
        if self._by_name is None:
            brought = ImportedPart.objects.filter(team=self.target.run.team_id, kind=self.kind).values_list(
                "row", flat=True
            )
            there = Space.objects.filter(team=self.target.run.team_id, deleted_at=None).exclude(pk__in=list(brought))
            self._by_name = {one.name.casefold(): one.pk for one in there}
        found = self._by_name.pop(name.casefold(), None)
        return Space.objects.filter(pk=found, deleted_at=None).first() if found else None

    def _new(self, row: Mapping[str, Any], name: str) -> Space:
        wish = spaces.SpaceWish(
            name=name,
            description=graphemes.cut(one_line(text_in(row.get("description"), 300)), 300),
            colour=choice_in(row.get("colour"), Space.Colour.values, Space.Colour.GREY),
        )
        chosen = None if row.get("everyone") is True else self._chosen(row)
        owner = self.target.somebody(dict_of(row.get("owner"))) or self.target.membership.user
        team = self.target.membership.team
        try:
            space = spaces.create_space(team=team, by=owner, wish=wish, chosen=chosen)
        except PermissionDenied:  # a viewer here
            space = spaces.create_space(team=team, by=self.target.membership.user, wish=wish, chosen=chosen)
        limit = money_in(row.get("monthly_limit"))
        space.model = text_in(row.get("model"), 160)
        space.options = json_in(row.get("options"), {}, LONGEST_OPTIONS)
        space.visible_to = choice_in(row.get("visible_to"), Space.Asking.values, Space.Asking.SPACE)
        space.check_citations = row.get("check_citations") is True
        space.monthly_limit = limit if limit is not None and limit <= MOST_LIMIT else None
        space.archived = row.get("archived") is True
        space.created_at = time_in(row.get("created_at")) or space.created_at
        space.save()
        SpaceInstructions.objects.bulk_create(
            [SpaceInstructions(space=space, **one) for one in instructions_in(row, self.target.somebody)]
        )
        return space

    def _chosen(self, row: Mapping[str, Any]) -> dict[UUID, str]:
        """The people of the space who are on this team, with their roles in it."""
        roles = {}
        for member in map(dict_of, list_of(row.get("members"))):
            person, role = self.target.somebody(member), text_of(member.get("role"))
            if person and role in SpaceMember.Role.values:
                roles[person.pk] = role
        found = Membership.objects.filter(team=self.target.run.team_id, user__in=roles)
        return {one.pk: roles[one.user_id] for one in found}


def instructions_in(row: Mapping[str, Any], somebody: Any) -> list[dict[str, Any]]:
    """The versions of instructions, oldest first. Archives of the first version have the newest alone."""
    versions = {
        number: {
            "number": number,
            "text": text_in(one.get("text"), LONGEST_INSTRUCTIONS),
            "author": somebody(dict_of(one.get("author"))),
            **({"created_at": at} if (at := time_in(one.get("at"))) else {}),
        }
        for one in rows_in(row.get("versions"), MOST_VERSIONS)
        if (number := whole_in(one.get("number")))
    }
    text = text_in(row.get("instructions"), LONGEST_INSTRUCTIONS).strip()
    if not versions and text:
        return [{"number": 1, "text": text, "author": somebody({})}]
    return [versions[number] for number in sorted(versions)]
