"""What a composer offers about the documents of the space in which it asks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import template

from accounts.models import Membership
from chat.answers import passages
from chat.models import Space

register = template.Library()


@dataclass(frozen=True, slots=True)
class DocumentsChoice:
    """What is chosen, and the budgets to choose from: passages, and about how many tokens they take."""

    space_id: UUID
    mode: str
    passages: int
    budgets: list[tuple[int, int]]


@register.simple_tag
def documents_choice(space: Space | None, form: Any, membership: Membership) -> DocumentsChoice | None:
    """What the form says, else what the person chose last in the space, else what is usual; None where there are no
    documents to ask."""
    if not space or not passages.has_documents(space.pk):
        return None
    chosen = form.wanted or passages.chosen_last(space_id=space.pk, user_id=membership.user_id)
    budgets = [(count, count * passages.TOKENS_EACH) for count in passages.COUNTS]
    return DocumentsChoice(space.pk, chosen.mode, chosen.passages, budgets)
