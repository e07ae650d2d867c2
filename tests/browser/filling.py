"""Fills a server's database with conversations in no time.

The questions and answers go the product's own ways, only without an upstream: each answer's log is written at once and
then ended, so that what the pages show was rendered and stored as ever.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NotRequired, TypedDict

from tests.stores import Store
from tests.writing import written


class Reply(TypedDict):
    """An answer. `state` finished unless said otherwise; `problem` is the sentence of a failed one."""

    text: str
    model: NotRequired[str]
    state: NotRequired[str]
    reasoning: NotRequired[str]
    sources: NotRequired[list[dict[str, str]]]
    media: NotRequired[dict[str, Any]]
    related: NotRequired[list[str]]
    problem: NotRequired[str]


class Exchange(TypedDict):
    """A question, who asked it (the conversation's owner unless said otherwise), and its answers."""

    question: str
    by: NotRequired[str]
    answers: list[Reply]


class Talk(TypedDict):
    """A conversation, last asked in `hours_ago`; `fields` are set on it as they stand, such as `pinned`."""

    owner: str
    exchanges: list[Exchange]
    title: NotRequired[str]
    hours_ago: NotRequired[float]
    fields: NotRequired[dict[str, Any]]


def fill(store: Store, talks: Sequence[Talk]) -> list[str]:
    """Write the conversations into the store's database, whose server may be running. Their ids, in order."""
    return list(written(store, __name__, talks))


def write(talks: Sequence[Talk]) -> list[str]:
    """Write them into the database of this process. Their ids, in order."""
    from django.db import transaction

    with transaction.atomic():
        return [str(_write(talk)) for talk in talks]


def _write(talk: Talk) -> uuid.UUID:
    from django.utils import timezone

    from accounts.models import User
    from chat.models import Answer, Conversation, Question
    from chat.questions import service as questions

    at = timezone.now() - timedelta(hours=talk.get("hours_ago", 0))
    conversation = None
    for exchange in talk["exchanges"]:
        by = User.objects.get(username=exchange.get("by", talk["owner"]))
        question = None
        for reply in exchange["answers"]:
            wish = questions.Wish(
                text=exchange["question"], model=reply.get("model", "sonar"), provider="sonar", key=uuid.uuid4()
            )
            if question:
                answer = questions.ask_another_model(wish, question=question, by=by)
            elif conversation:
                answer = questions.ask_in_conversation(wish, conversation=conversation, by=by)
            else:
                answer = questions.ask_in_new_conversation(wish, team=by.memberships.get().team, by=by)
            question = answer.question
            conversation = question.conversation
            _end(answer, reply)
    assert conversation is not None
    took = {"first_word_at": at + timedelta(seconds=1.2), "ended_at": at + timedelta(seconds=7.9)}
    Answer.objects.filter(question__conversation=conversation).update(created_at=at, started_at=at, **took)
    Question.objects.filter(conversation=conversation).update(created_at=at)
    fields = {"title": talk.get("title", conversation.title), "last_asked_at": at, **talk.get("fields", {})}
    Conversation.objects.filter(pk=conversation.pk).update(**fields)
    return conversation.pk


def _end(answer: Any, reply: Reply) -> None:
    from chat.answers import finalize
    from chat.models import Answer, LogEntry

    empty = {"title": "", "date": "", "last_updated": "", "snippet": "", "origin": "web"}
    entries = {
        "started": {"model": reply.get("model", "sonar"), "request_id": "a request"},
        "reasoning": reply.get("reasoning"),
        "sources": [empty | source for source in reply.get("sources", [])],
        "media": reply.get("media"),
        "text": reply["text"],
        "related": reply.get("related"),
    }
    LogEntry.objects.bulk_create(
        LogEntry(answer=answer, seq=seq, kind=kind, data=data)
        for seq, (kind, data) in enumerate(((kind, data) for kind, data in entries.items() if data), start=1)
    )
    problem = (
        finalize.AnswerProblem(kind="test", message=reply["problem"], retryable=True) if "problem" in reply else None
    )
    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State(reply.get("state", "finished")), problem=problem)
