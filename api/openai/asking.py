"""From a program's request to a question: by the same way as from the browser, into the same history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from accounts.errors import LimitReached
from api.auth import Caller
from api.errors import ApiError, forbidden, not_found
from api.models import AskedQuestion
from api.openai.messages import Conversation
from api.openai.pictures import forget, keep_pictures
from chat import access, worker
from chat import models as chat_models
from chat.access import Place
from chat.attachments.service import AlreadySent, question_key
from chat.catalog.offers import Offer
from chat.models import Answer, Question
from chat.questions import service as questions
from chat.questions.service import Handover, Wish
from core.errors import ActionRefused

LONGEST_KEY = 255  # characters of an Idempotency-Key
_MOST_LIKE_IT = 5  # questions that the same messages led to, of which one may have the answer that the program has


@dataclass(frozen=True, slots=True)
class AskWish:
    """What a program asks for. `again_key` makes one question of a request that is sent several times. `after` is an
    answer of which the program says that this question follows it."""

    conversation: Conversation
    offer: Offer
    options: Mapping[str, Any] = field(default_factory=dict)
    again_key: str = ""
    after: Answer | None = None


def ask(wish: AskWish, caller: Caller) -> Answer:
    """The answer that is written from now on, or, for a request that was sent before, the one that it led to.

    Raises ApiError where the question is not asked.
    """
    key = uuid5(caller.token.pk, wish.again_key) if wish.again_key else uuid4()
    if wish.again_key and (known := _known(key, wish, caller)):
        return known
    if not worker.can_write_answers():
        raise ApiError(
            503,
            "Parley can’t write an answer right now. Try again in a moment.",
            type="server_error",
            code="unavailable",
            retry_after=2,
        )
    kept = keep_pictures(wish.conversation.question.pictures, offer=wish.offer, team=caller.token.team, by=caller.user)
    handover = worker.begin_handover()
    try:
        answer = _store(_wish_of(wish, kept, key), wish, caller, handover)
    except (ActionRefused, AlreadySent) as refused:
        raise _refusal(refused) from None
    finally:
        if handover.answer is None:
            forget(kept, by=caller.user)
    worker.start_answer(answer, handover)
    return answer


def answer_named(answer_id: UUID, caller: Caller) -> Answer:
    """The answer with its question and conversation, if the person may read it in the token's team. Raises ApiError."""
    found = Answer.objects.select_related("question__conversation").filter(pk=answer_id)
    answer = found.filter(question__conversation__team=caller.token.team_id).first()
    try:
        if answer is None:
            raise Http404
        conversation = access.readable_conversation(caller.user, answer.question.conversation_id)
    except Http404:
        raise not_found("There is no such response.") from None
    answer.question.conversation = conversation
    return answer


def _known(key: UUID, wish: AskWish, caller: Caller) -> Answer | None:
    text = wish.conversation.question.text
    question = Question.objects.filter(author=caller.user, key=question_key(key, text)).first()
    first = question and Answer.objects.filter(question=question).order_by("created_at").first()
    return answer_named(first.pk, caller) if first else None


def _wish_of(wish: AskWish, kept: list[chat_models.Attachment], key: UUID) -> Wish:
    read = wish.conversation
    said = {"instructions": read.instructions} if read.instructions else {}
    return Wish(
        model=wish.offer.model,
        provider=wish.offer.provider,
        key=key,
        text=read.question.text,
        options={**wish.options, **said},
        attachments=kept,
        by_program=True,
    )


def _store(asked: Wish, wish: AskWish, caller: Caller, handover: Handover) -> Answer:
    """Ask where the conversation is that the program goes on with, or in a new one."""
    by, read = caller.user, wish.conversation
    before = wish.after or _answer_before(read, caller)
    if before:
        conversation = _askable(before, caller)
        ask_it = partial(
            questions.ask_in_conversation,
            asked,
            conversation=conversation,
            right_after=before.question.position,
        )
    else:
        if any(one.pictures for one in read.turns[:-1]):
            raise ApiError(
                400,
                "Pictures can only go with the last message, unless the conversation before it happened here.",
                param="messages",
                code="unsupported_value",
            )
        place = _place_for(caller)
        fresh = Wish(**{name: getattr(asked, name) for name in _FIELDS}, place=place, given=read.given)
        ask_it = partial(questions.ask_in_new_conversation, fresh, team=caller.token.team)
    with transaction.atomic():
        answer = ask_it(by=by, handover=handover)
        if handover.answer:
            AskedQuestion.objects.create(question=answer.question, token=caller.token, messages_hash=read.hash())
    return answer


_FIELDS = ("model", "provider", "key", "text", "options", "attachments", "by_program")


def _answer_before(read: Conversation, caller: Caller) -> Answer | None:
    """The answer that the messages go on from, where it was given here to this token, as it was given."""
    if not (hashed := read.hash_before()):
        return None
    asked = AskedQuestion.objects.filter(token=caller.token, messages_hash=hashed).order_by("-asked_at")
    ids = list(asked.values_list("question_id", flat=True)[:_MOST_LIKE_IT])
    found = Answer.objects.filter(question__in=ids).exclude(text="").select_related("question__conversation")
    for answer in found.order_by("-created_at")[: 4 * _MOST_LIKE_IT]:
        if answer.text.strip() == read.answer_before.strip():
            try:
                _askable(answer, caller)
            except ApiError:
                continue
            return answer
    return None


def _askable(answer: Answer, caller: Caller) -> chat_models.Conversation:
    """The answer's conversation, in which the person may ask. Raises ApiError."""
    try:
        return access.askable_conversation(caller.user, answer.question.conversation_id)
    except Http404:
        raise not_found("The conversation of that response is not there any more.") from None
    except PermissionDenied as denied:
        raise forbidden(str(denied)) from None


def _place_for(caller: Caller) -> Place:
    """Where the token's questions go. Raises ApiError where the person may not ask there any more."""
    space = caller.token.space
    if space is None:
        return access.ALONE
    if not access.usable_spaces(caller.membership).filter(pk=space.pk).exists():
        raise forbidden("You can’t ask in the space of this access token any more. Make a new token.", code="no_space")
    return access.usual_place_in(space)


def _refusal(refused: Exception) -> ApiError:
    if isinstance(refused, LimitReached):
        return ApiError(429, str(refused), type="insufficient_quota", code="insufficient_quota")
    if isinstance(refused, AlreadySent):
        return ApiError(409, "Send the request again.", code="conflict")
    return ApiError(400, str(refused))
