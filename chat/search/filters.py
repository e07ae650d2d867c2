"""What narrows a search besides its words, as conditions that both databases understand.

They hold for a document before the newest are chosen, so that what is left out takes no place. What is known of a
question (`chat.search.facts`) holds for its text and for its answers; for a title, what is known of any question of the
conversation does.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from chat.models import Conversation
from chat.search.facts import has_fact, model_fact, person_fact, site_fact
from chat.search.ranking import HitKind

_TAGGED = """EXISTS (SELECT 1 FROM chat_tagging AS tagging
    WHERE tagging.conversation_id = document.conversation_id AND tagging.tag_id = %s)"""
_UNREAD = """EXISTS (SELECT 1 FROM chat_readmark AS mark WHERE mark.conversation_id = conversation.id
    AND mark.person_id = %s AND mark.seen_at < conversation.answered_at)"""

_VERIFIED = """EXISTS (SELECT 1 FROM chat_verification AS verified
    WHERE verified.conversation_id = document.conversation_id AND verified.withdrawn_at IS NULL
    AND (verified.until IS NULL OR verified.until >= %s)"""
_OF_DOCUMENT = """
    AND (verified.answer_id = document.object_id OR EXISTS (SELECT 1 FROM chat_answer AS answered
        WHERE answered.id = verified.answer_id AND answered.question_id = document.object_id))"""

_FEW = 2_000
"""Questions of which a fact may be known for a search to begin with these."""


@dataclass(frozen=True)
class SearchFilters:
    """What a document has to be. What is not given narrows nothing.

    One of `people` asked, one of `models` (provider or none, and name) answered, one of `sites` is among the sources,
    the conversation is in one of `spaces`; each of `has` is there. Moments: from `since` on, before `until`. `owner` is
    whose conversation it is, `unread_by` the person who has not seen its newest answer. `verified_on` is a day on which
    somebody vouches for an answer. `kinds` are what is found at all, empty for everything. Nothing of what `unless`
    describes is found.
    """

    people: tuple[UUID, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    models: tuple[tuple[str, str], ...] = ()
    sites: tuple[str, ...] = ()
    spaces: tuple[UUID, ...] = ()
    has: tuple[str, ...] = ()
    kinds: frozenset[HitKind] = frozenset()
    private: bool | None = None
    archived: bool | None = None
    tags: tuple[UUID, ...] = ()
    pinned: bool | None = None
    owner: UUID | None = None
    unread_by: UUID | None = None
    verified_on: date | None = None
    conversation: UUID | None = None
    unless: tuple["SearchFilters", ...] = ()

    def finds(self, kind: HitKind) -> bool:
        """Whether documents of this kind are found."""
        return (not self.kinds or kind in self.kinds) and not any(
            kind in one.kinds and one == SearchFilters(kinds=one.kinds) for one in self.unless
        )

    @property
    def narrows(self) -> bool:
        """Whether anything but the conversation is asked for, so that there is something to find without words."""
        return replace(self, conversation=None) != NO_FILTERS

    @property
    def facts(self) -> list[list[int]]:
        """Of each of these lists, one fact has to be known."""
        found = [[has_fact(what)] for what in self.has]
        if self.people:
            found.append([person_fact(person) for person in self.people])
        if self.models:
            found.append([model_fact(model, provider) for provider, model in self.models])
        if self.sites:
            found.append([site_fact(site) for site in self.sites])
        return found

    def rarest(self, connection: BaseDatabaseWrapper) -> list[int]:
        """Those facts, one of which has to be known, that are known of so few questions that it is quicker to begin
        with these; none if all are known of many."""
        with connection.cursor() as cursor:
            for facts in self.facts:
                marks = ", ".join(["%s"] * len(facts))
                few = f"SELECT 1 FROM search_fact WHERE name IN ({marks}) LIMIT %s"  # noqa: S608 (placeholders)
                cursor.execute(f"SELECT count(*) FROM ({few}) AS few", [*facts, _FEW + 1])  # noqa: S608
                if cursor.fetchone()[0] <= _FEW:
                    return facts
        return []

    def conditions(self, *, titles: bool, key: Callable[[UUID], Any] = lambda pk: pk) -> tuple[str, list[Any]]:
        """What stands behind a WHERE about `document` and `conversation`, with its parameters. `key` writes an id for
        the database."""
        parts, values = self._parts(titles, key)
        for one in self.unless:
            unwanted, more = one._parts(titles, key)
            if unwanted:
                parts.append(f"NOT ({' AND '.join(unwanted)})")
                values += more
        return "".join(f" AND {part}" for part in parts), values

    def _parts(self, titles: bool, key: Callable[[UUID], Any]) -> tuple[list[str], list[Any]]:
        parts: list[str] = []
        values: list[Any] = []

        def needs(condition: str, *parameters: Any) -> None:
            parts.append(condition)
            values.extend(parameters)

        if self.conversation:
            needs("document.conversation_id = %s", key(self.conversation))
        if self.kinds and not titles:
            needs(f"document.kind IN ({', '.join(['%s'] * len(self.kinds))})", *sorted(self.kinds))
        for name, wanted in (("archived", self.archived), ("pinned", self.pinned)):
            if wanted is not None:
                needs(f"conversation.{name} = %s", wanted)
        for tag in self.tags:
            needs(_TAGGED, key(tag))
        if self.private is not None:
            private = Conversation.Visibility.PRIVATE
            needs(f"conversation.visibility {'=' if self.private else '<>'} %s", private)
        if self.spaces:
            marks = ", ".join(["%s"] * len(self.spaces))
            needs(f"coalesce(conversation.space_id IN ({marks}), %s)", *map(key, self.spaces), False)
        if self.owner:
            needs("conversation.owner_id = %s", key(self.owner))
        if self.unread_by:
            needs(_UNREAD, key(self.unread_by))
        if self.verified_on:
            needs(f"{_VERIFIED}{'' if titles else _OF_DOCUMENT})", self.verified_on.isoformat())
        if self.since:
            needs("document.at >= %s", int(self.since.timestamp()))
        if self.until:
            needs("document.at < %s", int(self.until.timestamp()))
        about = "document.id" if titles else "document.about"
        for facts in self.facts:
            marks = ", ".join(["%s"] * len(facts))
            known = f"SELECT 1 FROM search_fact AS fact WHERE fact.about = {about} AND fact.name IN ({marks})"  # noqa: S608
            needs(f"EXISTS ({known})", *facts)
        return parts, values


NO_FILTERS = SearchFilters()
