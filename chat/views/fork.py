"""Going on from a question in a new conversation. Works with htmx, in place, and without JavaScript."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import signed_in
from chat import access
from chat.conversations import fork as forks
from chat.conversations import moving
from chat.models import Question
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.htmx import htmx
from core.web.params import uuid_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def fork(request: HttpRequest, conversation_id: UUID, question_id: UUID) -> HttpResponse:
    """Who will see the new conversation; and, sent, the conversation."""
    question = access.askable_question(signed_in(request), conversation_id, question_id)
    if request.method != "POST":
        return _form_page(request, question)
    key, membership = uuid_in(request.POST.get("key")), access.membership_for(signed_in(request), question.conversation)
    place = access.usable_place(membership, request.POST.get("visible_to", ""))
    if key is None or place is None:
        return _form_page(request, question, problem=_("Choose who will see the new conversation."), status=422)
    try:
        made = forks.fork_conversation(question=question, by=signed_in(request), place=place, key=key)
    except ActionRefused as refused:
        return _form_page(request, question, problem=str(refused), status=422)
    address = reverse("chat:conversation", args=[made.pk])
    return HttpResponseClientRedirect(address) if htmx(request) else redirect(address)


def _form_page(request: HttpRequest, question: Question, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The form below the question, or on a page of its own."""
    conversation = question.conversation
    membership = access.membership_for(signed_in(request), conversation)
    said = request.POST.get("visible_to") or moving.where(conversation)
    place = access.usable_place(membership, said) or access.ALONE
    context = {
        "question": question,
        "conversation": conversation,
        "membership": membership,
        "problem": problem,
        "place": place,
        "places": access.offered_places(membership, besides=place.space),
        "quoting": moving.answers_quoting_documents(conversation.pk),
    }
    if htmx(request):
        return render(request, "chat/conversation/_fork.html", context, status=status)
    context |= sidebar(request, membership, current=conversation)
    return render(request, "chat/conversation/fork.html", context, status=status)
