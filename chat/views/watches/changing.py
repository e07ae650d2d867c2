"""Beginning a watch, and what is done to one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import time_zones
from accounts.access import signed_in
from chat import access
from chat.catalog import offers
from chat.models import Question, Watch
from chat.views.sidebar import sidebar
from chat.watches import money, service
from chat.watches.forms import WatchForm, values_of
from core.errors import ActionRefused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def watch_question(request: HttpRequest, conversation_id: UUID, question_id: UUID) -> HttpResponse:
    """Have the question asked again by the clock. Where it is watched already, the way to that watch is shown."""
    question = access.askable_question(signed_in(request), conversation_id, question_id)
    there = service.watch_of(question)
    if request.method != "POST":
        suggested = money.suggested_budget(Watch.Every.WEEK, service.last_answer(question))
        form = WatchForm(initial={"every": Watch.Every.WEEK, "hour": 9, "day": 1, "budget": suggested})
        return _form_page(request, question, form, watched_by=there)
    if there:
        messages.info(request, _("This question is watched already. You can follow that watch."))
        return _to(there)
    form = WatchForm(request.POST)
    if form.is_valid():
        try:
            made = service.begin_watch(
                question=question, by=signed_in(request), plan=form.plan(time_zone=time_zones.zone_of(request) or "UTC")
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("This question is watched from now on. You’re told when the answer changes."))
            return _to(made)
    return _form_page(request, question, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def edit(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """Ask at other times, or for other money."""
    watch = access.owned_watch(signed_in(request), watch_id)
    form = WatchForm(request.POST) if request.method == "POST" else WatchForm(initial=values_of(watch))
    if form.is_bound and form.is_valid():
        zone = time_zones.zone_of(request) or watch.time_zone
        service.change_plan(watch=watch, by=signed_in(request), plan=form.plan(time_zone=zone))
        messages.success(request, _("The watch has been changed."))
        return _to(watch)
    return _form_page(request, watch.question, form, watch=watch)


@require_POST
@login_required
def pause(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """Ask no more until somebody has it go on."""
    watch = access.stoppable_watch(signed_in(request), watch_id)
    service.pause_watch(watch=watch, by=signed_in(request))
    messages.success(request, _("The watch is paused."))
    return _to(watch)


@require_POST
@login_required
def resume(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """Go on with it."""
    return _go_on(request, watch_id, service.resume_watch, _("The watch goes on."))


@require_POST
@login_required
def run_now(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """Ask now."""
    return _go_on(request, watch_id, service.run_soon, _("The question is asked in a moment."))


@require_POST
@login_required
def choose_successor(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """Go on with the model that does the work of the one that ended."""
    watch = access.owned_watch(signed_in(request), watch_id)
    offer = service.choose_successor(watch=watch, by=signed_in(request))
    messages.success(request, _("%(model)s answers from now on.") % {"model": offer.label})
    return _to(watch)


@require_POST
@login_required
def delete(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """End it, and offer to undo that."""
    watch = access.stoppable_watch(signed_in(request), watch_id)
    service.delete_watch(watch=watch, by=signed_in(request))
    return redirect(f"{reverse('chat:watches')}?deleted={watch.pk}")


@require_POST
@login_required
def restore(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """Bring a deleted watch back."""
    watch = access.stoppable_watch(signed_in(request), watch_id, deleted=True)
    try:
        service.restore_watch(watch=watch, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("chat:watches")
    return _to(watch)


def _go_on(request: HttpRequest, watch_id: UUID, work: Callable[..., None], done: str) -> HttpResponse:
    watch = access.owned_watch(signed_in(request), watch_id)
    try:
        work(watch=watch, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return _to(watch)


def _form_page(
    request: HttpRequest,
    question: Question,
    form: WatchForm,
    *,
    watch: Watch | None = None,
    watched_by: Watch | None = None,
) -> HttpResponse:
    membership = access.membership_for(signed_in(request), question.conversation)
    last = service.last_answer(question)
    asks = watch or last
    context: dict[str, Any] = {
        "form": form,
        "question": question,
        "conversation": question.conversation,
        "watch": watch,
        "watched_by": watched_by,
        "last": last,
        "model": offers.model_label(asks.model, asks.provider) if asks else "",
        "time_zone": time_zones.zone_of(request) or "UTC",
        "membership": membership,
    }
    beside = sidebar(request, membership, current=question.conversation)
    return render(request, "chat/watches/edit.html", context | beside, status=422 if form.errors else 200)


def _to(watch: Watch) -> HttpResponse:
    return redirect("chat:watch", watch.pk)
