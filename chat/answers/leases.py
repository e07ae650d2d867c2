"""Which process writes which answer, and what becomes of answers whose writer is gone.

What can be begun, or gone on with, without asking the upstream twice, passes to another process: a question that was
never sent, and work that the upstream does by itself. Everything else is interrupted, with the text that it has.
That a question is sent is put on record by the process that sends it, and just before (`confirm_sending`).
"""

import logging
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from chat.answers import finalize
from chat.models import Answer
from core.web.db import limit_lock_wait
from core.web.jobs.leases import Leases, lease_until, never_begun

logger = logging.getLogger(__name__)

MOST_ENDED = 200  # answers in one round


# What was certainly never sent, although somebody had begun: it waits for its turn, or is being made ready.
UNSENT = Q(state=Answer.State.WAITING, sent_at__isnull=True)


def restart_problem() -> finalize.AnswerProblem:
    """What readers are told about an answer whose writer went away."""
    return finalize.AnswerProblem(
        kind="restart",
        message=_("Parley was restarted while this answer was being written."),
        retryable=True,
    )


class AnswerLeases(Leases[Answer]):
    """Who writes what."""

    def claim_answers(self, *, holder: UUID) -> dict[UUID, bool]:
        """Take over answers that wait for somebody. Tells of each whether the upstream works on it by itself."""
        claimed = self.claim(holder=holder, also=UNSENT & never_begun(holder))
        return dict(Answer.objects.filter(pk__in=claimed).values_list("pk", "background")) if claimed else {}

    def confirm_sending(self, answer_id: UUID, *, holder: UUID) -> bool:
        """Put on record that the question goes to the upstream now. False where it must not: the answer has ended, or
        somebody else has taken it over. Raises one of core.web.db.AWAY."""
        with transaction.atomic():
            limit_lock_wait()
            held = self.of(holder).filter(pk=answer_id)
            return bool(held.update(sent_at=Coalesce("sent_at", Now()), lease_expires_at=lease_until()))

    def give_up(self, abandoned: QuerySet[Answer], *, held: Collection[UUID] = ()) -> list[UUID]:
        """Free what somebody else can go on with, and interrupt the others; returns those."""
        unharmed = abandoned.filter(Q(background=True) | UNSENT)
        unharmed.exclude(pk__in=held).update(lease_holder=None)  # for whoever claims it
        found = set(abandoned.values_list("pk", flat=True)[:MOST_ENDED]) - set(held)
        return [answer_id for answer_id in found if _interrupt(answer_id)]


def _interrupt(answer_id: UUID) -> bool:
    """End the answer if its lease is still run out. One that cannot be ended must not keep the others spinning."""
    try:
        end = finalize.end_answer(
            answer_id=answer_id, state=Answer.State.INTERRUPTED, problem=restart_problem(), overdue=True
        )
    except Exception:
        logger.exception("Answer %s was left behind and cannot be ended.", answer_id)
        return False
    if end:
        logger.info("Answer %s was left behind and is now marked as interrupted.", answer_id)
    return end is not None


_live = Answer.objects.filter(state__spelled_in=Answer.LIVE)
answer_leases = AnswerLeases(live=_live, claimable=_live.filter(Q(state=Answer.State.WAITING) | Q(background=True)))
