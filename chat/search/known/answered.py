"""Questions that were answered already, for somebody who is about to ask the same."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import Membership, User
from chat import access
from chat.models import Answer, Conversation, Question, Verification
from chat.rendering.text import tidy
from chat.search.known.keys import LONGEST, Words
from chat.search.known.likeness import Typed, likeness
from chat.search.known.lookup import candidates
from chat.search.query import Query
from chat.search.snippets import snippet
from core.cpu_budget import CpuBudget
from core.web.statement_limit import StatementTooLong, limited_statements

MOST = 3
"""Questions that are shown."""
LEAST_WORDS = 3
"""Words that have to be typed."""
MOST_SECONDS = 0.15
"""For one look: it comes with nearly every word that somebody types, and to find nothing is no harm."""
_COMPARED, _COMPARED_IF_LONG = 24, 12
"""Candidates whose words are compared; of a text of more than _IS_LONG characters, fewer."""
_IS_LONG = 500
_LOOKED_UP = 6
"""Answers that are looked up: some may be to the same words."""
_FOR_VERIFIED = 0.05
"""How much more like the text a question counts whose answer somebody vouches for."""
_NO_WORDS = Query((), ())
_BEGINNING = 600  # characters of an answer, of which a snippet is shown


class Likeness(StrEnum):
    """Whether the question has just the same words, or nearly."""

    SAME = "same"
    NEAR = "near"


@dataclass(frozen=True)
class KnownAnswer:
    """A question like the one that is typed, with its last answer, or one that is verified. `beginning` are the first
    words of that."""

    likeness: Likeness
    question: Question
    answer: Answer
    beginning: SafeString
    is_verified: bool = False

    @property
    def conversation(self) -> Conversation:
        """Where it was asked."""
        return self.question.conversation

    @property
    def author(self) -> User:
        """Who asked."""
        return self.question.author

    @property
    def at(self) -> datetime:
        """When the answer was written."""
        return self.answer.created_at

    @property
    def follows_others(self) -> bool:
        """Whether it was asked after other questions, which its answer may take for granted."""
        return self.question.position > 1

    @property
    def address(self) -> str:
        """Where the answer stands."""
        address = reverse("chat:conversation", args=[self.question.conversation_id])
        return f"{address}?around={self.question.position}#answer-{self.answer.pk}"


def known_answers(membership: Membership, *, text: str, but: UUID | None = None) -> list[KnownAnswer]:
    """The questions most like the text that were answered and that the member may read, MOST of them, the most alike
    and newest first; none for a text that says too little, or when looking takes too long.

    `but` is a conversation whose own questions are left out.
    """
    text = tidy(text[:LONGEST])
    typed = Typed.read(text)
    if len(typed.words.every) < LEAST_WORDS:
        return []
    budget = CpuBudget(MOST_SECONDS)
    try:
        with budget.counted(), limited_statements(MOST_SECONDS):
            return _shown(_alike(membership, text, typed, budget, but))
    except StatementTooLong:
        return []


def _alike(
    membership: Membership, text: str, typed: Typed, budget: CpuBudget, but: UUID | None
) -> dict[UUID, tuple[float, bool]]:
    """The last answers of questions that are like the text, and those that are verified, with how much they are and
    whether somebody vouches for them: the most alike and newest first, and those that are verified a little up."""
    compared = _COMPARED if len(text) <= _IS_LONG else _COMPARED_IF_LONG
    ids = candidates(connection, team_id=membership.team_id, text=text, most=compared)
    if not ids:
        return {}
    later = Answer.objects.filter(question=OuterRef("question"), created_at__gt=OuterRef("created_at"))
    readable = access.readable_conversations(membership)
    vouched = Exists(Verification.objects.in_force(timezone.localdate()).filter(answer=OuterRef("pk")))
    last = Answer.objects.annotate(is_verified=vouched).filter(
        ~Exists(later) | Q(is_verified=True),
        ~Q(text=""),
        question__in=ids,
        question__conversation__in=readable,
        state=Answer.State.FINISHED,
    )
    last = last.order_by()
    if but:
        last = last.exclude(question__conversation=but)
    found: dict[str, tuple[float, bool, bool, UUID, float]] = {}
    columns = ("pk", "question__position", "is_verified", Substr("question__text", 1, LONGEST))
    for pk, position, is_verified, asked in last.values_list(*columns):
        if budget.is_spent:
            break
        if (how_much := likeness(typed, asked)) > 0:
            rank = how_much + _FOR_VERIFIED if is_verified else how_much
            # What was asked by itself stands before others, and each wording once.
            one = (rank, is_verified, position == 1, pk, how_much)
            found[asked] = max(one, found.get(asked, one))
    best = sorted(found.values(), reverse=True)
    return {pk: (how_much, is_verified) for _rank, is_verified, _is_first, pk, how_much in best}


def _shown(alike: dict[UUID, tuple[float, bool]]) -> list[KnownAnswer]:
    """The first of these answers, each wording of a question once."""
    if not alike:
        return []
    some = list(alike)[:_LOOKED_UP]
    answers = (
        Answer.objects.filter(pk__in=some)
        .select_related("question__author", "question__conversation__space")
        .defer("text", "html", "reasoning", "steps", "related", "media", "request", "usage", "follow_up")
        .annotate(beginning=Substr("text", 1, _BEGINNING))
        .in_bulk()
    )
    found: dict[frozenset[str], KnownAnswer] = {}
    for pk in some:
        if answer := answers.get(pk):
            how_much, is_verified = alike[pk]
            how = Likeness.SAME if how_much == 1 else Likeness.NEAR
            words = Words.of(answer.question.text).every
            beginning = snippet(answer.beginning, _NO_WORDS)
            found.setdefault(words, KnownAnswer(how, answer.question, answer, beginning, is_verified))
    return list(found.values())[:MOST]
