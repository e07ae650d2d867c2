"""Searching: the query, the best of what was found, and the page of it that is shown."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import Membership, User
from chat import access
from chat.models import Answer, Conversation, Question, Source, Verification
from chat.search import snippets
from chat.search.backends import backend_for, newest_document
from chat.search.facts import MOST_SOURCES, host_of
from chat.search.filters import NO_FILTERS, SearchFilters
from chat.search.query import Query, parse_query
from chat.search.ranking import HitKind, RankedConversation, RankedHit, SearchOrder, rank_conversations
from core.cpu_budget import CpuBudget
from core.web.statement_limit import limited_statements

PAGE = 10
"""Conversations of a page."""
PLACES = 2
"""Of a conversation that are shown with the others; MOST_PLACES when it is shown alone."""
MOST_PLACES = 50
MOST_SECONDS = 0.6
"""For one page of results: others need the thread, and the database, too."""
_SECONDS_FOR_SNIPPETS = 0.1
"""Of them, what finding leaves for the lines in which the words stand."""
_DEEPEST = 10_000
_FEW_VERIFIED = 1_000


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
class Place:
    """A question, an answer or one of its sources with the words in it. `snippet` is safe HTML with `<mark>`s, as is
    the title of the source. `is_verified` says that somebody vouches for the answer, or for one to the question."""

    kind: HitKind
    author: User
    at: datetime
    snippet: SafeString
    question: Question
    answer: Answer | None = None
    source: SafeString | None = None
    site: str = ""
    is_verified: bool = False

    @property
    def address(self) -> str:
        """Where the text stands."""
        address = reverse("chat:conversation", args=[self.question.conversation_id])
        anchor = f"answer-{self.answer.pk}" if self.answer else f"exchange-{self.question.pk}"
        return f"{address}?around={self.question.position}#{anchor}"


@dataclass(frozen=True)
class FoundConversation:
    """A conversation with the words in its title or in the best of its places; `more` places are not among these.

    `title` is safe HTML with `<mark>`s, and `in_title` says whether all the words stand there.
    """

    conversation: Conversation
    title: SafeString
    in_title: bool
    places: list[Place]
    more: int


@dataclass(frozen=True)
class ResultPage:
    """Some of the results, and the place from which they go on if they do."""

    conversations: list[FoundConversation]
    next: SearchCursor | None = None


def search(
    membership: Membership,
    *,
    words: str,
    filters: SearchFilters = NO_FILTERS,
    order: SearchOrder = SearchOrder.BEST,
    after: SearchCursor | None = None,
    limit: int = PAGE,
    places: int = PLACES,
) -> ResultPage:
    """The team's conversations with these words in titles, questions, answers and sources, the best first, each with
    its best places. Without words, those with questions that the filters let in, the newest first.

    Only what the member may read right now is looked at. `words` may be anything: see `chat.search.query`.
    Raises StatementTooLong for words that stand in so much that finding the best takes too long.
    """
    query = parse_query(words)
    if not query:
        if not filters.narrows:
            return ResultPage([])
        filters = replace(filters, kinds=filters.kinds or frozenset({HitKind.QUESTION}))
    backend = backend_for(connection)
    place = after or SearchCursor(newest_document(connection), int(timezone.now().timestamp()), 0)
    budget = CpuBudget(MOST_SECONDS)
    with budget.counted():
        with limited_statements(MOST_SECONDS - _SECONDS_FOR_SNIPPETS):
            documents = backend.find(connection, membership, query, through=place.through, filters=filters)
            verified = _verified_among(documents, membership)
        found = rank_conversations(documents, now=place.now, order=order, verified=verified)
        end = place.shown + limit
        following = SearchCursor(place.through, place.now, end) if len(found) > end else None
        shown = _with_texts(membership, found[place.shown : end], query, budget, places=places, verified=verified)
        return ResultPage(shown, following)


def _with_texts(
    membership: Membership,
    found: list[RankedConversation],
    query: Query,
    budget: CpuBudget,
    *,
    places: int,
    verified: Container[UUID],
) -> list[FoundConversation]:
    """The conversations with their texts. What is no longer there, or no longer this member's to read, is left out."""
    readable = access.readable_conversations(membership)
    conversations = readable.select_related("owner").in_bulk([one.id for one in found])
    texts = {one.id: [hit for hit in one.hits if hit.kind is not HitKind.TITLE] for one in found}
    shown = [hit for one in found for hit in texts[one.id][:places]]
    asked = (
        Question.objects.filter(conversation__in=conversations.keys())
        .select_related("author")
        .in_bulk(_ids(shown, HitKind.QUESTION))
    )
    answers = (
        Answer.objects.filter(question__conversation__in=conversations.keys())
        .select_related("question", "asked_by")
        .only("text", "created_at", "asked_by", "question__position", "question__conversation")
    )
    answered = answers.in_bulk(_ids(shown, HitKind.ANSWER) + _ids(shown, HitKind.SOURCE))
    sources = _sources_of(_ids(shown, HitKind.SOURCE))
    complete: list[FoundConversation] = []
    for one in found:
        if conversation := conversations.get(one.id):
            best = [_place(hit, asked, answered, sources, query, budget) for hit in texts[one.id][:places]]
            complete.append(
                FoundConversation(
                    conversation=conversation,
                    title=snippets.mark_hits(conversation.title, query, budget=budget),
                    in_title=len(texts[one.id]) < len(one.hits),
                    places=[replace(place, is_verified=_is_verified(place, verified)) for place in best if place],
                    more=max(0, len(texts[one.id]) - places),
                )
            )
    return complete


