"""What a program says was said before the first question of a conversation.

A program that keeps its conversations itself sends all of one with each question. Where that did not happen here, it is
no answer of a model that anybody could vouch for: it is kept with the answer, and told as the program gave it.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from chat.models import Answer, Question
from upstream.requests import Turn

KEPT_AS = "given"  # in `Answer.request`


class GivenTurn(NamedTuple):
    """One message: who is said to have said it, and its words."""

    role: Literal["user", "assistant"]
    text: str


def given_with(answer: Answer) -> list[GivenTurn]:
    """What was given with the answer's own question."""
    return given_in(answer.request.get(KEPT_AS))


def given_in(kept: Any) -> list[GivenTurn]:
    """What a row holds of them."""
    return [GivenTurn(role, text) for role, text in kept or ()]


def given_before(question: Question) -> list[GivenTurn]:
    """What was given with the question when it was asked; another answer to it is told the same."""
    if question.position > 1 and question.version_of_id is None:
        return []
    kept = Answer.objects.filter(question=question).order_by("created_at").values_list(f"request__{KEPT_AS}", flat=True)
    return given_in(kept.first())


def turns_of(given: Sequence[GivenTurn]) -> list[Turn]:
    """As the upstream shall see them."""
    return [Turn(role, text) for role, text in given]


def characters_before(answer: Answer) -> int:
    """How long is what was given with the answer's question, or with the first one of its conversation."""
    question, own = answer.question, given_with(answer)
    if not own and question.position > 1:
        first = Answer.objects.filter(question__conversation=question.conversation_id, question__position=1)
        kept = first.filter(request__has_key=KEPT_AS).values_list(f"request__{KEPT_AS}", flat=True).first()
        own = given_in(kept)
    return sum(len(turn.text) for turn in own)
