"""Asking a question in other words. Works with htmx, in place, and without JavaScript."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import push_url, reswap, retarget

from accounts.access import signed_in
from accounts.errors import LimitReached
from accounts.models import Membership
from chat import access, worker
from chat.attachments import service as attachments
from chat.catalog import offers
from chat.conversations import exchanges
from chat.models import Answer, Question
from chat.questions import forms
from chat.questions import service as questions
from chat.views.conversation import conversation_context
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.htmx import htmx


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def edit(request: HttpRequest, conversation_id: UUID, question_id: UUID) -> HttpResponse:
    """The question to be written anew; and, sent, another version of it."""
    question = access.editable_question(signed_in(request), conversation_id, question_id)
    membership = access.membership_for(signed_in(request), question.conversation)
    if request.method != "POST":
        return _form_page(request, question, membership, _blank_form(question))
    form = forms.AskForm(
        request.POST, team=membership.team, by=signed_in(request), standing=lambda: dict(question.options)
    )
    handover = worker.begin_handover()
    ask = partial(questions.ask_edited, question=question, by=signed_in(request), handover=handover)
    answer = _asked(form, question, membership, ask)
    if answer is None:
        return _form_page(request, question, membership, forms.refilled_ask_form(form), status=form.refused_with)
    worker.start_answer(answer, handover)
    conversation = answer.question.conversation
    address = reverse("chat:conversation", args=[conversation.pk])
    if not htmx(request):
        return redirect(f"{address}#answer-{answer.pk}")
    context = conversation_context(conversation, membership, exchanges.latest_exchanges(conversation))
    return push_url(render(request, "chat/conversation/_conversation.html", context), address)


def _asked(form: forms.AskForm, question: Question, membership: Membership, ask: Any) -> Answer | None:
    """The new version's answer. None where the form is not in order or a limit is reached; the form then says so."""
    if not form.is_valid():
        return None
    if reason := attachments.refused_by(form.offer, question.attachments.all()):
        form.add_error(None, reason)
        return None
    if not worker.can_write_answers():
        form.add_error(None, _("Parley can’t write an answer right now. Ask again in a moment."))
        form.refused_with = 503
        return None
    try:
        answer: Answer = ask(form.wish)
    except ActionRefused as refused:
        form.add_error(None, str(refused))
        form.leads_to_costs = isinstance(refused, LimitReached) and membership.may_manage
        return None
    return answer


def _blank_form(question: Question) -> forms.AskForm:
    """The question as it was asked, for the model that answered last."""
    team = question.conversation.team
    last = question.answers.order_by("created_at", "id").values_list("model", "provider").last()
    made = offers.offers(team)
    chosen = offers.offer_or_successor(offers.offer_id_of(*last), made) if last else offers.default_offer(team)
    initial = {"text": question.text, "model": chosen.id, "key": uuid4()}
    return forms.AskForm(initial=initial, team=team)


def _form_page(
    request: HttpRequest, question: Question, membership: Membership, form: forms.AskForm, *, status: int = 200
) -> HttpResponse:
    """The form in the question's place, or on a page of its own."""
    context: dict[str, Any] = {"form": form, "question": question, "conversation": question.conversation}
    if htmx(request):
        page = render(request, "chat/conversation/_edit_question.html", context, status=status)
        return reswap(retarget(page, f"#edit-{question.pk}"), "innerHTML")
    context |= sidebar(request, membership, current=question.conversation)
    return render(request, "chat/conversation/edit_question.html", context, status=status)
