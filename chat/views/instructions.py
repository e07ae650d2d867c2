"""Which instructions went with a question, for those who can read its answer."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from chat import access
from chat.answers.instructions import sent_as_seen_by
from chat.views.sidebar import sidebar


@require_safe
@never_cache
@login_required
def instructions(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """What was sent in front of the conversation, in its order."""
    answer = access.readable_answer(signed_in(request), conversation_id, answer_id)
    conversation = answer.question.conversation
    context = {"answer": answer, "conversation": conversation, "sent": sent_as_seen_by(signed_in(request), answer)}
    membership = access.membership_for(signed_in(request), conversation)
    return render(request, "chat/instructions/sent.html", context | sidebar(request, membership, current=conversation))
