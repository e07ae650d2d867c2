"""Which answers somebody wants in a report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Membership, User
from chat.access import membership_for, readable_conversation, readable_conversations
from chat.answers import branches
from chat.models import Answer, AnswerPassage, Conversation, Question, Source

MOST_AT_ONCE = 30
"""Answers that are added to a report at once."""
MOST_CONVERSATIONS = 30
MOST_QUESTIONS = 200  # of one conversation, the first


@dataclass(frozen=True, slots=True)
class Choice:
    """Answers that can be added, in their order, and those of them that are ticked. `has_more` says that there are
    more than can be shown."""

    answers: Sequence[Answer]
    has_more: bool = False

    @property
    def rows(self) -> list[tuple[Answer, bool]]:
        """Each, and whether it is ticked: as many as can be added at once."""
        return [(answer, place < MOST_AT_ONCE) for place, answer in enumerate(self.answers)]


def chosen_answers(user: User, answer_ids: Sequence[UUID]) -> tuple[list[Answer], Membership]:
    """The answers of these ids that the person may read and that have text, in the given order, all of the team of the
    first; and the person's place in that team. Raises Http404 where the first is not there for them."""
    if not answer_ids:
        raise Http404
    first = get_object_or_404(Answer.objects.select_related("question"), pk=answer_ids[0])
    membership = membership_for(user, readable_conversation(user, first.question.conversation_id))
    wanted = list(dict.fromkeys(answer_ids))[:MOST_AT_ONCE]
    seen = readable_conversations(membership).order_by().values("pk")
    found = {one.pk: one for one in _whole().filter(pk__in=wanted, question__conversation__in=seen)}
    return [found[pk] for pk in wanted if pk in found and _can_be_added(found[pk])], membership


def answers_of(conversation_ids: Iterable[UUID], membership: Membership) -> Choice:
    """The newest answer to each question of the conversations, in their order: of edited questions the version that
    was asked last."""
    wanted = list(dict.fromkeys(conversation_ids))[: MOST_CONVERSATIONS + 1]
    there = readable_conversations(membership).filter(pk__in=wanted[:MOST_CONVERSATIONS])
    by_id = {one.pk: one for one in there}
    found: list[Answer] = []
    for pk in wanted:
        if pk in by_id:
            found += _newest_of(by_id[pk])
    most = 10 * MOST_AT_ONCE
    return Choice(found[:most], has_more=len(found) > most or len(wanted) > MOST_CONVERSATIONS)


def _newest_of(conversation: Conversation) -> list[Answer]:
    questions = Question.objects.filter(conversation=conversation).order_by("position")
    if conversation.branched_at:
        places = branches.tree_of(conversation.pk).branch_at(0)
        questions = questions.filter(pk__in=[place.id for place in places])
    newest = Answer.objects.exclude(state__in=Answer.LIVE).exclude(text="").defer("html", "reasoning", "request")
    rows = questions.prefetch_related(Prefetch("answers", queryset=newest))[:MOST_QUESTIONS]
    found = []
    for question in rows:
        answers = list(question.answers.all())
        if answers:
            answers[-1].question = question
            question.conversation = conversation
            found.append(answers[-1])
    return found


def _whole() -> QuerySet[Answer]:
    sources = Prefetch("sources", queryset=Source.objects.defer("snippet"))
    passages = Prefetch("passages", queryset=AnswerPassage.objects.select_related("version"))
    found = Answer.objects.select_related("question__conversation__space")
    return found.prefetch_related(sources, passages)


def _can_be_added(answer: Answer) -> bool:
    return not answer.is_live and bool(answer.text)
