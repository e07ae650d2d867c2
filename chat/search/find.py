"""Searching: the query, the best of what was found, and the page of it that is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from accounts.models import Membership, User
from chat import access
from chat.models import Answer, Conversation, Question
from chat.search import snippets
from chat.search.backends import backend_for, newest_document
from chat.search.query import Query, parse_query
from chat.search.ranking import HitKind, RankedHit, rank_hits
from core.cpu_budget import CpuBudget
from core.web.statement_limit import limited_statements

PAGE = 20
MOST_SECONDS = 0.6
"""For one page of results: others need the thread, and the database, too."""
_SECONDS_FOR_SNIPPETS = 0.1
"""Of them, what finding leaves for the lines in which the words stand."""
_DEEPEST = 10_000


@dataclass(frozen=True)
class SearchCursor:
    """How far the results have been shown. They stay those of the first page, however much is written meanwhile."""

    through: int
    now: int
    shown: int

    def __str__(self) -> str:
        return f"{self.through}-{self.now}-{self.shown}"

    @classmethod
    def parse(cls, text: str) -> "SearchCursor":
        """The place that was written as this text. Raises ValueError for any other text."""
        parts = text.split("-")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 15 for part in parts):
            raise ValueError("not a place")
        through, now, shown = map(int, parts)
        return cls(through, now, min(shown, _DEEPEST))


@dataclass(frozen=True)
class Hit:
    """A title, question or answer with the words in it. `title` and `snippet` are safe HTML with `<mark>`s."""

    conversation: Conversation
    kind: HitKind
    author: User
    at: datetime
    title: SafeString
    snippet: SafeString
    question: Question | None = None
    answer: Answer | None = None

    @property
    def address(self) -> str:
        """Where the text stands."""
        address = reverse("chat:conversation", args=[self.conversation.pk])
        if not self.question:
            return address
        anchor = f"answer-{self.answer.pk}" if self.answer else f"exchange-{self.question.pk}"
        return f"{address}?around={self.question.position}#{anchor}"


@dataclass(frozen=True)
class ResultPage:
    """Some of the results, and the place from which they go on if they do."""

    hits: list[Hit]
    next: SearchCursor | None


def search(membership: Membership, *, words: str, after: SearchCursor | None = None, limit: int = PAGE) -> ResultPage:
    """What the team's titles, questions and answers say with these words, the best first.

    Only what the member may read right now is looked at. `words` may be anything: see `chat.search.query`.
    Raises StatementTooLong for words that stand in so much that finding the best takes too long.
    """
    query = parse_query(words)
    if not query:
        return ResultPage([], None)
    backend = backend_for(connection)
    place = after or SearchCursor(newest_document(connection), int(timezone.now().timestamp()), 0)
    budget = CpuBudget(MOST_SECONDS)
    with budget.counted():
        with limited_statements(MOST_SECONDS - _SECONDS_FOR_SNIPPETS):
            documents = backend.find(connection, membership, query, through=place.through)
        found = rank_hits(documents, now=place.now)
        end = place.shown + limit
        following = SearchCursor(place.through, place.now, end) if len(found) > end else None
        return ResultPage(_hits(membership, found[place.shown : end], query, budget), following)


def _hits(membership: Membership, found: list[RankedHit], query: Query, budget: CpuBudget) -> list[Hit]:
    """The hits with their texts; one that is no longer there, or no longer this member's to read, is left out."""
    readable = access.readable_conversations(membership)
    conversations = readable.select_related("owner").in_bulk(_ids(found, HitKind.TITLE))
    questions = Question.objects.filter(conversation__in=readable).select_related("conversation", "author")
    asked = questions.in_bulk(_ids(found, HitKind.QUESTION))
    answers = (
        Answer.objects.filter(question__conversation__in=readable)
        .select_related("question__conversation", "asked_by")
        .only("text", "created_at", "asked_by", "question__position", "question__conversation")
    )
    answered = answers.in_bulk(_ids(found, HitKind.ANSWER))
    hits: list[Hit] = []
    for one in found:
        if conversation := conversations.get(one.id):
            hits.append(_title_hit(conversation, query, budget))
        elif question := asked.get(one.id):
            hits.append(_question_hit(question, query, budget))
        elif answer := answered.get(one.id):
            hits.append(_answer_hit(answer, query, budget))
    return hits


def _ids(found: Iterable[RankedHit], kind: HitKind) -> list[UUID]:
    return [one.id for one in found if one.kind is kind]


def _title_hit(conversation: Conversation, query: Query, budget: CpuBudget) -> Hit:
    return Hit(
        conversation=conversation,
        kind=HitKind.TITLE,
        author=conversation.owner,
        at=conversation.created_at,
        title=snippets.mark_hits(conversation.title, query, budget=budget),
        snippet=SafeString(),
    )


def _question_hit(question: Question, query: Query, budget: CpuBudget) -> Hit:
    return Hit(
        conversation=question.conversation,
        kind=HitKind.QUESTION,
        author=question.author,
        at=question.created_at,
        title=escape(question.conversation.title),
        snippet=snippets.snippet(question.text, query, budget=budget),
        question=question,
    )


def _answer_hit(answer: Answer, query: Query, budget: CpuBudget) -> Hit:
    return Hit(
        conversation=answer.question.conversation,
        kind=HitKind.ANSWER,
        author=answer.asked_by,
        at=answer.created_at,
        title=escape(answer.question.conversation.title),
        snippet=snippets.snippet(answer.text, query, budget=budget),
        question=answer.question,
        answer=answer,
    )
