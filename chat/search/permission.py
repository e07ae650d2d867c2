"""Which conversations a search looks at, as a condition that both databases understand: those that `chat.access` lets
the member read."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from accounts.models import Membership
from chat import access
from chat.models import Conversation


def readable_condition(membership: Membership, *, key: Callable[[UUID], Any] = lambda pk: pk) -> tuple[str, list[Any]]:
    """What stands in a WHERE about `conversation`, with its parameters. `key` writes an id for the database."""
    spaces = list(access.readable_spaces(membership).values_list("pk", flat=True))
    visibility = Conversation.Visibility
    me = key(membership.user_id)
    values: list[Any] = [key(membership.team_id), visibility.TEAM, visibility.PRIVATE, me, visibility.SPACE, me]
    of_spaces = ""
    if spaces:
        of_spaces = f" OR conversation.space_id IN ({', '.join(['%s'] * len(spaces))})"
        values += [key(pk) for pk in spaces]
    condition = f"""conversation.team_id = %s AND conversation.deleted_at IS NULL AND (
        conversation.visibility = %s
        OR (conversation.visibility = %s AND conversation.owner_id = %s)
        OR (conversation.visibility = %s AND (
            (conversation.owner_id = %s AND NOT EXISTS (
                SELECT 1 FROM chat_space AS space WHERE space.id = conversation.space_id AND space.deleted_at IS NULL
            )){of_spaces}
        ))
    )"""  # noqa: S608 (placeholders)
    return condition, values
