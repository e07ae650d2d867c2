"""The check of an answer's citations: the line below the answer, its panel, beginning one, and a second opinion."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap

from accounts.access import signed_in
from chat import access
from chat.conversations import exchanges
from chat.live.check_panel import panel_of
from chat.models import Answer, CitationCheck, OpinionRequest
from chat.sources import checks
from chat.sources.checks.opinions import live_opinion
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.htmx import htmx
from core.web.params import whole_number_in
from core.web.wording import said_problem


@require_safe
@never_cache
@login_required
def line(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """The line below the answer as it is now, as a piece of the page."""
    answer = access.readable_answer(signed_in(request), conversation_id, answer_id)
    return render(request, "chat/sources/checks/_line.html", _context(request, answer))


@require_safe
@never_cache
@login_required
def check(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """The check that the answer wears: all citations or those of one `?state=`, those at the position `?around=`. To
    htmx the panel alone."""
    answer = access.readable_answer(signed_in(request), conversation_id, answer_id)
    context = _panel_context(request, answer)
    if htmx(request):
        return render(request, "chat/sources/checks/_panel.html", context)
    conversation = answer.question.conversation
    membership = access.membership_for(signed_in(request), conversation)
    context |= sidebar(request, membership, current=conversation)
    return render(request, "chat/sources/checks/check.html", context)


@require_POST
@login_required
def begin(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """Have what the answer cites checked, or checked again."""
    answer = access.askable_answer(signed_in(request), conversation_id, answer_id)
    try:
        checks.request_check(answer=answer, by=signed_in(request))
    except ActionRefused as refused:
        return _refused(request, answer, refused)
    if htmx(request):
        return render(request, "chat/sources/checks/_line.html", _context(request, answer))
    return redirect("chat:answer_check", conversation_id, answer.pk)


@require_POST
@login_required
def ask_opinion(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """Have a model say what it makes of the citation at the position, or of all of them. It is paid for."""
    answer = access.askable_answer(signed_in(request), conversation_id, answer_id)
    found = checks.current_check(answer)
    position = whole_number_in(request.POST.get("position"))
    try:
        if found:
            checks.request_opinion(check=found, by=signed_in(request), positions=[position] if position else ())
    except ActionRefused as refused:
        return _refused(request, answer, refused)
    if htmx(request):
        return render(request, "chat/sources/checks/_panel.html", _panel_context(request, answer))
    place = f"#mark-{position}" if position else ""
    return redirect(reverse("chat:answer_check", args=[conversation_id, answer.pk]) + place)


def _context(request: HttpRequest, answer: Answer) -> dict[str, Any]:
    conversation = answer.question.conversation
    membership = access.membership_for(signed_in(request), conversation)
    return {
        "shown": exchanges.answer_for(answer, membership.user_id),
        "answer": answer,
        "conversation": conversation,
        "may_ask": access.may_ask_in(membership, conversation),
    }


def _panel_context(request: HttpRequest, answer: Answer) -> dict[str, Any]:
    context = _context(request, answer)
    shown = context["shown"]
    found: CitationCheck | None = shown.check.finished
    if found is None:
        return context
    panel = panel_of(
        found,
        answer,
        passages=shown.passages,
        state=request.GET.get("state", ""),
        around=whole_number_in(request.GET.get("around")) or 1,
    )
    return context | {
        "panel": panel,
        "offer": checks.opinion_offer(check=found) if context["may_ask"] else None,
        "opinion_live": live_opinion(found),
        "opinion_problem": _opinion_problem(found),
    }


def _opinion_problem(check: CitationCheck) -> str:
    """Why the newest second opinion ended early, in a sentence; empty where it did not."""
    newest = OpinionRequest.objects.filter(check_of=check).order_by("-created_at").first()
    failed = newest is not None and newest.state == OpinionRequest.State.FAILED
    return said_problem(newest.problem) if newest and failed else ""


def _refused(request: HttpRequest, answer: Answer, refused: ActionRefused) -> HttpResponse:
    messages.error(request, str(refused))
    if htmx(request):
        return reswap(render(request, "shared/_notices.html", status=422), "none")
    return redirect("chat:answer_check", answer.question.conversation_id, answer.pk)
