"""Which questions and answers a link shows: those of a snapshot as it was made, or those of the conversation now.

Of a conversation with edited questions it is the row in which somebody asked last, as its own page has it. An answer is
shown once it has ended and says something; a question once it has such an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from chat.answers import branches
from chat.models import Answer, Conversation, Question
from sharing.models import ShareLink

PER_PAGE = 10  # questions
MOST_QUESTIONS = 500  # of a snapshot


@dataclass(frozen=True, slots=True)
class Stretch:
    """Questions of one page in their order, each with `shown`, its answers, oldest first; `pages` counts all pages."""

    questions: Sequence[Question]
    page: int
    pages: int


def shown_answers() -> QuerySet[Answer]:
    """The answers that outsiders are shown, oldest first. Of a question that is asked again by the clock those that
    said nothing new are left out."""
    ended = Answer.objects.exclude(state__in=Answer.LIVE).exclude(text="").exclude(watch_run__folded=True)
    return ended.order_by("created_at", "id")


def answered_questions(conversation: Conversation) -> QuerySet[Question]:
    """The questions of the conversation that can be shown now, in the order of the page."""
    found = Question.objects.filter(conversation=conversation.pk).order_by("position")
    if conversation.branched_at:
        found = found.filter(pk__in=[place.id for place in branches.tree_of(conversation.pk).branch_at()])
    return found.filter(Exists(shown_answers().filter(question=OuterRef("pk"))))


def contents_now(conversation: Conversation) -> list[list[str]]:
    """What a snapshot of the conversation shows that is made now: for each question its id and those of its answers.
    At most one question more than MOST_QUESTIONS."""
    answers = Prefetch("answers", shown_answers().only("id", "question_id"), to_attr="shown")
    questions = answered_questions(conversation).only("id").prefetch_related(answers)[: MOST_QUESTIONS + 1]
    return [[str(one.pk), *(str(answer.pk) for answer in one.shown)] for one in questions]


def contents_of(answer: Answer) -> list[list[str]]:
    """What a link to a single answer shows."""
    return [[str(answer.question_id), str(answer.pk)]]


def is_complete(link: ShareLink) -> bool:
    """Whether everything that a snapshot showed is still there. Costs one query."""
    wanted = {answer for row in link.contents for answer in row[1:]}
    return link.is_live or Answer.objects.filter(pk__in=wanted).count() == len(wanted)


def stretch_of(link: ShareLink, *, page: int) -> Stretch:
    """One page of what the link shows, counted from 1; the nearest one that there is. A constant number of queries."""
    if link.is_live:
        found = answered_questions(link.conversation)
        page, pages = _within(page, found.count())
        questions = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        return Stretch(list(_with_answers(questions, shown_answers())), page, pages)
    page, pages = _within(page, len(link.contents))
    rows = link.contents[(page - 1) * PER_PAGE : page * PER_PAGE]
    answers = Answer.objects.filter(pk__in=[pk for row in rows for pk in row[1:]]).order_by("created_at", "id")
    known = _with_answers(Question.objects.all(), answers).in_bulk([UUID(row[0]) for row in rows])
    return Stretch([known[UUID(row[0])] for row in rows], page, pages)


def shows(link: ShareLink, answer_id: UUID) -> Answer | None:
    """The answer with its question, if the link shows it."""
    found = Answer.objects.select_related("question").filter(question__conversation=link.conversation_id, pk=answer_id)
    if not link.is_live:
        return found.first() if any(str(answer_id) in row[1:] for row in link.contents) else None
    answer = found.filter(pk__in=shown_answers().filter(pk=answer_id)).first()
    return answer if answer and shows_question(link, answer.question_id) else None


def shows_question(link: ShareLink, question_id: UUID) -> bool:
    """Whether the question is on one of the link's pages."""
    if link.is_live:
        return answered_questions(link.conversation).filter(pk=question_id).exists()
    return any(row[0] == str(question_id) for row in link.contents)


def _with_answers(questions: QuerySet[Question], answers: QuerySet[Answer]) -> QuerySet[Question]:
    shown = Prefetch("answers", answers.prefetch_related("sources"), to_attr="shown")
    return questions.select_related("author").prefetch_related(shown, "attachments")


def _within(page: int, count: int) -> tuple[int, int]:
    pages = max(1, -(-count // PER_PAGE))
    return min(max(page, 1), pages), pages
