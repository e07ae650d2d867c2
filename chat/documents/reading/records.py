"""What reading a document leaves on record. Each step is a transaction of its own, short enough that nobody waits for
it, and done only by the process that holds the lease."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from chat.documents.problems import WITHOUT_TEXT, ReadingProblem
from chat.models import Document, DocumentVersion, Passage
from core.web.db import limit_lock_wait
from files.text import CutPassage, DocumentText

logger = logging.getLogger(__name__)

AT_ONCE = 100  # passages in one transaction
MOST_ATTEMPTS = 5
LATER = timedelta(seconds=12)  # less than a lease can last at most


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """What is to be read, and for which space."""

    version: UUID
    space: UUID
    sha256: str
    media_type: str


class LeaseLost(Exception):
    """Somebody else reads the document, or it is gone."""


def begin_reading(version_id: UUID, *, holder: UUID) -> ReadPlan | None:
    """Begin anew, whatever somebody else had begun; None when there is nothing to be read any more."""
    with transaction.atomic():
        version = _held(version_id, holder)
        if version is None:
            return None
        if version.attempts >= MOST_ATTEMPTS:
            _end(version, DocumentVersion.State.FAILED, problem=ReadingProblem.INTERRUPTED)
            return None
        version.state, version.in_index = DocumentVersion.State.READING, True
        version.attempts += 1
        version.save(update_fields=["state", "in_index", "attempts"])
    while drop_passages(version_id):
        pass
    return ReadPlan(version.pk, version.document.space_id, version.sha256, version.media_type)


def drop_passages(version_id: UUID) -> int:
    """Remove some of the version's passages; returns how many, 0 when there are none any more."""
    some = Passage.objects.filter(version=version_id).values("pk")[:AT_ONCE]
    return Passage.objects.filter(pk__in=list(some.values_list("pk", flat=True))).delete()[0]


def add_passages(plan: ReadPlan, passages: Sequence[CutPassage], *, holder: UUID, first: int) -> None:
    """Store some passages, numbered from `first`. Raises LeaseLost."""
    with transaction.atomic():
        limit_lock_wait()
        if _held(plan.version, holder) is None:
            raise LeaseLost
        Passage.objects.bulk_create(
            Passage(
                version_id=plan.version,
                number=number,
                page=one.page,
                label=one.label[:200],
                text=one.text,
                found_in=plan.space,
            )
            for number, one in enumerate(passages, start=first)
        )


def end_reading(plan: ReadPlan, text: DocumentText, *, characters: int, passages: int, holder: UUID) -> None:
    """Put the document on record as read, or as one without text. Of `text` only the outline is needed.

    What was read is shown and searched from now on, in the place of an earlier version.
    """
    with transaction.atomic():
        version = _held(plan.version, holder)
        if version is None:
            return
        version.unit, version.pages, version.characters = text.unit, text.count, characters
        if not passages:
            problem = text.problem or ReadingProblem.NO_WORDS
            _end(version, DocumentVersion.State.FAILED, problem=problem)
            return
        _end(version, DocumentVersion.State.READY, problem="" if text.problem in WITHOUT_TEXT else text.problem)
        Document.objects.filter(Q(current=None) | Q(current__number__lt=version.number), pk=version.document_id).update(
            current=version
        )


def fail_reading(version_id: UUID, *, problem: str, holder: UUID) -> None:
    """Put on record that nothing could be read."""
    with transaction.atomic():
        version = _held(version_id, holder)
        if version is not None:
            _end(version, DocumentVersion.State.FAILED, problem=problem)


def put_off(version_id: UUID, *, holder: UUID, later: timedelta = LATER) -> None:
    """Leave the document to whoever comes in a while: what is needed to read it is not there right now."""
    with transaction.atomic():
        version = _held(version_id, holder)
        if version is not None:
            DocumentVersion.objects.filter(pk=version.pk).update(
                state=DocumentVersion.State.WAITING,
                attempts=F("attempts") - 1,
                lease_holder=None,
                lease_expires_at=Now() + later,
            )


def settle_index(*, most: int = AT_ONCE) -> int:
    """Have the index hold the passages of current versions of documents that are there, and no others: some of those
    that are to be added or taken out. Returns how many that were, 0 when all is as it should be.

    Nobody waits for it: what is found is decided by the rows (`chat.documents.find`)."""
    current = Document.objects.filter(current=OuterRef("pk"), deleted_at=None)
    settled = DocumentVersion.objects.exclude(
        state__in=[DocumentVersion.State.WAITING, DocumentVersion.State.READING]
    ).select_related("document")
    superfluous = settled.filter(~Exists(current), in_index=True).first()
    if superfluous:
        return _move(superfluous, Q(found_in__isnull=False), found_in=None, in_index=False, most=most)
    lacking = settled.filter(Exists(current), in_index=False).first()
    if lacking:
        return _move(lacking, Q(found_in=None), found_in=lacking.document.space_id, in_index=True, most=most)
    return 0


def _move(version: DocumentVersion, which: Q, *, found_in: UUID | None, in_index: bool, most: int) -> int:
    with transaction.atomic():
        some = list(Passage.objects.filter(which, version=version).values_list("pk", flat=True)[:most])
        if some:
            return Passage.objects.filter(pk__in=some).update(found_in=found_in)
        DocumentVersion.objects.filter(pk=version.pk).update(in_index=in_index)
        return 1


def _held(version_id: UUID, holder: UUID) -> DocumentVersion | None:
    """The version, locked, if this process still reads it."""
    held = DocumentVersion.objects.select_for_update(no_key=True, of=("self",)).select_related("document")
    return held.filter(
        pk=version_id,
        lease_holder=holder,
        state__in=[DocumentVersion.State.WAITING, DocumentVersion.State.READING],
    ).first()


def _end(version: DocumentVersion, state: str, *, problem: str) -> None:
    version.state, version.problem, version.read_at, version.lease_holder = state, problem, timezone.now(), None
    version.save(update_fields=["state", "problem", "read_at", "lease_holder", "unit", "pages", "characters"])
    logger.info("Version %s was read: %s %s.", version.pk, state, problem)
