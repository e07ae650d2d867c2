"""Answers to one question side by side, and asking several models for them. Both work without JavaScript."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in
from accounts.models import Membership
from chat import access, worker
from chat.attachments import service as attachments
from chat.catalog import favourites, offers
from chat.conversations import exchanges
from chat.models import Answer, Question
from chat.questions import forms, several
from chat.sources.comparison.side_by_side import MOST_ANSWERS, Numbered, side_by_side
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.htmx import htmx
from core.web.params import uuid_in

_WHAT_IT_SAYS = ("text", "html", "reasoning", "steps", "related", "media")  # the long columns
MOST_LISTED = 20  # answers of a question, the newest, among which somebody chooses


@require_safe
@never_cache
@login_required
def compare(request: HttpRequest, conversation_id: UUID, question_id: UUID) -> HttpResponse:
    """The answers at each `?a=`, or the question's last two. A page that waits for them to end asks again with htmx,
    and gets 204 until they have."""
    question = access.readable_question(signed_in(request), conversation_id, question_id)
    answers = _answers(question)
    chosen = _chosen(request, question, answers)
    ended = [one for one in chosen if not one.answer.is_live]
    is_live = len(ended) < len(chosen)
    if htmx(request) and is_live:
        return HttpResponse(status=204)
    context = {
        "question": question,
        "conversation": question.conversation,
        "chosen": chosen,
        "chosen_numbers": [one.number for one in chosen],
        "is_live": is_live,
        "own_address": _address(question, [one.answer for one in chosen]),
        "compared": side_by_side(ended) if len(ended) > 1 and not is_live else None,
    }
    if htmx(request):
        return render(request, "chat/sources/comparison/_comparison.html", context)
    membership = access.membership_for(signed_in(request), question.conversation)
    context |= {
        "membership": membership,
        "listed": answers[-MOST_LISTED:],
        "may_ask": access.may_ask_in(membership, question.conversation),
        "columns": [(one.number, exchanges.answer_for(one.answer, membership.user_id)) for one in chosen],
        "choices": _choices(membership, answers),
        "most_models": forms.MOST_MODELS,
    }
    context |= sidebar(request, membership, current=question.conversation)
    return render(request, "chat/sources/comparison/page.html", context)


@require_POST
@login_required
def ask_several(request: HttpRequest, conversation_id: UUID, question_id: UUID) -> HttpResponse:
    """Have the question answered by several models at once, and go where their answers stand side by side."""
    question = access.askable_question(signed_in(request), conversation_id, question_id)
    form = forms.SeveralForm(request.POST, team=question.conversation.team)
    if not form.is_valid():
        problems = [str(problem) for found in form.errors.values() for problem in found]
        return _refuse(request, question, problems)
    if not worker.can_write_answers():
        return _refuse(request, question, [_("Parley can’t write an answer right now. Ask again in a moment.")])
    for offer in form.cleaned_data["models"]:
        if reason := attachments.refused_by(offer, question.attachments.all()):
            return _refuse(request, question, [f"{offer.label}: {reason}"])
    try:
        asked = several.ask_several_models(
            form.choices, question=question, by=signed_in(request), begin=worker.begin_handover
        )
    except ActionRefused as refused:
        return _refuse(request, question, [str(refused)])
    for answer, handover in asked:
        worker.start_answer(answer, handover)
    answers = [answer for answer, _handover in asked]
    if len(answers) == 1 and (before := question.answers.exclude(pk=answers[0].pk).order_by("created_at", "id").last()):
        answers.insert(0, before)
    return redirect(_address(question, answers))


def _answers(question: Question) -> list[Numbered]:
    """All of the question's answers, the oldest first, without what they say."""
    found = Answer.objects.filter(question=question).order_by("created_at", "id")
    return [Numbered(one, number) for number, one in enumerate(found.defer(*_WHAT_IT_SAYS), start=1)]


def _chosen(request: HttpRequest, question: Question, answers: Sequence[Numbered]) -> list[Numbered]:
    """Those that the address names, oldest first; the last two where it names none that is there."""
    named = {uuid_in(said) for said in request.GET.getlist("a")[: 2 * MOST_ANSWERS]}
    chosen = [one for one in answers if one.answer.pk in named][:MOST_ANSWERS] or answers[-2:]
    whole = Answer.objects.prefetch_related("sources").in_bulk([one.answer.pk for one in chosen])
    for answer in whole.values():
        answer.question = question
    return [Numbered(whole[one.answer.pk], one.number) for one in chosen if one.answer.pk in whole]


def _choices(membership: Membership, answers: Sequence[Numbered]) -> list[tuple[str, list[offers.Offer]]]:
    """The models to choose from by headings, each once: who answered last, the person's own choice, and all others."""
    found = offers.offers(membership.team)
    usable = [offer for offer in found if not offer.retired]
    asked = {offers.offer_id_of(one.answer.model, one.answer.provider) for one in answers}
    groups = [
        (_("Asked before"), [offer for offer in usable if offer.id in asked]),
        (_("Favourites"), favourites.favourites_of(membership.user, found)),
        (_("Recent"), favourites.recent_models(membership, found)),
        (_("All models"), usable),
    ]
    seen: set[str] = set()
    chosen = []
    for title, group in groups:
        fresh = [offer for offer in group if offer.id not in seen]
        seen |= {offer.id for offer in fresh}
        if fresh:
            chosen.append((title, fresh))
    return chosen


def _refuse(request: HttpRequest, question: Question, problems: Sequence[str]) -> HttpResponse:
    for problem in problems:
        messages.error(request, problem)
    return redirect(_address(question))


def _address(question: Question, answers: Sequence[Answer] = ()) -> str:
    address = reverse("chat:compare", args=[question.conversation_id, question.pk])
    query: list[tuple[str, Any]] = [("a", answer.pk) for answer in answers]
    return f"{address}?{urlencode(query)}" if query else address
