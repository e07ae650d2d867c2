"""What a check leaves on record. Each step is a transaction of its own, short enough that nobody waits for it, and done
only by the process that holds the lease."""

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from chat.models import CheckedMark, CheckedSource, CitationCheck, LedgerNews, PageCopy
from chat.search.facts import note_again
from chat.sources.checks.judging import Judged
from chat.sources.checks.plans import CheckPlan, CitedPage, Material, cited_pages
from chat.sources.claims.facts import FactKind
from chat.sources.claims.judgements import State
from chat.sources.claims.judging import RULES
from core.storable import storable
from core.web.db import limit_lock_wait

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
_ENDS = (
    *("state", "ended_at", "lease_holder", "found", "partly", "missing", "unread", "shown"),
    *("figures", "figures_missing", "pages_unread", "facts"),
)
_STATES = (State.FOUND, State.PARTLY, State.MISSING, State.UNREAD)


class LeaseLost(Exception):
    """Somebody else makes the check, or it is gone."""


def begin_check(check_id: UUID, *, holder: UUID) -> CheckPlan | None:
    """Begin, or go on where somebody else was; None when there is nothing to be done any more."""
    with transaction.atomic():
        check = _held(check_id, holder)
        if check is None:
            return None
        if check.attempts >= MOST_ATTEMPTS:
            _end(check, CitationCheck.State.FAILED)
            return None
        # A page whose copy is gone meanwhile is read once more.
        CheckedSource.objects.filter(check_of=check, copy=None, problem="").delete()
        pages = cited_pages(check.answer)
        done = set(CheckedSource.objects.filter(check_of=check).values_list("number", flat=True))
        left = [page for page in pages if page.number not in done]
        CheckedSource.objects.bulk_create(
            CheckedSource(check_of=check, number=page.number, problem=page.problem) for page in left if not page.address
        )
        to_read = [page for page in left if page.address]
        to_read_at_all = sum(1 for page in pages if page.address)
        CitationCheck.objects.filter(pk=check.pk).update(
            state=CitationCheck.State.READING,
            attempts=check.attempts + 1,
            rules=RULES,
            text_sha256=hash_of(check.answer.text),
            pages=to_read_at_all,
            pages_done=to_read_at_all - len(to_read),
        )
    conversation = check.answer.question.conversation
    return CheckPlan(check.pk, check.answer_id, conversation.team_id, check.answer.text, to_read)


def note_page(plan: CheckPlan, page: CitedPage, copy: PageCopy | None, *, problem: str, holder: UUID) -> None:
    """Put on record what became of a page: its copy, or why there is none. Raises LeaseLost."""
    with transaction.atomic():
        limit_lock_wait()
        if _held(plan.check, holder) is None:
            raise LeaseLost
        kept = copy if copy and PageCopy.objects.filter(pk=copy.pk).exists() else None
        _row, is_new = CheckedSource.objects.get_or_create(
            check_of_id=plan.check,
            number=page.number,
            defaults={
                "copy": kept,
                "text_sha256": copy.text_sha256 if copy else "",
                "problem": (problem or (copy.problem if copy else ""))[:20],
            },
        )
        if is_new:
            CitationCheck.objects.filter(pk=plan.check).update(pages_done=F("pages_done") + 1)


def end_check(plan: CheckPlan, judged: Judged, material: Material, *, holder: UUID) -> None:
    """Put on record what was found, which the answer wears from now on. Raises LeaseLost."""
    marks = [_mark(plan, said, material) for said in judged.marks]
    counts = Counter(mark.state for mark in marks)
    figures = [fact for fact in judged.facts if fact["kind"] == FactKind.FIGURE]
    with transaction.atomic():
        limit_lock_wait()
        check = _held(plan.check, holder)
        if check is None:
            raise LeaseLost
        CheckedMark.objects.filter(check_of=check).delete()
        CheckedMark.objects.bulk_create(marks)
        searched = [number for number, texts in material.sources.items() if any(one.from_search for one in texts)]
        CheckedSource.objects.filter(check_of=check, number__in=searched).update(from_search=True)
        check.found, check.partly, check.missing, check.unread = (counts[state] for state in _STATES)
        check.shown = counts[State.SHOWN]
        check.figures = len(figures)
        check.figures_missing = sum(1 for fact in figures if _is_missing(fact))
        check.pages_unread = len(material.problems)
        check.facts = storable(list(judged.facts))
        _end(check, CitationCheck.State.FINISHED)
        note_again(connection, [check.answer_id])
        LedgerNews.of_answers([check.answer_id])


def fail_check(check_id: UUID, *, holder: UUID) -> None:
    """Put on record that the check could not be made."""
    with transaction.atomic():
        check = _held(check_id, holder)
        if check is not None:
            _end(check, CitationCheck.State.FAILED)


def put_off(check_id: UUID, *, holder: UUID, seconds: float, counts: bool) -> None:
    """Leave the check to whoever comes in a while; with `counts` it was tried in vain."""
    later = Now() + timedelta(seconds=seconds)
    with transaction.atomic():
        if _held(check_id, holder) is not None:
            CitationCheck.objects.filter(pk=check_id).update(
                attempts=F("attempts") - (0 if counts else 1), lease_holder=None, lease_expires_at=later
            )


def hash_of(text: str) -> str:
    """By what a check says which text it was made of."""
    return hashlib.sha256(text.encode()).hexdigest()


def _mark(plan: CheckPlan, said: dict[str, Any], material: Material) -> CheckedMark:
    state = _state(said, material)
    return CheckedMark(check_of_id=plan.check, **storable({**_kept(said), "state": state}))


def _kept(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != "passage_start"}


def _is_missing(fact: dict[str, Any]) -> bool:
    return fact["looked_at_all"] and not (fact["cited"] or fact["others"] or fact["apart"])


def _state(said: dict[str, Any], material: Material) -> str:
    """What the rules say; but that nothing was found in an excerpt is no word about a page that could not be read."""
    state, number = said["state"], said["number"]
    if said["of_document"]:
        return State.UNREAD if not _has_text(material.documents.get(number, ())) else state
    if not _has_text(material.sources.get(number, ())):
        return State.UNREAD
    return State.UNREAD if state == State.MISSING and number in material.problems else state


def _has_text(texts: Sequence[Any]) -> bool:
    return any(one.text for one in texts)


def _held(check_id: UUID, holder: UUID) -> CitationCheck | None:
    """The check, locked, if this process still makes it."""
    held = CitationCheck.objects.select_for_update(no_key=True, of=("self",))
    return (
        held.select_related("answer__question__conversation")
        .filter(pk=check_id, lease_holder=holder, state__in=CitationCheck.LIVE)
        .first()
    )


def _end(check: CitationCheck, state: str) -> None:
    check.state, check.ended_at, check.lease_holder = state, timezone.now(), None
    check.save(update_fields=_ENDS)
    logger.info("Check %s ended: %s.", check.pk, state)
