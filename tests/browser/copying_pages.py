"""Copies of pages, for a server: what `tests.writing` writes there."""

from typing import Any

from accounts.models import Team
from chat.sources.copies.records import Reading, keep_reading
from chat.sources.copies.texts import as_file, store
from files.text import DocumentText, Passage


def write(wish: list[dict[str, Any]]) -> list[str]:
    """A copy for each, of what stands in `parts`; the names of all else are those of `Reading`. Returns their ids."""
    team = Team.objects.get(name="Harbour")
    return [str(_kept(team, **one)) for one in wish]


def _kept(team: Team, *, parts: list[str], **facts: Any) -> Any:
    if not parts:
        return keep_reading(team.pk, Reading(**facts)).pk
    text = DocumentText("part", 0, tuple(Passage(number, part) for number, part in enumerate(parts, start=1)))
    data = as_file(text)
    sha256 = store.put(data)
    reading = Reading(text_sha256=sha256, size=len(data), characters=text.characters, unit="part", **facts)
    return keep_reading(team.pk, reading).pk
