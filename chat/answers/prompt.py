"""The conversation as the upstream shall see it: standing instructions, earlier questions and answers in turn, then the
question."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction

from chat.answers import (
    branches,
    given_turns,
    instructions,
    passage_block,
    passages,
    prompt_attachments,
    whole_documents,
)
from chat.answers.prompt_attachments import AttachmentBudget, PartsReader
from chat.models import Answer, AnswerPassage, Attachment, Question
from core.web.db import limit_lock_wait
from upstream.requests import AskRequest, Turn

MOST_HISTORY = 240_000  # characters before the question; about 60,000 tokens, half of the smallest window
HISTORY_STATES = (
    Answer.State.FINISHED,
    Answer.State.STOPPED,
    Answer.State.INTERRUPTED,
)  # answers that later questions see


@dataclass(frozen=True, slots=True)
class PromptPlan:
    """A request whose attachments are still in the store. `attached` has them by the number of their turn.

    `sent` is what is to be noted with the answer once they were read. `passages` are those of documents that go along,
    None where none were looked for.
    """

    request: AskRequest
    attached: Mapping[int, Sequence[Attachment]] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    passages: Sequence[AnswerPassage] | None = None

    @property
    def reads(self) -> bool:
        """Whether anything has to be read from a store."""
        return bool(self.attached or self.whole)

    @property
    def whole(self) -> Sequence[AnswerPassage]:
        """The documents that go whole."""
        return [] if self.request.job else [one for one in self.passages or () if not one.text]

    async def complete(self) -> AskRequest:
        """The request with the bytes of everything that goes along. Raises InvalidRequest."""
        return await asyncio.to_thread(self.read_attachments) if self.reads else self.request

    def read_attachments(self) -> AskRequest:
        """The same, at once. Raises InvalidRequest."""
        turns = list(self.request.turns)
        reader = PartsReader(self.request.provider)
        for number in sorted(self.attached, reverse=True):
            own = number == len(turns) - 1
            turns[number] = replace(turns[number], parts=reader.read(self.attached[number], own=own))
        if whole := whole_documents.parts_of(self.whole, provider=self.request.provider):
            turns[-1] = replace(turns[-1], parts=(*turns[-1].parts, *whole))
        if reader.sent:
            self.sent["documents"] = reader.sent
        if reader.made_smaller:
            self.sent["made_smaller"] = reader.made_smaller
        return replace(self.request, turns=turns)


def note_with_answer(answer_id: UUID, **noted: Any) -> None:
    """Keep with the answer what went along with its question. Raises one of core.web.db.AWAY."""
    with transaction.atomic():
        limit_lock_wait()
        answer = Answer.objects.only("request").get(pk=answer_id)
        Answer.objects.filter(pk=answer_id).update(request=answer.request | noted)


def plan_prompt(answer: Answer, *, attachments: Iterable[Attachment], submitted_at: float = 0.0) -> PromptPlan:
    """What to send for this answer: its question, with the `attachments`, after the conversation that led to it;
    `submitted_at` (seconds since 1970) says since when the upstream works on it by itself.

    What has to be left out of the attachments is noted with the answer.
    """
    options = answer.request.get("options", {})
    room = prompt_attachments.attachment_budget_for(model=answer.model, provider=answer.provider, options=options)
    own = room.own(attachments)
    standing = instructions.system_turns(answer)
    turns, attached, told, given = _turns_before(answer, room, standing)
    if own:
        attached[len(turns)] = own
    known = _known_by(answer.provider, told)
    quoted = passages.choose_passages(answer)
    block = passage_block.block_of(quoted, alone=passages.is_alone(answer))
    request = AskRequest(
        provider=answer.provider,
        model=answer.request.get("asked_as", answer.model),
        turns=[*turns, Turn("user", answer.question.text, quoted=block)],
        options={name: value for name, value in options.items() if name != instructions.OPTION},
        background=answer.background,
        key=str(answer.pk),
        job=answer.job,
        store=settings.PERPLEXITY_STORE,
        submitted_at=submitted_at,
        follow_up=told[known - 1].follow_up if known else {},
        known=known * 2 + given if known else 0,
    )
    if room.left_out:
        note_with_answer(answer.pk, left_out=dict(room.left_out))
    found = None if passages.space_of(answer) is None else quoted
    return PromptPlan(request, {} if answer.job else attached, passages=found)


def told_before(answer: Answer) -> list["Told"]:
    """The earlier exchanges that the answer's question is told with, or that its service knows, oldest first: as they
    are kept now."""
    standing = instructions.length_of(instructions.system_turns(answer))
    return _told_before(answer.question, most=MOST_HISTORY - standing)[::-1]


class Told(NamedTuple):
    """An earlier question with the last answer to it that has text."""

    question_id: UUID
    asked: str
    text: str
    provider: str
    follow_up: dict[str, Any]
    documents: Any = None
    given: Any = None

    @property
    def told(self) -> str:
        """The answer's text as it is told again."""
        return passage_block.without_document_marks(self.text) if self.documents else self.text


