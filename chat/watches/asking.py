"""Asks what is due. One process does it for each watch and time, in one transaction that also says when it is due next:
so a process that is killed leaves nothing half done, and what was missed while no server ran is asked once.

The answer waits for a worker as any other does. Its key follows from the watch and the time at which it was due.
"""

import logging
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone, translation

from accounts.errors import LimitReached
from chat import access
from chat.catalog import offers
from chat.models import Answer, Conversation, Question, Watch, WatchRun
from chat.questions import service as questions
from chat.watches import money
from chat.watches.schedule import local_day, schedule_of
from core.errors import ActionRefused
from core.web.db import AWAY, limit_lock_wait

MOST_AT_ONCE = 20
"""Watches that are asked in one round."""
MOST_FAILURES = 3
"""In a row; then somebody has to look after it."""

logger = logging.getLogger(__name__)


class BudgetUsedUp(Exception):
    """What is left of the watch's budget for this month may not be enough for another answer."""


def ask_due() -> int:
    """Ask what is due by now; returns how many questions were asked."""
    due = Watch.objects.filter(next_at__lte=timezone.now(), deleted_at=None).order_by("next_at", "pk")
    return sum(_ask_if_due(watch_id) for watch_id in due.values_list("pk", flat=True)[:MOST_AT_ONCE])


def _ask_if_due(watch_id: UUID) -> bool:
    """Ask, unless another process has done it, or is about to. What fails is tried again in the next round."""
    now = timezone.now()
    free = Watch.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    try:
        with transaction.atomic():
            limit_lock_wait()
            watch = free.filter(pk=watch_id, next_at__lte=now, deleted_at=None).select_related("owner").first()
            return watch is not None and _ask(watch, now=now)
    except AWAY:
        raise
    except Exception:
        logger.exception("Watch %s could not be asked.", watch_id)
        return False


def _ask(watch: Watch, *, now: datetime) -> bool:
    due_at = watch.next_at or now
    watch.state, watch.reason = Watch.State.RUNNING, Watch.Reason.NONE
    watch.next_at = schedule_of(watch).next_after(now)
    if watch.until and local_day(watch, due_at) > watch.until:
        stop(watch, Watch.Reason.UNTIL, state=Watch.State.ENDED)
        return False
    # What is being answered for days is not asked again meanwhile, and no time is asked twice.
    if watch.runs.filter(Q(state__in=WatchRun.OPEN) | Q(due_at=due_at)).exists():
        watch.save(update_fields=["state", "reason", "next_at"])
        return False
    question = Question.objects.select_related("conversation__team", "conversation__space").get(pk=watch.question_id)
    if reason := _reason_against(watch, question):
        stop(watch, reason)
        return False
    run = WatchRun(watch=watch, due_at=due_at, compared_to_id=watch.compared_to_id)
    try:
        run.answer = _asked(watch, question, due_at)
    except BudgetUsedUp:
        _wait_for_next_month(watch, Watch.Reason.BUDGET)
        return False
    except LimitReached:
        _wait_for_next_month(watch, Watch.Reason.LIMIT)
        return False
    except ActionRefused as refusal:
        run.state, run.problem, run.ended_at = WatchRun.State.FAILED, str(refusal), now
        run.save(force_insert=True)
        note_failure(watch)
        return False
    run.save(force_insert=True)
    watch.save(update_fields=["state", "reason", "next_at"])
    logger.info("Watch %s was asked.", watch.pk)
    return True


def _asked(watch: Watch, question: Question, due_at: datetime) -> Answer:
    """The new answer, which waits. Raises BudgetUsedUp, LimitReached or ActionRefused, with nothing stored."""
    key = uuid5(watch.pk, due_at.isoformat())
    choice = questions.ModelChoice(model=watch.model, provider=watch.provider, key=key)
    with transaction.atomic(), translation.override(watch.owner.language or settings.LANGUAGE_CODE):
        answer = questions.ask_another_model(choice, question=question, by=watch.owner)
        # What other answers of this month cost is known here, for nobody else asks for this watch meanwhile.
        if money.spent_this_month([watch.pk])[watch.pk] + money.reserved_for(answer) > watch.budget:
            raise BudgetUsedUp
    return answer


def note_failure(watch: Watch) -> None:
    """Count that it failed once more, and ask no further where that happens again and again."""
    watch.failures += 1
    if not model_is_offered(watch, watch.question.conversation):
        stop(watch, Watch.Reason.MODEL)
    elif watch.failures >= MOST_FAILURES:
        stop(watch, Watch.Reason.FAILURES)
    else:
        watch.save(update_fields=["failures", "state", "reason", "next_at"])


def stop(watch: Watch, reason: Watch.Reason, *, state: Watch.State = Watch.State.PAUSED) -> None:
    """Ask no further, until somebody looks after it."""
    watch.state, watch.reason, watch.next_at = state, reason, None
    watch.stopped_at, watch.stop_mailed_at = timezone.now(), None
    watch.save(update_fields=["failures", "state", "reason", "next_at", "stopped_at", "stop_mailed_at"])
    logger.info("Watch %s stopped: %s.", watch.pk, reason)


def model_is_offered(watch: Watch, conversation: Conversation) -> bool:
    """Whether the watch's model can still be asked by its team."""
    name = offers.offer_id_of(watch.model, watch.provider)
    return any(offer.id == name and not offer.retired for offer in offers.offers(conversation.team))


def _wait_for_next_month(watch: Watch, reason: Watch.Reason) -> None:
    watch.state, watch.reason = Watch.State.PAUSED, reason
    watch.next_at = schedule_of(watch).next_after(money.month_ends_at())
    watch.stopped_at, watch.stop_mailed_at = timezone.now(), None
    watch.save(update_fields=["state", "reason", "next_at", "stopped_at", "stop_mailed_at"])
    logger.info("Watch %s waits for the next month: %s.", watch.pk, reason)


def _reason_against(watch: Watch, question: Question) -> Watch.Reason | None:
    """Why the question cannot be asked any more by the watch's owner."""
    conversation = question.conversation
    if conversation.deleted_at:
        return Watch.Reason.DELETED
    if conversation.archived:
        return Watch.Reason.ARCHIVED
    try:
        access.readable_conversation(watch.owner, conversation.pk)
        membership = access.membership_for(watch.owner, conversation)
    except (Http404, PermissionDenied):
        return Watch.Reason.OWNER
    if not watch.owner.is_active or not membership.may_ask:
        return Watch.Reason.OWNER
    if conversation.space and conversation.space.archived:
        return Watch.Reason.ARCHIVED
    if not access.may_ask_in(membership, conversation):
        return Watch.Reason.OWNER
    return None if model_is_offered(watch, conversation) else Watch.Reason.MODEL
