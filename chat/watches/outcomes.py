"""What came of a run: whether its answer says something else than the one that readers were told of last.

Every process looks; whoever takes a run has it for TAKEN_FOR, and who is killed meanwhile leaves it to the next one.
Comparing takes computing time, so it is done between two transactions, with no connection held.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from chat.models import Answer, CitationCheck, Conversation, WatchRun
from chat.sources.checks import NothingToCheck, request_check
from chat.watches import asking, changes
from chat.watches.changes import Change
from core.web.db import limit_lock_wait

TAKEN_FOR = timedelta(minutes=2)
CHECKED_WITHIN = timedelta(minutes=15)
"""How long readers wait for a check before they are told without one."""
MOST_AT_ONCE = 10

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """A run whose answer has ended, taken by this process. `before` is what it is compared to: None where that is gone,
    or where the answer is not whole."""

    run_id: UUID
    answer: Answer
    before: Answer | None


def take_ended() -> list[Ended]:
    """Take runs whose answers have ended, with what has to be compared."""
    asked = WatchRun.objects.filter(state=WatchRun.State.ASKED).exclude(answer__state__in=Answer.LIVE)
    taken = _taken(asked)
    found = (
        WatchRun.objects.filter(pk__in=taken)
        .select_related("answer", "compared_to")
        .prefetch_related("answer__sources", "compared_to__sources")
    )
    return [
        Ended(run.pk, run.answer, run.compared_to if _is_whole(run.answer) else None) for run in found if run.answer
    ]


def compared(ended: Ended) -> Change | None:
    """What changed; None where there is nothing to compare. Computes, and asks nobody."""
    return changes.change_between(ended.before, ended.answer) if ended.before else None


def note_outcome(ended: Ended, change: Change | None) -> None:
    """Put on record what came of the run. What changed is told when what it cites has been looked up."""
    with transaction.atomic():
        limit_lock_wait()
        run = _locked(ended.run_id, WatchRun.State.ASKED)
        if run is None:
            return
        if not _is_whole(ended.answer):
            _fail(run)
        elif change is None or not change.is_real:
            _note_unchanged(run, is_first=change is None)
        else:
            run.difference = change.told
            run.state, run.taken_until = WatchRun.State.CHECKING, timezone.now()
            run.save(update_fields=["difference", "state", "taken_until"])
    if _is_whole(ended.answer):
        _have_checked(ended.answer)


def tell_checked() -> int:
    """End the runs whose checks are done, with the passages that were found; returns how many changes were told."""
    live = CitationCheck.objects.filter(answer=OuterRef("answer"), state__in=CitationCheck.LIVE)
    checking = WatchRun.objects.filter(state=WatchRun.State.CHECKING)
    late = Q(answer__ended_at__lt=timezone.now() - CHECKED_WITHIN)
    taken = _taken(checking.filter(late | ~Exists(live)))
    for run_id in taken:
        with transaction.atomic():
            limit_lock_wait()
            run = _locked(run_id, WatchRun.State.CHECKING)
            if run:
                _note_changed(run)
    return len(taken)


def _taken(runs: QuerySet[WatchRun]) -> list[UUID]:
    """Those of the runs that nobody else looks after, a few at a time; from now on this process does."""
    now = timezone.now()
    free = runs.filter(taken_until__lte=now).order_by("taken_until").values_list("pk", flat=True)[:MOST_AT_ONCE]
    mine = []
    for run_id in free:
        if WatchRun.objects.filter(pk=run_id, taken_until__lte=now).update(taken_until=now + TAKEN_FOR):
            mine.append(run_id)
    return mine


def _locked(run_id: UUID, state: WatchRun.State) -> WatchRun | None:
    """The run with its watch, both locked; None where somebody else was faster."""
    rows = WatchRun.objects.select_for_update(no_key=True, of=("self", "watch"))
    found = rows.filter(pk=run_id, state=state)
    return found.select_related("watch__question__conversation__team", "answer").first()


def _is_whole(answer: Answer) -> bool:
    return answer.state == Answer.State.FINISHED and bool(answer.text)


def _have_checked(answer: Answer) -> None:
    with suppress(NothingToCheck):
        request_check(answer=answer, by=None)


def _fail(run: WatchRun) -> None:
    _end(run, WatchRun.State.FAILED)
    if run.answer and run.answer.state != Answer.State.STOPPED:  # somebody stopped it, and nothing is wrong
        asking.note_failure(run.watch)


def _note_unchanged(run: WatchRun, *, is_first: bool) -> None:
    """With `is_first` there was nothing that it could be compared to; what comes next is compared to it."""
    _end(run, WatchRun.State.UNCHANGED)
    watch = run.watch
    watch.failures = 0
    if is_first:
        watch.compared_to = run.answer
    watch.save(update_fields=["failures", "compared_to"])
    _fold_older(run)


def _note_changed(run: WatchRun) -> None:
    watch = run.watch
    if run.answer:
        run.difference = {**run.difference, "passages": changes.checked_passages(run.answer, run.difference)}
    _end(run, WatchRun.State.CHANGED)
    watch.failures, watch.changes, watch.changed_at = 0, watch.changes + 1, run.ended_at
    watch.compared_to = run.answer
    watch.save(update_fields=["failures", "changes", "changed_at", "compared_to"])
    _fold_older(run)
    asked_in = Conversation.objects.filter(pk=watch.question.conversation_id)
    asked_in.update(answered_at=run.ended_at)  # for whoever has opened it, it is news
    logger.info("The answer to watch %s changed.", watch.pk)


def _end(run: WatchRun, state: WatchRun.State) -> None:
    run.state, run.ended_at = state, timezone.now()
    run.save(update_fields=["state", "ended_at", "difference"])


def _fold_older(run: WatchRun) -> None:
    """Let the conversation show no more what said nothing new: there is a newer answer."""
    silent = (WatchRun.State.UNCHANGED, WatchRun.State.FAILED)
    older = WatchRun.objects.filter(watch=run.watch_id, state__in=silent, folded=False, created_at__lt=run.created_at)
    older.update(folded=True)
