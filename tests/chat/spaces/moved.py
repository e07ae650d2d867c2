"""Puts a conversation into a space in a server's database (`tests.writing`)."""

from typing import Any


def write(wish: dict[str, str]) -> dict[str, Any]:
    """The conversation is in the space afterwards, and visible to everybody in it."""
    from chat.models import Conversation

    found = Conversation.objects.filter(pk=wish["conversation"])
    return {"moved": found.update(space=wish["space"], visibility=Conversation.Visibility.SPACE)}
