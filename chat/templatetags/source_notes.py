"""What pages say of sources and their sites: marks of the team, newer versions, and sites that are blocked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import template
from django.utils.functional import Promise

from chat.models import Conversation, LedgerSource, SiteMark, Source
from chat.sources import copies
from chat.sources.ledger.page_states import kind_of_newer
from chat.sources.marks import SiteMarks, marks_in_force

register = template.Library()

_MOST_NEWER = 1_000  # pages of a team that are known to be withdrawn or to have a newer version
_KEPT_AS = "_what_is_said_of_sources"


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known for a team: the marks of sites, and what publications say of themselves by their pages' keys."""

    marks: SiteMarks
    newer: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SourceNote:
    """What there is to say of one source. `newer` is `newer`, `withdrawn`, or empty."""

    mark: str
    label: str
    newer: str


@register.simple_tag
def source_notes(shown: Any, conversation: Conversation | None = None) -> dict[int, SourceNote]:
    """The notes on the sources of an answer that is stored, by their numbers; by two queries for a whole page. `shown`
    is a `chat.live.answer_display.AnswerDisplay`."""
    sources = [source for source in shown.sources if isinstance(source, Source)]
    if not sources or shown.is_live:
        return {}
    known = _known_for(conversation or shown.answer.question.conversation)
    newer = _newer_of(sources, known)
    found: dict[int, SourceNote] = {}
    for source in sources:
        mark = known.marks.of(copies.site_of(source.url)) if known.marks.by_site else None
        if mark or source.number in newer:
            label = str(mark.get_mark_display()) if mark else ""
            found[source.number] = SourceNote(mark.mark if mark else "", label, newer.get(source.number, ""))
    return found


@register.filter
def note_on(notes: Mapping[int, SourceNote], number: int) -> SourceNote | None:
    """The note on the source with this number."""
    return notes.get(number)


@register.simple_tag
def blocked_sites(team_id: UUID) -> int:
    """How many sites the team has blocked for new questions."""
    return SiteMark.objects.filter(team=team_id, holds=True, mark=SiteMark.Mark.BLOCKED).count()


@register.filter
def page_problem(problem: str) -> Promise | str:
    """Why a page could not be read, in a sentence."""
    return copies.sentence_for(problem)


@register.filter
def newer_label(newer: dict[str, Any]) -> str:
    """What a copy says of its publication, in two words."""
    return str(LedgerSource.Newer(kind_of_newer(newer)).label)


def _known_for(conversation: Conversation) -> _Known:
    """The same for all answers of the conversation that are shown at once."""
    known: _Known | None = getattr(conversation, _KEPT_AS, None)
    if known is None:
        rows = LedgerSource.objects.filter(team=conversation.team_id).exclude(newer="").order_by()
        pairs = rows.values_list("address_key", "newer")[:_MOST_NEWER]
        known = _Known(marks_in_force(conversation.team_id), dict(pairs))
        setattr(conversation, _KEPT_AS, known)
    return known


def _newer_of(sources: list[Source], known: _Known) -> dict[int, str]:
    if not known.newer:
        return {}
    keys = {source.number: copies.address_key(source.url) for source in sources}
    return {number: known.newer[key] for number, key in keys.items() if key in known.newer}
