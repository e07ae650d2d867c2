"""What a search finds, text by text."""

from django.db import connection

from accounts.models import User
from chat.search import MOST_PLACES, FoundConversation, Place, SearchFilters, note_facts, search
from tests.chat.conversations.conftest import membership_of


def settle() -> None:
    """Have found what is known of the texts, as the worker does within a second."""
    while note_facts(connection, most=100):
        pass


def found(person: User, words: str, filters: SearchFilters | None = None) -> list[FoundConversation]:
    """The conversations with these words, each with all of its places."""
    settle()
    page = search(membership_of(person), words=words, filters=filters or SearchFilters(), places=MOST_PLACES)
    return page.conversations


def places(person: User, words: str) -> list[Place]:
    """The questions and answers with these words."""
    return [place for one in found(person, words) for place in one.places]


def kinds(person: User, words: str, filters: SearchFilters | None = None) -> list[str]:
    """What kind of text each of those with these words is, titles before the others of their conversation."""
    return [
        kind
        for one in found(person, words, filters)
        for kind in ["title"] * one.in_title + [place.kind.value for place in one.places]
    ]


def titles(person: User, words: str, filters: SearchFilters | None = None) -> list[str]:
    """The titles of the conversations with these words, the best first."""
    return [one.conversation.title for one in found(person, words, filters)]
