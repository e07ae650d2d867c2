"""A question becomes rows: one click is one question and one answer, however often the form is sent.

What is unique in the database is the form's key together with what was asked: the same finished article, with the same
forms in it, may stand open in two tabs, and in each of them somebody may ask something else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from chat.answers import cost, instructions
from chat.attachments import service as attachment_service
from chat.catalog import offers, providers
from chat.models import Answer, Attachment, Conversation, Question
from chat.options import options_that_fit
from core import graphemes
from core.errors import ActionRefused
from core.web.db import database_now
from core.web.jobs.leases import grace_until, held_until

TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """Which model of which provider shall answer. `key` comes with the form: one form is one answer, however often it
    is sent."""

    model: str
    provider: str
    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish(ModelChoice):
    """What somebody asks for. `options` are what was set, as docs/sonar.md names them; `attachments` are uploads of
    this person that no question has yet. A new conversation can be `private`."""

    text: str
    options: Mapping[str, Any] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    private: bool = False


@dataclass(slots=True)
class Handover:
    """Hands a new answer to the process that stores it, which has its lease from the first moment: `holder` is what
    that process is called in leases, None where it writes no answers.

    `answer` is what was stored just now, with its question and conversation at hand, and `attachments` what goes along
    with the question. Where the form was sent before, there is nothing to hand over.
    """

    holder: UUID | None = None
    answer: Answer | None = None
    attachments: Sequence[Attachment] = ()


def ask_in_new_conversation(wish: Wish, *, team: Team, by: User, handover: Handover | None = None) -> Answer:
    """Open a conversation with its first question, and an answer that waits to be written.

    The same form sent again gives back the answer that is there. Raises LimitReached, with nothing stored, if it might
    cost more than is left of a limit.
    """
    handover = handover or Handover()
    try:
        with transaction.atomic():
            if known := _known_answer(wish, by=by):
                return known
            conversation = _open_conversation(wish, team=team, by=by)
            answer = _ask(wish, conversation=conversation, position=1, by=by, holder=handover.holder)
    except IntegrityError:
        return _known_after_a_race(wish, by=by)
    handover.answer, handover.attachments = answer, wish.attachments
    return answer


def ask_in_conversation(
    wish: Wish, *, conversation: Conversation, by: User, handover: Handover | None = None
) -> Answer:
    """Add a question to the conversation, and an answer that waits. The rest as in `ask_in_new_conversation`."""
    handover = handover or Handover()
    try:
        with transaction.atomic():
            _lock_conversation(conversation)
            if known := _known_answer(wish, by=by):
                transaction.set_rollback(True)
                return known
            position = 1 + (
                Question.objects.filter(conversation=conversation).aggregate(Max("position"))["position__max"] or 0
            )
            answer = _ask(wish, conversation=conversation, position=position, by=by, holder=handover.holder)
    except IntegrityError:
        return _known_after_a_race(wish, by=by)
    handover.answer, handover.attachments = answer, wish.attachments
    return answer


def ask_another_model(choice: ModelChoice, *, question: Question, by: User, handover: Handover | None = None) -> Answer:
    """Add another answer to the question. The same form sent again gives back the answer that is there."""
    handover = handover or Handover()
    choice = replace(choice, key=uuid5(choice.key, f"{question.pk} {choice.model}"))
    try:
        with transaction.atomic():
            if known := Answer.objects.filter(asked_by=by, key=choice.key).first():
                return known
            answer = _answer(choice, question=question, by=by, holder=handover.holder)
    except IntegrityError:
        return Answer.objects.get(asked_by=by, key=choice.key)
    handover.answer, handover.attachments = answer, list(question.attachments.all())
    return answer


def _require_allowed(offer: offers.Offer, team: Team) -> None:
    """Raises ActionRefused for a model that the owners of the team have not chosen, whoever asks and by what way."""
    if not offers.is_allowed(offer.id, team):
        raise ActionRefused(_("%(model)s isn’t available to your team. Choose another model.") % {"model": offer.label})


def title_from(text: str) -> str:
    """A conversation's first title: the question's first line, cut at a word."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), text.strip())
    if len(line) <= TITLE_LENGTH:
        return line
    beginning = graphemes.cut(line, TITLE_LENGTH - 1)
    head, _space, _rest = beginning.rpartition(" ")
    return (head or beginning) + "…"


def _key_of(wish: Wish) -> UUID:
    return attachment_service.question_key(wish.key, wish.text)


def _known_answer(wish: Wish, *, by: User) -> Answer | None:
    question = Question.objects.filter(author=by, key=_key_of(wish)).values_list("pk", flat=True).first()
    return Answer.objects.filter(question=question).order_by("created_at").first() if question else None


def _known_after_a_race(wish: Wish, *, by: User) -> Answer:
    answer = _known_answer(wish, by=by)
    if answer is None:
        raise LookupError("The question was neither stored nor found.")
    return answer


def _open_conversation(wish: Wish, *, team: Team, by: User) -> Conversation:
    visibility = Conversation.Visibility.PRIVATE if wish.private else Conversation.Visibility.TEAM
    return Conversation.objects.create(team=team, owner=by, title=title_from(wish.text), visibility=visibility)


def _lock_conversation(conversation: Conversation) -> None:
    """Have others wait who ask in it at the same time, and say that it was asked in now. Raises
    Conversation.DoesNotExist."""
    now = timezone.now()
    if not Conversation.objects.filter(pk=conversation.pk).update(last_asked_at=now, archived=False):
        raise Conversation.DoesNotExist
    conversation.last_asked_at, conversation.archived = now, False


def _ask(wish: Wish, *, conversation: Conversation, position: int, by: User, holder: UUID | None) -> Answer:
    question = Question.objects.create(
        conversation=conversation,
        author=by,
        position=position,
        text=wish.text,
        key=_key_of(wish),
        options=wish.options,
    )
    attachment_service.attach_uploads(question=question, attachments=wish.attachments)
    return _answer(replace(wish, key=question.key), question=question, by=by, holder=holder)


def _answer(choice: ModelChoice, *, question: Question, by: User, holder: UUID | None) -> Answer:
    """The answer that waits, with what of the question's options its model takes, and the standing instructions of now.

    Whoever asks brings their own, also to another person's question. The process `holder` has it; without one, whoever
    takes it first.
    """
    model, provider, team = choice.model, choice.provider, question.conversation.team
    offer = offers.offer_of(model, provider, team)
    _require_allowed(offer, team)
    standing = offers.standing_options(model, provider)
    barred = offers.barred_options(offer)
    options = offers.with_stream_mode({**standing, **options_that_fit(question.options, offer), **barred})
    asked: dict[str, Any] = {"options": options}
    if providers.is_demo():
        asked["demo"] = True  # it stays the demo's answer when a service is connected later
    asked_as = offers.asked_as(model, provider)
    if asked_as != model:
        asked["asked_as"] = asked_as
    if versions := instructions.versions_to_send(team_id=team.pk, by=by):
        asked["instructions"] = versions
    now = database_now()  # the order in the queue is that of one clock, whatever the hosts' say
    answer = Answer.objects.create(
        question=question,
        asked_by=by,
        key=choice.key,
        provider=provider,
        model=model,
        request=asked,
        background=offers.works_in_background(provider=provider, model=model, options=options),
        created_at=now,
        lease_holder=holder,
        lease_expires_at=held_until(now) if holder else grace_until(now),
    )
    cost.reserve_answer(answer)
    return answer
