"""Finding what people have verified."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from chat.access.conversations import askable_answer, may_manage
from chat.access.memberships import membership_for
from chat.models import Verification


def own_verification(user: User, conversation_id: UUID, answer_id: UUID, verification_id: UUID) -> Verification:
    """What the person said themselves of an answer, withdrawn or not. Raises Http404, or PermissionDenied for anybody
    else."""
    found = _found(user, conversation_id, answer_id, verification_id)
    if found.by_id != user.pk or found.by_name:
        raise PermissionDenied(_("Only the person who verified this can change it."))
    return found


def withdrawable_verification(
    user: User, conversation_id: UUID, answer_id: UUID, verification_id: UUID
) -> Verification:
    """What the person said themselves, or of which they may say that it does not hold: whoever manages the
    conversation. Raises Http404, or PermissionDenied for others."""
    found = _found(user, conversation_id, answer_id, verification_id)
    conversation = found.answer.question.conversation
    if found.by_id != user.pk and not may_manage(membership_for(user, conversation), conversation):
        raise PermissionDenied(_("Only the person who verified this, or who manages the conversation, can remove it."))
    return found


def _found(user: User, conversation_id: UUID, answer_id: UUID, verification_id: UUID) -> Verification:
    answer = askable_answer(user, conversation_id, answer_id)
    found: Verification = get_object_or_404(
        Verification.objects.select_related("by"), pk=verification_id, answer=answer
    )
    found.answer = answer
    return found
