"""Pages that read: the front page, a conversation, and the pieces of it that load later."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import member_required, signed_in
from accounts.models import Membership
from accounts.services import budgets
from chat import access
from chat.answers import instructions
from chat.catalog import offers
from chat.conversations import exchanges
from chat.conversations.exchanges import ExchangePage
from chat.models import Conversation, Preset
from chat.presets import defaults
from chat.questions import forms
from chat.views.sidebar import sidebar
from core.web.params import uuid_in, whole_number_in


@require_safe
@never_cache
@member_required
def home(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The place for a new question; with `?preset=` it begins with that preset."""
    return render(request, "chat/conversation/home.html", home_context(request, membership, preset=_preset(request)))


@require_safe
@never_cache
@login_required
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The conversation's end, or what stands around the question at `?around=`, or before the one at `?before=`."""
    found, membership = _open(request, conversation_id)
    if position := _position(request, "around"):
        stretch = exchanges.exchanges_around(found, position)
    elif position := _position(request, "before"):
        stretch = exchanges.exchanges_before(found, position)
    else:
        stretch = exchanges.latest_exchanges(found)
    context = conversation_context(found, membership, stretch) | sidebar(request, membership, current=found)
    return render(request, "chat/conversation/conversation.html", context)


@require_safe
@never_cache
@login_required
def older(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The exchanges before the position at `?before=`, as a piece of the page."""
    found, membership = _open(request, conversation_id)
    stretch = exchanges.exchanges_before(found, _position(request, "before") or 1)
    return render(request, "chat/conversation/_exchanges.html", conversation_context(found, membership, stretch))


@require_safe
@never_cache
@login_required
def newer(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """What was asked after the position at `?after=`; 204 when nothing was."""
    found, membership = _open(request, conversation_id)
    stretch = exchanges.exchanges_after(found, _position(request, "after"))
    if not stretch.exchanges:
        return HttpResponse(status=204)
    context = conversation_context(found, membership, stretch) | {"oob": True, "older_before": None}
    return render(request, "chat/conversation/_newer_exchanges.html", context)


@require_safe
@never_cache
@login_required
def answer(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponseBase:
    """One answer as it is now, as a piece of the page."""
    found = access.readable_answer(signed_in(request), conversation_id, answer_id)
    membership = access.membership_for(signed_in(request), found.question.conversation)
    context = {
        "shown": exchanges.display_answer(found),
        "answer": found,
        "models": offers.offers(found.question.conversation.team),
        "conversation": found.question.conversation,
        "may_ask": membership.may_ask,
    }
    return render(request, "chat/answer/_answer.html", context)


def home_context(request: HttpRequest, membership: Membership, *, preset: Preset | None = None) -> dict[str, Any]:
    """What `chat/conversation/home.html` needs.

    The composer begins with the preset, or with what the person keeps as defaults.
    """
    start = defaults.start_with_defaults(membership)
    if preset:
        start = defaults.start_with_preset(preset, start.offer)
    return {
        "form": forms.blank_ask_form(team=membership.team, model=start.offer.id, options=start.options),
        "preset": preset,
        "dropped": start.left_out,
        "stands_in": start.stands_in,
        "models": offers.offers(membership.team),
        "may_ask": membership.may_ask,
        "membership": membership,
        "examples": offers.example_questions(),
        "standing": standing_instructions(membership),
    } | sidebar(request, membership)


def exchanges_context(conversation: Conversation, membership: Membership, stretch: ExchangePage) -> dict[str, Any]:
    """What the pieces of `chat/conversation/conversation.html` need besides the composer."""
    return {
        "conversation": conversation,
        "exchanges": stretch.exchanges,
        "older_before": stretch.older_before,
        "reaches_end": stretch.reaches_end,
        "last_position": stretch.last_position,
        "membership": membership,
        "may_ask": membership.may_ask,
        "may_manage": access.may_manage(membership, conversation),
        "costs_so_far": partial(budgets.conversation_total, conversation.pk),  # asked only where the menu is drawn
    }


def conversation_context(
    conversation: Conversation, membership: Membership, stretch: ExchangePage, *, form: forms.AskForm | None = None
) -> dict[str, Any]:
    """What `chat/conversation/conversation.html` and its pieces need, a composer among them."""
    models, last = offers.offers(conversation.team), _last_model(stretch)
    chosen = offers.offer_or_successor(last, models)
    return exchanges_context(conversation, membership, stretch) | {
        "form": form
        or forms.blank_ask_form(
            team=conversation.team, model=chosen.id, options=defaults.starting_options(membership, conversation)
        ),
        "stands_in": offers.no_longer_offered(last, chosen),
        "models": models,
        "standing": standing_instructions(membership),
    }


def standing_instructions(membership: Membership) -> Callable[[], instructions.Standing]:
    """What goes with the member's next question, asked once and only where a composer is drawn."""
    return cache(partial(instructions.standing_instructions, team_id=membership.team_id, user=membership.user))


def _last_model(stretch: ExchangePage) -> str:
    """The id of the model that answered last; empty where nobody has."""
    answers = stretch.exchanges[-1].answers if stretch.exchanges else ()
    return offers.offer_id_of(answers[-1].answer.model, answers[-1].answer.provider) if answers else ""


def _open(request: HttpRequest, conversation_id: UUID) -> tuple[Conversation, Membership]:
    """The conversation and the reader's place in its team. Raises Http404 when it is not there for this person."""
    found = access.readable_conversation(signed_in(request), conversation_id)
    return found, access.membership_for(signed_in(request), found)


def _preset(request: HttpRequest) -> Preset | None:
    """The preset at `?preset=`. Raises Http404 when it is not there for this person."""
    said = request.GET.get("preset", "")
    if not said:
        return None
    preset_id = uuid_in(said)
    if preset_id is None:
        raise Http404
    return access.readable_preset(signed_in(request), preset_id)


def _position(request: HttpRequest, name: str) -> int:
    """A position from the address; 0 for anything that is none."""
    return whole_number_in(request.GET.get(name)) or 0
