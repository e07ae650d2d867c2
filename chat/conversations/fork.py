"""A new conversation that begins with the questions and answers of another one, through one of its questions."""

import uuid
from collections.abc import Iterable, Sequence
from copy import copy
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models.base import ModelState
from django.utils.translation import gettext as _

from accounts.models import User
from chat.access import Place
from chat.answers import branches
from chat.attachments import service as attachments
from chat.models import Answer, AnswerPassage, Conversation, LedgerNews, Question, Source
from chat.questions.service import title_from
from core.errors import ActionRefused
from core.ids import new_id

MOST_QUESTIONS = 500  # that are copied
_AT_ONCE = 25  # questions whose answers are in memory together

Row = TypeVar("Row", bound=models.Model)


def fork_conversation(*, question: Question, by: User, place: Place, key: uuid.UUID) -> Conversation:
    """Copy the questions that led to this one, and this one, with their ended answers, into a conversation of `by`.

    The copies cost nothing: what was paid stays with the answers it was paid for. The same form, by its `key`, sent
    again gives back the conversation that is there. Raises ActionRefused, with nothing stored, where there is too much
    to copy or nothing yet.
    """
    made = uuid.uuid5(key, f"{by.pk} {question.pk}")
    if known := Conversation.objects.filter(pk=made, owner=by).first():
        return known
    tree = branches.tree_of(question.conversation_id)
    way = [place.id for place in tree.way_to(tree.place_of(question.pk))]
    if len(way) > MOST_QUESTIONS:
        raise ActionRefused(_("This conversation is too long to fork here. Fork it at an earlier question."))
    if not question.answers.exclude(state__in=Answer.LIVE).exists():
        raise ActionRefused(_("This question has no answer yet. Wait until it’s answered, then fork."))
    original = question.conversation
    try:
        with transaction.atomic():
            forked = Conversation.objects.create(
                pk=made,
                team_id=original.team_id,
                owner=by,
                title=title_from(question.text),
                visibility=place.visibility,
                space=place.space,
                forked_from=original,
            )
            _copy_questions(way, forked)
    except IntegrityError:
        return Conversation.objects.get(pk=made, owner=by)
    return forked


def _copy_questions(way: Sequence[uuid.UUID], forked: Conversation) -> None:
    before: uuid.UUID | None = None
    position = 0
    ended = models.Prefetch(
        "answers",
        Answer.objects.exclude(state__in=Answer.LIVE)
        .order_by("created_at", "id")
        .prefetch_related("sources", "passages"),
    )
    for start in range(0, len(way), _AT_ONCE):
        some = way[start : start + _AT_ONCE]
        found = Question.objects.filter(pk__in=some).prefetch_related(ended, "attachments").order_by("position")
        for question in found:
            position += 1
            made = _copy_of(
                question,
                conversation=forked,
                position=position,
                follows_id=before,
                version_of=None,
                key=uuid.uuid4(),
            )
            made.save(force_insert=True)
            before = made.pk
            attachments.copies_of(question.attachments.all(), question=made)
            _copy_answers(question.answers.all(), made)


def _copy_answers(answers: Iterable[Answer], question: Question) -> None:
    sources: list[Source] = []
    passages: list[AnswerPassage] = []
    copies: list[Answer] = []
    for answer in answers:
        made = _copy_of(answer, question=question, key=uuid.uuid4(), lease_holder=None, lease_expires_at=None)
        copies.append(made)
        sources += [_copy_of(source, pk=None, answer=made) for source in answer.sources.all()]
        passages += [_copy_of(passage, pk=None, answer=made) for passage in answer.passages.all()]
    Answer.objects.bulk_create(copies)
    Source.objects.bulk_create(sources)
    AnswerPassage.objects.bulk_create(passages)
    LedgerNews.of_answers({source.answer_id for source in sources})


def _copy_of(row: Row, **changed: object) -> Row:
    """A row like this one that is not stored yet, with another id and these fields changed."""
    made = copy(row)
    made._state = ModelState()
    made.pk = new_id()
    for name, value in changed.items():
        setattr(made, name, value)
    return made
