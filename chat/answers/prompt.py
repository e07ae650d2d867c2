"""The conversation as the upstream shall see it: earlier questions and answers in turn, then the question."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Prefetch

from chat.answers import prompt_attachments
from chat.answers.prompt_attachments import AttachmentBudget
from chat.models import Answer, Attachment, Question
from upstream.requests import AskRequest, Turn

MOST_HISTORY = 240_000  # characters of earlier questions and answers; about 60,000 tokens, half of the smallest window
HISTORY_STATES = (
    Answer.State.FINISHED,
    Answer.State.STOPPED,
    Answer.State.INTERRUPTED,
)  # answers that later questions see


@dataclass(frozen=True, slots=True)
class PromptPlan:
    """A request whose attachments are still in the store. `attached` has them by the number of their turn."""

    request: AskRequest
    attached: Mapping[int, Sequence[Attachment]] = field(default_factory=dict)

    async def complete(self) -> AskRequest:
        """The request with the bytes of everything that goes along. Raises InvalidRequest."""
        return await asyncio.to_thread(self.read_attachments) if self.attached else self.request

    def read_attachments(self) -> AskRequest:
        """The same, at once. Raises InvalidRequest."""
        turns = list(self.request.turns)
        for number, attachments in self.attached.items():
            own = number == len(turns) - 1
            turns[number] = replace(turns[number], parts=prompt_attachments.read_parts(attachments, own=own))
        return replace(self.request, turns=turns)


def prompt_plan_for(answer_id: UUID) -> PromptPlan:
    """What to send for this answer: its question after the conversation that led to it.

    What has to be left out of the attachments is noted with the answer.
    """
    answer = Answer.objects.select_related("question").get(pk=answer_id)
    options = answer.request.get("options", {})
    room = prompt_attachments.attachment_budget_for(model=answer.model, provider=answer.provider, options=options)
    own = room.own(answer.question.attachments.all())
    turns, attached, told = _turns_before(answer.question, room)
    if own:
        attached[len(turns)] = own
    known = _known_by(answer.provider, told)
    request = AskRequest(
        provider=answer.provider,
        model=answer.request.get("asked_as", answer.model),
        turns=[*turns, Turn("user", answer.question.text)],
        options=options,
        background=answer.background,
        key=str(answer.pk),
        job=answer.job,
        follow_up=told[known - 1].follow_up if known else {},
        known=known * 2,
    )
    if room.left_out:
        Answer.objects.filter(pk=answer.pk).update(request=answer.request | {"left_out": dict(room.left_out)})
    return PromptPlan(request, {} if answer.job else attached)


def _known_by(provider: str, told: Sequence[Answer]) -> int:
    """How many of the earlier exchanges this provider knows without being told.

    Its own last answer, as seen from here, left a state behind that goes on from there. An answer that broke off left
    none, and what others answered since then it has never heard.
    """
    for number, answer in reversed(list(enumerate(told, start=1))):
        if answer.provider == provider and answer.follow_up:
            return number
    return 0


def _turns_before(
    question: Question, room: AttachmentBudget
) -> tuple[list[Turn], dict[int, Sequence[Attachment]], Sequence[Answer]]:
    """Earlier questions with the last answer to each that has text, oldest first, what goes along with which turn, and
    those answers.

    Questions that never got an answer are left out with their turn; the oldest turns are left out when the
    conversation outgrows what models take.
    """
    kept = Answer.objects.exclude(text="").filter(state__in=HISTORY_STATES).order_by("created_at", "id")
    told = kept.only("text", "question", "provider", "follow_up")
    earlier = (
        Question.objects.filter(conversation=question.conversation_id, position__lt=question.position)
        .order_by("-position")
        .prefetch_related(Prefetch("answers", queryset=told, to_attr="told"), "attachments")
    )
    turns: list[Turn] = []
    attached: list[Sequence[Attachment]] = []
    answers: list[Answer] = []
    size = 0
    for one in earlier.iterator(chunk_size=50):
        if not one.told:
            continue
        text = one.told[-1].text
        size += len(one.text) + len(text)
        if size > MOST_HISTORY:
            break
        turns += [Turn("assistant", text), Turn("user", one.text)]
        attached += [(), room.earlier(one.attachments.all())]
        answers.append(one.told[-1])
    return turns[::-1], {number: some for number, some in enumerate(attached[::-1]) if some}, answers[::-1]
