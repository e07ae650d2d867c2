"""A stretch of a conversation as its page shows it: questions with their answers, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from chat.answers.transcript import entries_after
from chat.live.answer_display import AnswerDisplay, stored_display
from chat.live.partials import Partials
from chat.models import Answer, Attachment, Conversation, Question

PER_PAGE = 8  # more than fits on a screen; what is older comes when somebody scrolls there
AROUND = 3  # questions shown before the one that was looked for
MOST_AFTER = 40  # questions shown after it


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, what went along with it, and its answers, oldest first."""

    question: Question
    attachments: Sequence[Attachment]
    answers: Sequence[AnswerDisplay]


@dataclass(frozen=True, slots=True)
class ExchangePage:
    """Exchanges in order; `older_before` is the position to load older ones from, None at the beginning.

    `reaches_end` tells whether the conversation's last question is among them.
    """

    exchanges: Sequence[Exchange] = field(default_factory=list)
    older_before: int | None = None
    reaches_end: bool = True

    @property
    def last_position(self) -> int:
        """The position of the last question, 0 without one."""
        return self.exchanges[-1].question.position if self.exchanges else 0


def latest_exchanges(conversation: Conversation) -> ExchangePage:
    """The end of the conversation."""
    return _before(conversation, None)


def exchanges_before(conversation: Conversation, position: int) -> ExchangePage:
    """What comes before the question at this position."""
    return _before(conversation, position)


def exchanges_around(conversation: Conversation, position: int) -> ExchangePage:
    """What stands around the question at this position: links of the search lead here."""
    most = AROUND + 1 + MOST_AFTER
    questions = list(_questions(conversation).filter(position__gte=position - AROUND)[: most + 1])
    return _page_of(questions[:most], reaches_end=len(questions) <= most)


def exchanges_after(conversation: Conversation, position: int) -> ExchangePage:
    """What was asked after the question at this position."""
    return _page_of(list(_questions(conversation).filter(position__gt=position)[:PER_PAGE]))


def exchanges_between(conversation: Conversation, position: int, last: int) -> ExchangePage:
    """What was asked after the question at `position`, through the one at `last`."""
    return _page_of(list(_questions(conversation).filter(position__gt=position, position__lte=last)))


def exchange_of(question: Question) -> Exchange:
    """A single question with its answers."""
    return _exchange(_questions(question.conversation).get(pk=question.pk))


def just_asked(answer: Answer, attachments: Sequence[Attachment]) -> ExchangePage:
    """The question that was stored just now, with its first answer, of which nothing has been written yet. Reads
    nothing."""
    display = Partials(answer).display()
    return ExchangePage([Exchange(question=answer.question, attachments=attachments, answers=[display])])


def display_answer(answer: Answer) -> AnswerDisplay:
    """The answer as the page shows it now."""
    if not answer.is_live:
        return stored_display(answer)
    partials = Partials(answer)
    partials.apply(entries_after(answer.pk, 0))
    return partials.display()


def _before(conversation: Conversation, position: int | None) -> ExchangePage:
    questions = _questions(conversation)
    if position is not None:
        questions = questions.filter(position__lt=position)
    return _page_of(list(questions.order_by("-position")[:PER_PAGE])[::-1])


def _questions(conversation: Conversation) -> QuerySet[Question]:
    answers = Answer.objects.order_by("created_at", "id").prefetch_related("sources")
    return conversation.questions.select_related("author", "conversation").prefetch_related(
        Prefetch("answers", queryset=answers), "attachments"
    )


def _page_of(questions: Sequence[Question], *, reaches_end: bool = True) -> ExchangePage:
    first = questions[0].position if questions else 0
    return ExchangePage(
        exchanges=[_exchange(question) for question in questions],
        older_before=first if first > 1 else None,
        reaches_end=reaches_end,
    )


def _exchange(question: Question) -> Exchange:
    return Exchange(
        question=question,
        attachments=list(question.attachments.all()),
        answers=[display_answer(answer) for answer in question.answers.all()],
    )
