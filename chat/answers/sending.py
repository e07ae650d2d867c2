"""What happens in the database between a question and its upstream: its turn, its prompt, and that it is sent.

Mostly nobody has to wait and nothing has to be read from the store. Then it is one piece of work, in one thread, with
what is at hand of an answer that was stored just now.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from chat.answers import prompt, rate_limits
from chat.answers.leases import answer_leases
from chat.answers.prompt import PromptPlan
from chat.answers.rate_limits import QueuePlace
from chat.models import Answer, Attachment


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far the answer came. `plan` is None for one that has to wait for its turn. `is_confirmed` says whether it is
    on record that the question is sent, None where something has to happen before."""

    turn: QueuePlace
    plan: PromptPlan | None = None
    is_confirmed: bool | None = None


def load_answer(answer_id: UUID) -> tuple[Answer, list[Attachment]]:
    """The answer with its question and conversation, and what is attached. Raises Answer.DoesNotExist."""
    answer = Answer.objects.select_related("question__conversation").get(pk=answer_id)
    return answer, list(answer.question.attachments.all())


def make_ready(
    answer: Answer,
    *,
    attachments: Iterable[Attachment],
    holder: UUID,
    may_send: Callable[[], bool],
    submitted_at: float = 0.0,
    turn: QueuePlace | None = None,
) -> Readiness:
    """Come as far as possible with the answer, which the process `holder` has: from its `turn`, if it has waited for
    that, to the record that its question is sent, where nothing stands in the way and it `may_send` then.

    `submitted_at` as in `prompt.plan_prompt`. May be called again. Raises one of core.web.db.AWAY.
    """
    turn = turn or rate_limits.enqueue(answer, holder=holder)
    if turn.place:
        return Readiness(turn)
    plan = prompt.plan_prompt(answer, attachments=attachments, submitted_at=submitted_at)
    if plan.reads or not may_send():
        return Readiness(turn, plan)
    return Readiness(turn, plan, answer_leases.confirm_sending(answer.pk, holder=holder))
