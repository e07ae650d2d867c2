"""Pages that read: the front page, a conversation, and the pieces of it that load later."""

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
from chat.catalog import offers
from chat.conversations import exchanges, tags
from chat.conversations.exchanges import ExchangePage
from chat.models import Conversation, Preset
from chat.presets import defaults
from chat.presets import service as presets
from chat.questions import forms
from chat.questions.service import title_from
from chat.views.composer.shared_text import shared_text
from chat.views.composer.start import composer_context, standing_instructions
from chat.views.sidebar import sidebar
from core.web.params import uuid_in, whole_number_in


@require_safe
@never_cache
@member_required
def home(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Where a new question is written. With `?preset=` it begins with that preset, with `?space=` in that space, with
    `?visibility=private` for its author alone, and with what an app has shared."""
    context = home_context(request, membership, preset=_preset(request), place=_place(request, membership))
    if text := shared_text(request):
        context["form"].initial["text"] = text
        context["is_shared"] = True
    return render(request, "chat/conversation/home.html", context)


@require_safe
@never_cache
@login_required
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The conversation's end, or what stands around the question at `?around=`, or before the one at `?before=`, or the
    one at `?from=` alone with what comes before it, to ask from there."""
    found, membership = _open(request, conversation_id)
    ask_from = _position(request, "from") if access.may_ask_in(membership, found) else 0
    if ask_from:
        stretch = exchanges.exchanges_through(found, ask_from)
    elif position := _position(request, "around"):
        stretch = exchanges.exchanges_around(found, position)
    elif position := _position(request, "before"):
        stretch = exchanges.exchanges_before(found, position)
    else:
        stretch = exchanges.latest_exchanges(found)
    context = conversation_context(found, membership, stretch) | sidebar(request, membership, current=found)
    if ask_from and stretch.exchanges:
        context["ask_from"] = stretch.last_position
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
    """What was asked after the position at `?after=`, and which questions above got another version since the position
    at `?known=`; 204 when there is neither."""
    found, membership = _open(request, conversation_id)
    after, known = _position(request, "after"), _position(request, "known")
    stretch, edited = exchanges.exchanges_after(found, after, known=known)
    edited = [exchanges.exchange_for(one, membership.user_id) for one in edited]
    if not stretch.exchanges and not edited:
        return HttpResponse(status=204)
    context = exchanges_context(found, membership, stretch) | {"oob": True, "older_before": None, "edited": edited}
    return render(request, "chat/conversation/_newer_exchanges.html", context)


@require_safe
@never_cache
@login_required
def answer(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponseBase:
    """One answer as it is now, as a piece of the page."""
    found = access.readable_answer(signed_in(request), conversation_id, answer_id)
    membership = access.membership_for(signed_in(request), found.question.conversation)
    context = {
        "shown": exchanges.answer_for(found, membership.user_id),
        "answer": found,
        "models": offers.offers(found.question.conversation.team),
        "conversation": found.question.conversation,
        "membership": membership,
        "may_ask": access.may_ask_in(membership, found.question.conversation),
        "may_manage": access.may_manage(membership, found.question.conversation),
    }
    return render(request, "chat/answer/_answer.html", context)


def home_context(
    request: HttpRequest, membership: Membership, *, preset: Preset | None = None, place: access.Place | None = None
) -> dict[str, Any]:
    """What `chat/conversation/home.html` needs.

    The composer begins at the place, or where the person asked last; with the preset, or with what that space has, or
    with what the person keeps as defaults.
    """
    place, place_note = (place, "") if place else access.usual_place(membership)
    return (
        composer_context(membership, place, preset=preset)
        | {
            "place_note": place_note,
            "examples": offers.example_questions(),
            "starting_presets": partial(presets.starting_presets, membership.team),  # asked only where they are drawn
        }
        | sidebar(request, membership, space=place.space)
    )


def exchanges_context(conversation: Conversation, membership: Membership, stretch: ExchangePage) -> dict[str, Any]:
    """What the pieces of `chat/conversation/conversation.html` need besides the composer."""
    stretch = exchanges.for_reader(stretch, membership.user_id)
    return {
        "conversation": conversation,
        "exchanges": stretch.exchanges,
        "title_repeats": title_repeats(conversation, stretch),
        "older_before": stretch.older_before,
        "reaches_end": stretch.reaches_end,
        "last_position": stretch.last_position,
        "known": stretch.known,
        "membership": membership,
        "may_ask": access.may_ask_in(membership, conversation),
        "may_manage": access.may_manage(membership, conversation),
        "tags": partial(tags.tags_of, conversation),
        "original": partial(access.readable_original, membership.user, conversation),  # asked only of a fork
        "costs_so_far": partial(budgets.conversation_total, conversation.pk),  # asked only where the menu is drawn
        "space": cache(partial(access.space_seen_by, membership.user, conversation)),
    }


def conversation_context(
    conversation: Conversation, membership: Membership, stretch: ExchangePage, *, form: forms.AskForm | None = None
) -> dict[str, Any]:
    """What `chat/conversation/conversation.html` and its pieces need, a composer among them."""
    models, last = offers.offers(conversation.team), _last_model(stretch)
    space = access.space_seen_by(membership.user, conversation)
    chosen = offers.offer_or_successor(last, models)
    return exchanges_context(conversation, membership, stretch) | {
        "form": form
        or forms.blank_ask_form(
            team=conversation.team,
            model=chosen.id,
            options=defaults.starting_options(membership, conversation, space=space),
        ),
        "stands_in": offers.no_longer_offered(last, chosen),
        "models": models,
        "standing": standing_instructions(membership, space=space),
        "space": space,
    }


def title_repeats(conversation: Conversation, stretch: ExchangePage | None = None) -> bool:
    """Whether the title only says again what the single question says below it: the one of the stretch, or of all."""
    if stretch is None:
        texts = list(conversation.questions.values_list("text", flat=True)[:2])
    else:
        texts = [exchange.question.text for exchange in stretch.exchanges]
    return len(texts) == 1 and conversation.title == title_from(texts[0])


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


def _place(request: HttpRequest, membership: Membership) -> access.Place | None:
    """The place at `?space=` and `?visibility=`, None where neither is named. Raises Http404 for a space that is not
    there for this person, PermissionDenied for one in which they may not ask."""
    alone, said = request.GET.get("visibility") == "private", request.GET.get("space", "")
    if not said:
        return access.ALONE if alone else None
    space_id = uuid_in(said)
    if space_id is None:
        raise Http404
    space, own = access.contributed_space(signed_in(request), space_id)
    if own.pk != membership.pk:
        raise Http404  # of another team than the one that is chosen
    return access.alone_in(space) if alone else access.usual_place_in(space)


def _position(request: HttpRequest, name: str) -> int:
    """A position from the address; 0 for anything that is none."""
    return whole_number_in(request.GET.get(name)) or 0
