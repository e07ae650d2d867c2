"""Pages about what was verified: all that was said of one answer, and what a person vouches for."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import member_required, signed_in
from accounts.models import Membership
from chat import access
from chat.models import Verification
from chat.sources.verified.reminders import own_verifications
from chat.views.sidebar import sidebar


@require_safe
@never_cache
@login_required
def verifications(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """Who verified the answer, what they said, and what was withdrawn or changed: the newest first."""
    answer = access.readable_answer(signed_in(request), conversation_id, answer_id)
    conversation = answer.question.conversation
    rows = Verification.objects.filter(answer=answer).select_related("by", "withdrawn_by").order_by("-at", "-pk")
    context = {"answer": answer, "conversation": conversation, "rows": rows}
    membership = access.membership_for(signed_in(request), conversation)
    context |= sidebar(request, membership, current=conversation)
    return render(request, "chat/sources/verified/history.html", context)


@require_safe
@never_cache
@member_required
def own(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What the person verified, with what has ended and what ends soon at the top."""
    context = {"own": own_verifications(membership)}
    return render(request, "chat/sources/verified/own.html", context | sidebar(request, membership))