def _verified_among(found: Sequence[RankedHit], membership: Membership) -> frozenset[UUID]:
    """The answers for which somebody vouches today, at least those that were found, and the questions that they
    answer."""
    if not found:
        return frozenset()
    standing = Verification.objects.in_force(timezone.localdate()).filter(conversation__team=membership.team_id)
    ids = standing.order_by().values_list("answer_id", "answer__question_id")
    rows = list(ids[: _FEW_VERIFIED + 1])
    if len(rows) > _FEW_VERIFIED:  # to name hundreds of conversations takes longer, and most teams have few
        rows = list(ids.filter(conversation__in={one.conversation for one in found}))
    return frozenset(pk for row in rows for pk in row)


def _is_verified(place: Place, verified: Container[UUID]) -> bool:
    return (place.answer.pk if place.answer else place.question.pk) in verified


def _ids(found: Iterable[RankedHit], kind: HitKind) -> list[UUID]:
    return [one.id for one in found if one.kind is kind]


def _sources_of(answers: Sequence[UUID]) -> Mapping[UUID, list[Source]]:
    """The sources of these answers, those that are cited first."""
    found: dict[UUID, list[Source]] = {}
    if answers:
        of_answers = Source.objects.filter(answer__in=answers).order_by(F("cited").desc(), "number")
        for source in of_answers.only("answer", "number", "title", "url", "snippet"):
            found.setdefault(source.answer_id, []).append(source)
    return found


def _place(
    hit: RankedHit,
    asked: Mapping[UUID, Question],
    answered: Mapping[UUID, Answer],
    sources: Mapping[UUID, list[Source]],
    query: Query,
    budget: CpuBudget,
) -> Place | None:
    """The text as it is shown; None for one that is no longer there."""
    if hit.kind is HitKind.QUESTION and (question := asked.get(hit.id)):
        words = snippets.snippet(question.text, query, budget=budget)
        return Place(hit.kind, question.author, question.created_at, words, question)
    answer = answered.get(hit.id)
    if hit.kind is HitKind.ANSWER and answer:
        words = snippets.snippet(answer.text, query, budget=budget)
        return Place(hit.kind, answer.asked_by, answer.created_at, words, answer.question, answer)
    if hit.kind is HitKind.SOURCE and answer:
        best = _best_source(sources.get(hit.id, []), query, budget)
        if best:
            source, title, words = best
            site = host_of(source.url)
            at = answer.created_at
            return Place(hit.kind, answer.asked_by, at, words, answer.question, answer, title, site)
    return None


def _best_source(
    sources: list[Source], query: Query, budget: CpuBudget
) -> tuple[Source, SafeString, SafeString] | None:
    """The source in which most of the words stand, with its title and the lines around them."""
    best: tuple[int, Source, SafeString, SafeString] | None = None
    for source in sources[:MOST_SOURCES]:
        title = snippets.mark_hits(source.title or source.url, query, budget=budget)
        words = snippets.snippet(source.snippet, query, budget=budget)
        marks = title.count("<mark>") + words.count("<mark>")
        if best is None or marks > best[0]:
            best = marks, source, title, words
        if budget.is_spent:
            break
    return best[1:] if best else None
