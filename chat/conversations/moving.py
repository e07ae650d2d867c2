"""Moving conversations: to the team, into a space, or to their owner alone.

Whoever moves one says where they saw it. If it is somewhere else by then, it stays there, so that of two people who
move it at once neither undoes what the other did.
"""

import logging
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership
from chat import access
from chat.access import Place
from chat.models import AnswerPassage, Conversation
from core.errors import ActionRefused

logger = logging.getLogger(__name__)


class MovedMeanwhile(ActionRefused):
    """The conversation is no longer where the person saw it."""

    def __init__(self) -> None:
        super().__init__(_("Someone moved this conversation meanwhile. It wasn’t moved again."))


def where(conversation: Conversation) -> str:
    """Names the place in which the conversation is stored, also one that is gone, to be compared."""
    return access.value_of(conversation.visibility, conversation.space_id)


@transaction.atomic
def move_conversation(*, conversation: Conversation, by: Membership, to: Place, seen: str) -> None:
    """Have the conversation in that place from now on; who may not read it there loses sight of it.

    `seen` names the place where the person saw it. Raises MovedMeanwhile if it is somewhere else, ActionRefused with
    the reason if they may not move it there.
    """
    held = locked(Conversation.objects.filter(pk=conversation.pk, deleted_at=None)).first()
    if held is None or where(held) != seen:
        raise MovedMeanwhile
    if reason := why_not(by, held, to):
        raise ActionRefused(reason)
    put(held, by=by, to=to)
    conversation.visibility, conversation.space = held.visibility, held.space


def locked(found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """The conversations with their spaces, which nobody else changes until the transaction ends."""
    return found.select_related("space", "owner").select_for_update(no_key=True, of=("self",))


def why_not(by: Membership, conversation: Conversation, to: Place) -> str:
    """Why the member may not move a conversation there that they may read; empty where they may.

    Nobody is made to lose sight of what they started: another person's conversation goes only where they see it.
    """
    if not access.may_manage(by, conversation):
        return _("Only its owner or a team owner can change this conversation.")
    if conversation.owner_id == by.user_id or to.visibility == Conversation.Visibility.TEAM:
        return ""
    if to.is_private:
        return _("Only its owner can make this conversation private or share it.")
    owner = Membership.objects.filter(team=conversation.team_id, user=conversation.owner_id).first()
    if owner and to.space and access.role_in(to.space, owner) is None:
        said = _("%(name)s started this conversation and isn’t in %(space)s. Add them to the space first.")
        return said % {"name": conversation.owner.display_name, "space": to.space.name}
    return ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A place where a conversation can be moved, and in words who sees it there."""

    place: Place
    seen_by: str


def choices(by: Membership, conversation: Conversation) -> list[Choice]:
    """The places besides the one where it is, of spaces as many as a choice offers."""
    team, here = by.team.name, where(conversation)
    everyone = _("everyone in %(team)s") % {"team": team}
    found = [Choice(access.TEAM, everyone)]
    for space in access.offered_places(by).spaces:
        found.append(Choice(access.in_space(space), everyone if space.everyone else _("the people in it")))
    if conversation.owner_id == by.user_id:
        alone = access.alone_in(conversation.space) if conversation.space else access.ALONE
        if access.usable_place(by, alone.value) and alone.space:
            found.append(Choice(alone, _("nobody else")))
        found.append(Choice(access.ALONE, _("nobody else")))
    return [choice for choice in found if choice.place.value != here]


def put(conversation: Conversation, *, by: Membership, to: Place) -> None:
    """Store the place of a conversation that is locked."""
    conversation.visibility, conversation.space = to.visibility, to.space
    conversation.save(update_fields=("visibility", "space"))
    logger.info("%s moved conversation %s to %s.", by.user.get_username(), conversation.pk, to.value)


def answers_quoting_documents(conversation_id: UUID) -> int:
    """How many answers of the conversation cite documents of a space. What they say about these is read by everybody
    who reads the conversation, the documents only by those who may read the space."""
    cited = AnswerPassage.objects.filter(answer__question__conversation=conversation_id, cited=True)
    return cited.order_by().values("answer").distinct().count()
