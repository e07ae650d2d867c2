"""Asking, asking again, stopping. Each works with htmx and without JavaScript.

A question that nobody could answer now is refused in words, and stays where it was typed.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, push_url, reswap, retarget

from accounts.access import member_required, signed_in
from accounts.errors import LimitReached
from accounts.models import Membership, Team
from accounts.services import teams
from chat import access, worker
from chat.attachments import service as attachments
from chat.catalog import offers
from chat.conversations import exchanges
from chat.conversations.exchanges import ExchangePage
from chat.models import Answer, Conversation, Question
from chat.notifications import read_marks
from chat.presets import defaults
from chat.questions import forms
from chat.questions import service as questions
from chat.views.attachments import store_submitted_files
from chat.views.composer.start import standing_instructions
from chat.views.conversation import conversation_context, exchanges_context, home_context
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.db import AWAY
from core.web.htmx import htmx
from core.web.params import whole_number_in


@require_POST
@member_required
def ask_new(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Open a conversation with its first question."""
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s conversations but can’t ask questions."))
    place, place_note = access.usual_place(membership)
    form = _form(
        request,
        membership.team,
        lambda: defaults.starting_options(membership, space=form.place.space),
        membership=membership,
        place=place,
    )
    handover = worker.begin_handover()
    ask = partial(questions.ask_in_new_conversation, team=membership.team, by=signed_in(request), handover=handover)
    answer = _submit(form, membership, ask)
    if answer is None:
        if htmx(request):
            return _refused_composer(request, form, membership)
        context = home_context(request, membership, place=form.place) | {
            "form": forms.refilled_ask_form(form),
            "place_note": place_note,
        }
        return render(request, "chat/conversation/home.html", context, status=form.refused_with)
    worker.start_answer(answer, handover)
    if form.cleaned_data["visible_to"]:
        teams.remember_visibility(membership=membership, by=signed_in(request), visible_to=form.place.value)
    if not htmx(request):
        return redirect(_place_of(answer))
    if handover.answer:
        conversation, stretch = answer.question.conversation, exchanges.just_asked(answer, handover.attachments)
    else:
        # A form that is sent again leads to where it once led, and that may have become private since.
        conversation = access.readable_conversation(signed_in(request), answer.question.conversation_id)
        membership = access.membership_for(signed_in(request), conversation)
        stretch = exchanges.latest_exchanges(conversation)
    if handover.answer and "stays" in request.POST:
        context = exchanges_context(conversation, membership, stretch)
    else:
        context = conversation_context(conversation, membership, stretch)
    return push_url(render(request, "chat/conversation/_conversation.html", context), _address(conversation))


