"""A stretch of a conversation as its page shows it: questions with their answers, in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from chat.answers import branches
from chat.answers.branches import Place
from chat.answers.transcript import entries_after
from chat.live.answer_display import AnswerDisplay, stored_display
from chat.live.partials import Partials
from chat.live.shown_checks import NO_CHECK, checks_for
from chat.live.shown_passages import NOTHING, passages_for
from chat.models import Answer, Attachment, Conversation, Question, Watch
from chat.sources.verified.standing import marked_sentences, with_standing

PER_PAGE = 8  # more than fits on a screen; what is older comes when somebody scrolls there
AROUND = 3  # questions shown before the one that was looked for
MOST_AFTER = 40  # questions shown after it


@dataclass(frozen=True, slots=True)
class Versions:
    """Which version of its question is shown, counted from 1, of how many, and those beside it."""

    number: int
    count: int
    previous: Place | None
    next: Place | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, what went along with it, and its answers, oldest first. `versions` where the question was edited,
    `watch` where it is asked again by the clock: of the answers to that, those that said nothing new are left out."""

    question: Question
    attachments: Sequence[Attachment]
    answers: Sequence[AnswerDisplay]
    versions: Versions | None = None
    watch: Watch | None = None

    @property
    def last_asked_by(self) -> UUID | None:
        """Who asked for the last answer."""
        return self.answers[-1].answer.asked_by_id if self.answers else None


@dataclass(frozen=True, slots=True)
class ExchangePage:
    """Exchanges in order; `older_before` is the position to load older ones from, None at the beginning.

    `reaches_end` tells whether the conversation's last question is among them. `known` is the position of the question
    that was asked last anywhere in the conversation, 0 where that is the last one shown. `shown_to` is the last one
    shown before, for a page without exchanges.
    """

    exchanges: Sequence[Exchange] = field(default_factory=list)
    older_before: int | None = None
    reaches_end: bool = True
    known: int = 0
    shown_to: int = 0

    @property
    def last_position(self) -> int:
        """The position of the last question, 0 without one."""
        return self.exchanges[-1].question.position if self.exchanges else self.shown_to


class _Row:
    """The questions of a conversation that are shown one below the other: all of them, or, where some were edited, the
    row through the question at a position, as `chat.answers.branches` has it."""

    def __init__(self, conversation: Conversation, position: int = 0) -> None:
        self.conversation = conversation
        self.tree = branches.tree_of(conversation.pk) if conversation.branched_at else None
        self.places = self.tree.branch_at(position) if self.tree else []

    def questions(self) -> QuerySet[Question]:
        """With all that is shown of them."""
        answers = (
            Answer.objects.exclude(watch_run__folded=True)
            .order_by("created_at", "id")
            .prefetch_related("sources", with_standing())
        )
        watches = Prefetch("watches", queryset=Watch.objects.filter(deleted_at=None), to_attr="watched_by")
        found = self.conversation.questions.select_related("author", "conversation").prefetch_related(
            Prefetch("answers", queryset=answers), "attachments", watches
        )
        return found.filter(pk__in=[place.id for place in self.places]) if self.tree else found

    def position_before(self, position: int, count: int) -> int:
        """The position of the question that stands so many places further up."""
        if not self.tree:
            return position - count
        above = [place.position for place in self.places if place.position <= position]
        return above[-1 - count] if len(above) > count else 0

    def page(self, questions: Sequence[Question], *, reaches_end: bool = True, shown_to: int = 0) -> ExchangePage:
        """These questions as a page of exchanges."""
        first = questions[0].position if questions else 0
        beginning = self.places[0].position if self.places else 1
        newest = self.tree.newest if self.tree else None
        return ExchangePage(
            exchanges=[self.exchange(question) for question in questions],
            older_before=first if first > beginning else None,
            reaches_end=reaches_end,
            known=newest.position if newest else 0,
            shown_to=shown_to,
        )

    def exchange(self, question: Question) -> Exchange:
        """One question with its answers."""
        return Exchange(
            question=question,
            attachments=list(question.attachments.all()),
            answers=[display_answer(answer) for answer in question.answers.all()],
            versions=self._versions(question),
            watch=next(iter(question.watched_by), None),  # type: ignore[attr-defined]  # as it was fetched
        )

    def edited_since(self, known: int, *, through: int) -> list[UUID]:
        """The questions through the one at the position `through` of which another version was asked after the one at
        `known`."""
        tree = self.tree
        if not tree:
            return []
        shown = [place for place in self.places if place.position <= through]
        return [place.id for place in shown if tree.versions_of(place.id)[-1].position > known]

    def _versions(self, question: Question) -> Versions | None:
        if not self.tree:
            return None
        places = self.tree.versions_of(question.pk)
        if len(places) == 1:
            return None
        at = next(number for number, place in enumerate(places) if place.id == question.pk)
        following = places[at + 1] if at + 1 < len(places) else None
        return Versions(at + 1, len(places), places[at - 1] if at else None, following)


