"""A question becomes rows: one click is one question and one answer, however often the form is sent.

What is unique in the database is the form's key together with what was asked: the same finished article, with the same
forms in it, may stand open in two tabs, and in each of them somebody may ask something else.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Team, User
from chat.answers import cost, delivery
from chat.attachments import service as attachment_service
from chat.catalog import offers
from chat.models import Answer, Attachment, Conversation, Question
from chat.options import fitting
from core.web.jobs.leases import grace

TITLE_LENGTH = 80


def ask_new(
    *,
    team: Team,
    by: User,
    text: str,
    model: str,
    provider: str,
    key: UUID,
    options: Mapping[str, Any] | None = None,
    attachments: Sequence[Attachment] = (),
    private: bool = False,
) -> Answer:
    """Open a conversation with its first question, and an answer that waits to be written.

    `key` comes with the form; the same form sent again gives back the answer that is there. `options` are what was set,
    as on the wire (contract A4); `attachments` are uploads of this person that no question has yet.

    Raises LimitReached, with nothing stored, if it might cost more than is left of a limit.
    """
    key = attachment_service.key_of(key, text)
    try:
        with transaction.atomic():
            return _known(by=by, key=key) or _ask(
                conversation=Conversation.objects.create(
                    team=team,
                    owner=by,
                    title=title_from(text),
                    visibility=Conversation.Visibility.PRIVATE if private else Conversation.Visibility.TEAM,
                ),
                by=by,
                text=text,
                model=model,
                provider=provider,
                key=key,
                options=options,
                attachments=attachments,
            )
    except IntegrityError:
        return _known_after_a_race(by=by, key=key)


def ask(
    *,
    conversation: Conversation,
    by: User,
    text: str,
    model: str,
    provider: str,
    key: UUID,
    options: Mapping[str, Any] | None = None,
    attachments: Sequence[Attachment] = (),
) -> Answer:
    """Add a question to the conversation, and an answer that waits to be written. The rest as in `ask_new`."""
    key = attachment_service.key_of(key, text)
    try:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=conversation.pk)  # two people may ask at once
            return _known(by=by, key=key) or _ask(
                conversation=conversation,
                by=by,
                text=text,
                model=model,
                provider=provider,
                key=key,
                options=options,
                attachments=attachments,
            )
    except IntegrityError:
        return _known_after_a_race(by=by, key=key)


def ask_again(*, question: Question, by: User, model: str, provider: str, key: UUID) -> Answer:
    """Add another answer to the question. `key` as in `ask_new`."""
    key = uuid5(key, f"{question.pk} {model}")
    try:
        with transaction.atomic():
            known = Answer.objects.filter(asked_by=by, key=key).first()
            return known or _answer(question=question, by=by, model=model, provider=provider, key=key)
    except IntegrityError:
        return Answer.objects.get(asked_by=by, key=key)


def title_from(text: str) -> str:
    """A conversation's first title: the question's first line, cut at a word."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), text.strip())
    if len(line) <= TITLE_LENGTH:
        return line
    head, _space, _rest = line[: TITLE_LENGTH - 1].rpartition(" ")
    return (head or line[: TITLE_LENGTH - 1]) + "…"


def _known(*, by: User, key: UUID) -> Answer | None:
    return Answer.objects.filter(question__author=by, question__key=key).order_by("created_at").first()


def _known_after_a_race(*, by: User, key: UUID) -> Answer:
    answer = _known(by=by, key=key)
    if answer is None:
        raise LookupError("The question was neither stored nor found.")
    return answer


def _ask(
    *,
    conversation: Conversation,
    by: User,
    text: str,
    model: str,
    provider: str,
    key: UUID,
    options: Mapping[str, Any] | None,
    attachments: Sequence[Attachment],
) -> Answer:
    last = Question.objects.filter(conversation=conversation).aggregate(last=Max("position"))["last"]
    question = Question.objects.create(
        conversation=conversation, author=by, position=(last or 0) + 1, text=text, key=key, options=options or {}
    )
    attachment_service.attach(question=question, attachments=attachments)
    Conversation.objects.filter(pk=conversation.pk).update(last_asked_at=timezone.now(), archived=False)
    return _answer(question=question, by=by, model=model, provider=provider, key=key)


def _answer(*, question: Question, by: User, model: str, provider: str, key: UUID) -> Answer:
    offer = offers.of(model, provider)  # not always the one for which the options were set
    standing = offers.standing_options(model, provider)
    options = delivery.told_in_steps({**standing, **fitting(question.options, offer)})
    answer = Answer.objects.create(
        question=question,
        asked_by=by,
        key=key,
        provider=provider,
        model=model,
        request={"options": options},
        background=delivery.in_background(provider=provider, model=model, options=options),
        lease_expires_at=grace(),
    )
    cost.reserve(answer)
    return answer