@require_POST
@login_required
def ask(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Ask the next question of the conversation."""
    conversation, membership = access.askable_with_membership(signed_in(request), conversation_id)
    form = _form(request, conversation.team, lambda: _standing_options(membership, conversation))
    handover = worker.begin_handover()
    ask = partial(
        questions.ask_in_conversation,
        conversation=conversation,
        by=signed_in(request),
        seen=_seen(request),
        right_after=whole_number_in(request.POST.get("from")) or 0,
        handover=handover,
    )
    answer = _submit(form, membership, ask)
    if answer is None:
        if htmx(request):
            return _refused_composer(request, form, membership, conversation)
        stretch = exchanges.latest_exchanges(conversation)
        context = conversation_context(conversation, membership, stretch, form=forms.refilled_ask_form(form))
        return render(
            request,
            "chat/conversation/conversation.html",
            context | sidebar(request, membership),
            status=form.refused_with,
        )
    worker.start_answer(answer, handover)
    if not htmx(request):
        return redirect(_place_of(answer))
    seen, own = _seen_before(request, answer), answer.question.position
    if answer.question.conversation_id != conversation.pk or own - seen > exchanges.MOST_AFTER:
        return HttpResponseClientRedirect(f"{_address(answer.question.conversation)}?around={own}")
    if handover.answer and seen == own - 1:
        stretch = exchanges.just_asked(answer, handover.attachments)
        return _asked(request, conversation, membership, stretch, is_new=True)
    return _asked(request, conversation, membership, exchanges.exchanges_between(conversation, seen, own))


def _asked(
    request: HttpRequest,
    conversation: Conversation,
    membership: Membership,
    stretch: ExchangePage,
    *,
    is_new: bool = False,
) -> HttpResponse:
    """The new exchange, and a composer only for a page that says of its own that it does not stay. With `is_new` there
    is nothing else, so that nothing belongs below it yet."""
    asked = {"oob": True, "older_before": None, "request": request, "is_new": is_new}
    if "stays" not in request.POST:
        context = conversation_context(conversation, membership, stretch) | asked
        return render(request, "chat/conversation/_asked.html", context)
    context = exchanges_context(conversation, membership, stretch) | asked
    return HttpResponse(render_to_string("chat/conversation/_asked.html", context))


@require_POST
@login_required
def ask_again(request: HttpRequest, conversation_id: UUID, question_id: UUID) -> HttpResponse:
    """Have the question answered once more, by the same model or another one."""
    question = access.askable_question(signed_in(request), conversation_id, question_id)
    team = question.conversation.team
    form = forms.AgainForm(request.POST, team=team)
    if not form.is_valid():
        for error in form.errors.get("model") or [_("Send the question again.")]:
            messages.error(request, str(error))
        return _back(request, question.conversation)
    if not worker.can_write_answers():
        return _refuse_again(request, question, _not_now(), status=503)
    if reason := attachments.refused_by(form.cleaned_data["model"], question.attachments.all()):
        return _refuse_again(request, question, reason)
    handover = worker.begin_handover()
    try:
        answer = questions.ask_another_model(form.choice, question=question, by=signed_in(request), handover=handover)
    except ActionRefused as refused:
        return _refuse_again(request, question, str(refused), for_cost=isinstance(refused, LimitReached))
    worker.start_answer(answer, handover)
    if not htmx(request):
        return redirect(_place_of(answer))
    context = {
        "exchange": exchanges.exchange_for(exchanges.exchange_of(question), signed_in(request).pk),
        "conversation": question.conversation,
        "models": offers.offers(team),
        "membership": access.membership_for(signed_in(request), question.conversation),
        "may_ask": True,
    }
    return render(request, "chat/conversation/_exchange.html", context)


@require_POST
@login_required
def stop(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """Stop the answer; what it has written stays. Stopping an answer that has ended changes nothing."""
    answer = access.askable_answer(signed_in(request), conversation_id, answer_id)
    if answer.is_live:
        worker.stop_answer(answer)
    if htmx(request):
        return HttpResponse(status=204)
    return redirect(_place_of(answer))


def _submit(form: forms.AskForm, membership: Membership, ask: Callable[[questions.Wish], Answer]) -> Answer | None:
    """The new answer. None where the form is not in order or a limit is reached; the form then says so."""
    if not form.is_valid():
        return None
    if not worker.can_write_answers():
        form.add_error(None, _not_now())
        form.refused_with = 503
        return None
    try:
        answer = ask(form.wish)
    except attachments.AlreadySent:
        form.refuse_attachments()
        return None
    except ActionRefused as refused:
        form.add_error(None, str(refused))
        form.leads_to_costs = isinstance(refused, LimitReached) and membership.may_manage
        return None
    with suppress(*AWAY):  # what is asked is asked, and the page marks it, too
        read_marks.mark_seen(conversation=answer.question.conversation, by=membership.user)
    return answer


def _not_now() -> str:
    return _(
        "Parley can’t write an answer right now. Your question wasn’t sent, but it’s saved here. Ask again in a moment."
    )


def _refuse_again(
    request: HttpRequest, question: Question, reason: str, *, for_cost: bool = False, status: int = 422
) -> HttpResponse:
    """Says below the question why it is not answered again."""
    if not htmx(request):
        messages.error(request, reason)
        return redirect(f"{_address(question.conversation)}#exchange-{question.pk}")
    membership = access.membership_for(signed_in(request), question.conversation)
    context = {"reason": reason, "leads_to_costs": for_cost and membership.may_manage}
    response = render(request, "chat/composer/_over_limit.html", context, status=status)
    return reswap(retarget(response, f"#problem-{question.pk}"), "innerHTML")


def _form(
    request: HttpRequest,
    team: Team,
    standing: Callable[[], Mapping[str, Any]],
    *,
    membership: Membership | None = None,
    place: access.Place = access.TEAM,
) -> forms.AskForm:
    """The form as it was sent, with the files that came along, and what holds where it says nothing. A new
    conversation's has the place, too."""
    data, refused = store_submitted_files(request, team)
    return forms.AskForm(
        data,
        team=team,
        by=signed_in(request),
        refused=refused,
        standing=standing,
        membership=membership,
        place=place,
    )


def _standing_options(membership: Membership, conversation: Conversation) -> Mapping[str, Any]:
    space = access.space_seen_by(membership.user, conversation)
    return defaults.starting_options(membership, conversation, space=space)


def _refused_composer(
    request: HttpRequest, form: forms.AskForm, membership: Membership, conversation: Conversation | None = None
) -> HttpResponse:
    """The composer with what was typed and the reason, in place of the one that was sent."""
    space = access.space_seen_by(membership.user, conversation) if conversation else form.place.space
    context = {
        "form": forms.refilled_ask_form(form),
        "models": offers.offers(form.team),
        "conversation": conversation,
        "membership": membership,
        "may_ask": True,
        "standing": standing_instructions(membership, space=space),
        "space": space,
    }
    response = render(request, "chat/composer/_composer.html", context, status=form.refused_with)
    return reswap(retarget(response, "#composer"), "outerHTML")


def _back(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    address = _address(conversation)
    if htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _seen(request: HttpRequest) -> int:
    """The position of the last question that the page showed: by its own script, or in its form. 0 for neither."""
    return whole_number_in(request.POST.get("after")) or whole_number_in(request.POST.get("follows")) or 0


def _seen_before(request: HttpRequest, answer: Answer) -> int:
    """The position up to which the page had the conversation when it asked; what teammates asked meanwhile is after it.

    Where the page names none that can be, it is the one before the answer's question.
    """
    before = answer.question.position - 1
    seen = whole_number_in(request.POST.get("after"))
    return before if seen is None else min(seen, before)


def _address(conversation: Conversation) -> str:
    return reverse("chat:conversation", args=[conversation.pk])


def _place_of(answer: Answer) -> str:
    return f"{_address(answer.question.conversation)}#answer-{answer.pk}"
