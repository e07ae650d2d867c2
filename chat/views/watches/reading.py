"""One watch with what came of it, and a single time that it was due."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from chat import access
from chat.catalog import offers
from chat.conversations import exchanges
from chat.views.sidebar import sidebar
from chat.watches import listing
from core.web.params import whole_number_in


@require_safe
@never_cache
@login_required
def watch(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """When the question is asked, for how much, and what came of it each time."""
    found, membership = access.readable_watch(signed_in(request), watch_id)
    runs, following = listing.runs_of(found, page=whole_number_in(request.GET.get("page"), digits=4) or 1)
    context = {
        "card": listing.card_of(found, membership),
        "conversation": found.question.conversation,
        "runs": runs,
        "next": following,
        "membership": membership,
    }
    beside = sidebar(request, membership, current=found.question.conversation)
    return render(request, "chat/watches/watch.html", context | beside)


@require_safe
@never_cache
@login_required
def run(request: HttpRequest, watch_id: UUID, run_id: UUID) -> HttpResponse:
    """What changed that time, with the passages that were found, and the answer itself."""
    found, membership = access.readable_run(signed_in(request), watch_id, run_id)
    conversation = found.watch.question.conversation
    context = {
        "watch": found.watch,
        "conversation": conversation,
        "shown_run": listing.shown_run(found),
        "told": found.difference,
        "passages": listing.passages_of(found),
        "answer": found.answer,
        "shown": exchanges.answer_for(found.answer, membership.user_id) if found.answer else None,
        "models": offers.offers(conversation.team),
        "membership": membership,
        "may_ask": False,
    }
    return render(request, "chat/watches/run.html", context | sidebar(request, membership, current=conversation))