def _known_by(provider: str, told: Sequence[Told]) -> int:
    """How many of the earlier exchanges this provider knows without being told.

    Its own last answer, as seen from here, left a state behind that goes on from there. An answer that broke off left
    none, and what others answered since then it has never heard.
    """
    known = (number for number, one in enumerate(told, start=1) if one.provider == provider and one.follow_up)
    return max(known, default=0)


def given_before(answer: Answer, told: Sequence[Told]) -> list[given_turns.GivenTurn]:
    """What a program gave before the first question of all that is `told`, oldest first, or before the answer's own."""
    return given_turns.given_in(told[0].given) if told else given_turns.given_with(answer)


def _turns_before(
    answer: Answer, room: AttachmentBudget, standing: Sequence[Turn]
) -> tuple[list[Turn], dict[int, Sequence[Attachment]], Sequence[Told], int]:
    """The standing instructions and what was told before, oldest first, what goes along with which turn, that, and how
    many turns in front of it a program gave."""
    told = _told_before(answer.question, most=MOST_HISTORY - instructions.length_of(standing))
    attachments: dict[UUID | None, list[Attachment]] = defaultdict(list)
    for attachment in Attachment.objects.filter(question__in=[one.question_id for one in told]):
        attachments[attachment.question_id].append(attachment)
    # The newest come first to what room there is.
    attached = [room.earlier(attachments[one.question_id]) for one in told]
    told.reverse()
    turns = [turn for one in told for turn in (Turn("user", one.asked), Turn("assistant", one.told))]
    given = given_turns.turns_of(given_before(answer, told))
    first = len(standing) + len(given)
    beside: dict[int, Sequence[Attachment]] = {
        first + 2 * number: some for number, some in enumerate(reversed(attached)) if some
    }
    return [*standing, *given, *turns], beside, told, len(given)


def _told_before(question: Question, *, most: int) -> list[Told]:
    """The earlier questions with the last answer to each that has text, newest first, as long as they do not outgrow
    what models take: `most` characters. Questions that never got an answer are left out."""
    if question.position == 1:
        return []
    kept = Answer.objects.exclude(text="").filter(state__in=HISTORY_STATES)
    earlier = kept.filter(
        question__conversation=question.conversation_id, question__position__lt=question.position
    ).order_by("-question__position", "-created_at", "-id")
    if (led_here := branches.ids_before(question)) is not None:
        earlier = earlier.filter(question__in=led_here)
    found: list[Told] = []
    fields = (
        "question_id",
        "question__text",
        "text",
        "provider",
        "follow_up",
        "request__from_space",
        f"request__{given_turns.KEPT_AS}",
    )
    for row in earlier.values_list(*fields).iterator(50):
        one = Told(*row)
        if found and found[-1].question_id == one.question_id:
            continue
        most -= len(one.asked) + len(one.text)
        if most < 0:
            break
        found.append(one)
    return found