def latest_exchanges(conversation: Conversation) -> ExchangePage:
    """The end of the conversation, where somebody asked last."""
    row = _Row(conversation)
    return row.page(list(row.questions().order_by("-position")[:PER_PAGE])[::-1])


def exchanges_before(conversation: Conversation, position: int) -> ExchangePage:
    """What comes before the question at this position."""
    row = _Row(conversation, position)
    return row.page(list(row.questions().filter(position__lt=position).order_by("-position")[:PER_PAGE])[::-1])


def exchanges_through(conversation: Conversation, position: int) -> ExchangePage:
    """The question at this position and what comes before it, without what follows."""
    row = _Row(conversation, position)
    found = row.questions().filter(position__lte=position).order_by("-position")[:PER_PAGE]
    return row.page(list(found)[::-1], reaches_end=False)


def exchanges_around(conversation: Conversation, position: int) -> ExchangePage:
    """What stands around the question at this position: links of the search and to other versions lead here."""
    row = _Row(conversation, position)
    most = AROUND + 1 + MOST_AFTER
    questions = list(row.questions().filter(position__gte=row.position_before(position, AROUND))[: most + 1])
    return row.page(questions[:most], reaches_end=len(questions) <= most)


def exchanges_after(
    conversation: Conversation, position: int, *, known: int = 0
) -> tuple[ExchangePage, list[Exchange]]:
    """What was asked after the question at this position; and the exchanges through it whose question got another
    version since the one at `known` was asked."""
    row = _Row(conversation, position)
    page = row.page(list(row.questions().filter(position__gt=position)[:PER_PAGE]), shown_to=position)
    edited = row.edited_since(max(known, position), through=position)
    changed = row.questions().filter(pk__in=edited)[:MOST_AFTER] if edited else ()
    return page, [row.exchange(question) for question in changed]


def exchanges_between(conversation: Conversation, position: int, last: int) -> ExchangePage:
    """What was asked after the question at `position`, through the one at `last`."""
    row = _Row(conversation, last)
    return row.page(list(row.questions().filter(position__gt=position, position__lte=last)))


def exchange_of(question: Question) -> Exchange:
    """A single question with its answers."""
    row = _Row(question.conversation, question.position)
    return row.exchange(row.questions().get(pk=question.pk))


def just_asked(answer: Answer, attachments: Sequence[Attachment]) -> ExchangePage:
    """The question that was stored just now, with its first answer, of which nothing has been written yet. Reads
    nothing."""
    display = Partials(answer).display()
    return ExchangePage([Exchange(question=answer.question, attachments=attachments, answers=[display])])


def for_reader(page: ExchangePage, reader: UUID) -> ExchangePage:
    """The page with what this person may see of the documents that went along with its questions, and with the checks
    that its answers wear."""
    shown = _for_reader([shown for one in page.exchanges for shown in one.answers], reader)
    return replace(page, exchanges=[_with_answers(one, shown) for one in page.exchanges])


def exchange_for(exchange: Exchange, reader: UUID) -> Exchange:
    """The same for a single exchange."""
    return _with_answers(exchange, _for_reader(exchange.answers, reader))


def answer_for(answer: Answer, reader: UUID) -> AnswerDisplay:
    """One answer as the page shows it to this person now."""
    return _for_reader([display_answer(answer)], reader)[answer.pk]


def _for_reader(answers: Sequence[AnswerDisplay], reader: UUID) -> dict[UUID, AnswerDisplay]:
    """The answers as this person is shown them, by their ids."""
    rows = [shown.answer for shown in answers]
    seen = passages_for(reader, rows)
    checks = checks_for(rows, hidden={pk: passages.hidden for pk, passages in seen.items()})
    return {
        shown.answer.pk: shown.with_passages(seen.get(shown.answer.pk, NOTHING)).with_check(
            checks.get(shown.answer.pk, NO_CHECK)
        )
        for shown in answers
    }


def _with_answers(exchange: Exchange, shown: Mapping[UUID, AnswerDisplay]) -> Exchange:
    return replace(exchange, answers=[shown[one.answer.pk] for one in exchange.answers])


def display_answer(answer: Answer) -> AnswerDisplay:
    """The answer as the page shows it now."""
    if not answer.is_live:
        shown = stored_display(answer)
        return replace(shown, html=marked_sentences(answer, shown.html))
    partials = Partials(answer)
    partials.apply(entries_after(answer.pk, 0))
    return partials.display()
