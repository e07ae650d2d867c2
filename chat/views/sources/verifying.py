"""Verifying an answer, changing that, withdrawing it and the way back. Each works with htmx and without JavaScript."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from accounts.access import signed_in
from chat import access
from chat.catalog import offers
from chat.conversations import exchanges
from chat.models import Answer, Verification
from chat.sources.verified import service
from chat.sources.verified.forms import VerifyForm
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.htmx import htmx


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def verify(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """What to say of the answer; and, sent, says it."""
    answer = access.askable_answer(signed_in(request), conversation_id, answer_id)
    form = VerifyForm(request.POST if request.method == "POST" else None, answer=answer)
    if not form.is_valid():
        return _form_page(request, answer, form)
    try:
        made = service.verify(form.wish(), answer=answer, by=signed_in(request))
    except ActionRefused as refused:
        return _form_page(request, answer, form, problem=str(refused))
    return _changed(request, answer, made, said=_("Verified."), undo="chat:withdraw_verification")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def change(request: HttpRequest, conversation_id: UUID, answer_id: UUID, verification_id: UUID) -> HttpResponse:
    """What to say instead; and, sent, says it from now on."""
    verification = access.own_verification(signed_in(request), conversation_id, answer_id, verification_id)
    answer = verification.answer
    form = VerifyForm(request.POST if request.method == "POST" else None, answer=answer, of=verification)
    if not form.is_valid():
        return _form_page(request, answer, form, of=verification)
    try:
        service.change(form.wish(), verification=verification, by=signed_in(request))
    except ActionRefused as refused:
        return _form_page(request, answer, form, of=verification, problem=str(refused))
    return _changed(request, answer, verification, said=_("Changed."), undo="chat:restore_verification")


@require_POST
@login_required
def withdraw(request: HttpRequest, conversation_id: UUID, answer_id: UUID, verification_id: UUID) -> HttpResponse:
    """Take the verification away from the answer, and offer to undo that."""
    verification = access.withdrawable_verification(signed_in(request), conversation_id, answer_id, verification_id)
    service.withdraw(verification=verification, by=signed_in(request))
    said = _("Verification removed.")
    return _changed(request, verification.answer, verification, said=said, undo="chat:restore_verification")


@require_POST
@login_required
def restore(request: HttpRequest, conversation_id: UUID, answer_id: UUID, verification_id: UUID) -> HttpResponse:
    """Have the verification hold again."""
    verification = access.withdrawable_verification(signed_in(request), conversation_id, answer_id, verification_id)
    try:
        service.restore(verification=verification, by=signed_in(request))
    except ActionRefused as refused:
        messages.error(request, str(refused))
        if htmx(request):
            return render(request, "shared/_notices.html")
        return redirect(_place_of(verification.answer))
    return _changed(request, verification.answer, verification, said=_("The verification holds again."))


def _form_page(
    request: HttpRequest, answer: Answer, form: VerifyForm, *, of: Verification | None = None, problem: str = ""
) -> HttpResponse:
    """The form below the answer, or on a page of its own."""
    status = 422 if request.method == "POST" else 200
    conversation = answer.question.conversation
    context = {
        "form": form,
        "answer": answer,
        "conversation": conversation,
        "of": of,
        "problem": problem,
        "place": _place_of(answer),
    }
    if htmx(request):
        piece = render(request, "chat/sources/verified/_form.html", context, status=status)
        return reswap(retarget(piece, f"#verify-{answer.pk}"), "innerHTML")
    membership = access.membership_for(signed_in(request), conversation)
    context |= sidebar(request, membership, current=conversation)
    return render(request, "chat/sources/verified/form.html", context, status=status)


def _changed(
    request: HttpRequest, answer: Answer, verification: Verification, *, said: str, undo: str = ""
) -> HttpResponse:
    """The answer as it is now, with the way back; without htmx, the page that it stands on."""
    if not htmx(request):
        messages.success(request, said)
        return redirect(_place_of(answer))
    conversation, user = answer.question.conversation, signed_in(request)
    membership = access.membership_for(user, conversation)
    context = {
        "shown": exchanges.answer_for(answer, user.pk),
        "answer": answer,
        "models": offers.offers(conversation.team),
        "conversation": conversation,
        "membership": membership,
        "may_ask": access.may_ask_in(membership, conversation),
        "may_manage": access.may_manage(membership, conversation),
        "oob_answer": htmx(request).target != f"answer-{answer.pk}",  # what undoes it stands in a notice
        "said": said,
        "undo": reverse(undo, args=[conversation.pk, answer.pk, verification.pk]) if undo else "",
    }
    return render(request, "chat/sources/verified/_changed.html", context)


def _place_of(answer: Answer) -> str:
    question = answer.question
    address = reverse("chat:conversation", args=[question.conversation_id])
    return f"{address}?around={question.position}#answer-{answer.pk}"
