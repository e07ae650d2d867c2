"""The conversation as the upstream shall see it (contract A5)."""

from uuid import UUID

from django.db.models import Prefetch

from chat.models import Answer, Question
from upstream.requests import AskRequest, Turn

MOST_HISTORY = 240_000  # characters of earlier questions and answers; about 60,000 tokens, half of the smallest window


def request_for(answer_id: UUID) -> AskRequest:
    """What to send for this answer: its question after the conversation that led to it."""
    answer = Answer.objects.select_related("question").get(pk=answer_id)
    return AskRequest(
        provider=answer.provider,
        model=answer.model,
        turns=[*turns_before(answer.question), Turn("user", answer.question.text)],
        options=answer.request.get("options", {}),
        background=answer.background,
        key=str(answer.pk),
        job=answer.job,
    )


def turns_before(question: Question) -> list[Turn]:
    """Earlier questions with the last answer to each that has text, oldest first.

    Questions that never got an answer are left out with their turn; the oldest turns are left out when the
    conversation outgrows what models take.
    """
    told = Answer.objects.exclude(text="").filter(state__in=KEPT).order_by("created_at", "id").only("text", "question")
    earlier = (
        Question.objects.filter(conversation=question.conversation_id, position__lt=question.position)
        .order_by("-position")
        .prefetch_related(Prefetch("answers", queryset=told, to_attr="told"))
    )
    turns: list[Turn] = []
    size = 0
    for one in earlier.iterator(chunk_size=50):
        if not one.told:
            continue
        text = one.told[-1].text
        size += len(one.text) + len(text)
        if size > MOST_HISTORY:
            break
        turns += [Turn("assistant", text), Turn("user", one.text)]
    return turns[::-1]


KEPT = (Answer.State.FINISHED, Answer.State.STOPPED, Answer.State.INTERRUPTED)
