"""What people keep: presets and saved searches."""

from collections.abc import Mapping
from typing import Any

from chat.models import Preset, SavedSearch
from chat.presets.service import LONGEST_OPTIONS
from chat.presets.service import MOST as MOST_PRESETS
from chat.search.saved import MOST as MOST_SEARCHES
from core.errors import ActionRefused
from core.text import one_line
from sharing.imports.foreign import dict_of
from sharing.imports.parts.kinds import AlreadyHere, Deletable, Made, NotTaken
from sharing.imports.values import json_in, text_in, time_in
from sharing.models import ImportedPart

LONGEST_NAME = 60
LONGEST_QUERY = 4_000
_MOST_NUMBER = 100  # behind a name that is taken


class Presets(Deletable):
    """They. The defaults of whoever made the archive come too, where whoever brings it has none."""

    kind = ImportedPart.Kind.PRESET
    file, counted = "presets.jsonl", "presets"
    model = Preset

    def prepared(self, row: Mapping[str, Any]) -> Any:
        """What it sets."""
        name = one_line(text_in(row.get("name"), LONGEST_NAME))
        options, offer = json_in(row.get("options"), {}, LONGEST_OPTIONS), text_in(row.get("model"), 120)
        if not options and not offer:
            raise NotTaken
        return row, name, options, offer

    def store(self, prepared: Any) -> Made:
        """The preset; one whose name its owner has given to another gets a number."""
        row, name, options, offer = prepared
        owner = self.target.somebody(dict_of(row.get("owner"))) or self.target.membership.user
        mine = list(Preset.objects.filter(team=self.target.run.team_id, owner=owner, deleted_at=None))
        same = next((one for one in mine if one.name.casefold() == name.casefold()), None)
        if same and (not name or (same.options, same.model) == (options, offer)):
            raise AlreadyHere
        if len(mine) > MOST_PRESETS:
            raise ActionRefused("")
        made = Preset(
            team_id=self.target.run.team_id,
            owner=owner,
            name=_free(name, {one.name.casefold() for one in mine}) if same else name,
            model=offer,
            options=options,
            shared=bool(name) and row.get("shared") is True,
        )
        made.created_at = time_in(row.get("created_at")) or made.created_at
        made.save(force_insert=True)
        return Made(str(made.pk), self.like(made))

    @classmethod
    def like(cls, row: Any) -> dict[str, Any]:
        """All that people set."""
        return {"name": row.name, "model": row.model, "options": row.options, "shared": row.shared}


class Searches(Deletable):
    """They."""

    kind = ImportedPart.Kind.SEARCH
    file, counted = "searches.jsonl", "searches"
    model = SavedSearch

    def prepared(self, row: Mapping[str, Any]) -> Any:
        """What is looked for."""
        name, query = one_line(text_in(row.get("name"), LONGEST_NAME)), text_in(row.get("query"), LONGEST_QUERY).strip()
        if not name or not query:
            raise NotTaken
        return row, name, query

    def store(self, prepared: Any) -> Made:
        """The search; one whose name is taken gets a number."""
        row, name, query = prepared
        owner = self.target.somebody(dict_of(row.get("owner"))) or self.target.membership.user
        mine = list(SavedSearch.objects.filter(team=self.target.run.team_id, owner=owner, deleted_at=None))
        same = next((one for one in mine if one.name.casefold() == name.casefold()), None)
        if same and same.query == query:
            raise AlreadyHere
        if len(mine) >= MOST_SEARCHES:
            raise ActionRefused("")
        made = SavedSearch(
            team_id=self.target.run.team_id,
            owner=owner,
            name=_free(name, {one.name.casefold() for one in mine}) if same else name,
            query=query,
            newest_first=row.get("newest_first") is True,
        )
        made.created_at = time_in(row.get("created_at")) or made.created_at
        made.save(force_insert=True)
        return Made(str(made.pk), self.like(made))

    @classmethod
    def like(cls, row: Any) -> dict[str, Any]:
        """All that people set."""
        return {"name": row.name, "query": row.query, "newest_first": row.newest_first}


def _free(name: str, taken: set[str]) -> str:
    for number in range(2, _MOST_NUMBER):
        free = f"{name[: LONGEST_NAME - 5]} ({number})"
        if free.casefold() not in taken:
            return free
    raise NotTaken
