"""Finding attachments."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from chat.access.conversations import readable_conversation
from chat.models import Attachment


def readable_attachment(user: User, attachment_id: UUID) -> Attachment:
    """An attachment of a conversation that the person may read, or an upload of their own that went with no question
    yet. Raises Http404 for anybody else, and for uploads to a team that they have left."""
    of_theirs = Attachment.objects.select_related("question").filter(team__memberships__user=user)
    attachment = get_object_or_404(of_theirs, pk=attachment_id)
    if attachment.question:
        readable_conversation(user, attachment.question.conversation_id)
    elif attachment.owner_id != user.pk:
        raise Http404
    return attachment


def own_uploads(user: User) -> QuerySet[Attachment]:
    """What this person uploaded and has asked nothing about yet."""
    return Attachment.objects.filter(owner=user, question=None)
