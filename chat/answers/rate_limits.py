"""The fair queue before each model: whose turn it is when the service takes fewer questions than are asked.

Every model of every provider has a *token bucket* (a row of `Lane`), which all processes share through the database: it
holds as many questions as the service takes in a minute and refills steadily. Who asks much waits behind those who ask
little: a person's second question comes after everybody else's first.

It is for the process that holds an answer to take its turn: what waits in a process that is gone uses up none, and
those behind it move up. All times are the database's, whose clock all processes share.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now

from chat.models import Answer, Lane
from core.web.db import database_now, limit_lock_wait
from core.web.jobs.leases import renewed_lately

MINUTE = timedelta(minutes=1)
AFTER_A_REFUSAL = 60  # questions per minute, for a while, where no limit is known but the service named one
MOST_PER_MINUTE = 100_000
LONGEST_PAUSE = timedelta(minutes=10)
MOST_LOOKED_AT = 1000  # waiting answers


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where an answer stands in the queue before its bucket: its `place`, counted from 1, and 0 when it is its turn."""

    answer_id: UUID
    bucket: str
    place: int


def bucket_name(*, provider: str, model: str) -> str:
    """The name of the bucket of a provider's model."""
    return f"{provider}:{model}"[:150]


def limit_per_minute(bucket: str) -> int | None:
    """How many questions the service takes per minute, None where the operator named no limit."""
    limits: Mapping[str, int] = settings.PERPLEXITY_RPM
    if bucket.startswith("gateway:"):
        return limits.get(bucket)  # another service, with limits of its own
    model = bucket.removeprefix("sonar:")
    return limits.get(model, limits.get("*"))


def enqueue(answer: Answer, *, holder: UUID) -> QueuePlace:
    """Let the answer, which the process `holder` has, join its queue, and say where it stands. Writes nothing where
    nobody has to wait. Raises one of core.web.db.AWAY."""
    answer_id, bucket = answer.pk, bucket_name(provider=answer.provider, model=answer.model)
    if answer.admitted_at or (limit_per_minute(bucket) is None and not _was_refused_lately(bucket)):
        return QueuePlace(answer_id, bucket, 0)
    with transaction.atomic():
        limit_lock_wait()
        Answer.objects.filter(pk=answer_id, state=Answer.State.WAITING).update(lane=bucket)
    places = admit(bucket, holder=holder)
    return next((turn for turn in places if turn.answer_id == answer_id), QueuePlace(answer_id, bucket, 0))


def admit(bucket: str, *, holder: UUID) -> list[QueuePlace]:
    """Let in those of the process `holder` whose turn it is now, and say where each of those in the queue stands.

    What others hold is let in by them. Those that were let in lately are told once more: an earlier reply may have
    been lost.
    """
    with transaction.atomic():
        row, now = _lock_bucket(bucket)
        waiting = _in_fair_order(bucket, now, holder=holder)
        next_ones = waiting[: int(row.level)] if not _is_paused(row, now) else []
        admitted = [pk for pk, held_by in next_ones if held_by == holder]
        if admitted:
            Answer.objects.filter(pk__in=admitted, admitted_at__isnull=True).update(admitted_at=now)
            row.level -= len(admitted)
        row.save(update_fields=["level", "counted_at"])
    lately = Answer.objects.filter(
        lane=bucket, admitted_at__gte=now - MINUTE, state__in=Answer.LIVE, lease_holder=holder
    )
    in_turn = [QueuePlace(pk, bucket, 0) for pk in lately.values_list("pk", flat=True)]
    left = [pk for pk, _held_by in waiting if pk not in set(admitted)]
    return in_turn + [QueuePlace(pk, bucket, place) for place, pk in enumerate(left, start=1)]


def pause(bucket: str, *, wait: float | None) -> None:
    """Admit nobody for `wait` seconds: the service said that it takes no more."""
    with transaction.atomic():
        row, now = _lock_bucket(bucket)
        until = now + min(timedelta(seconds=max(wait or 1.0, 0.0)), LONGEST_PAUSE)
        row.level = 0
        row.closed_until = max(until, row.closed_until or until)
        row.save(update_fields=["level", "counted_at", "closed_until"])


def is_close(*, limit: int, remaining: int) -> bool:
    """Whether so few of the questions that the service takes are left that one has to be careful."""
    return remaining <= max(1, limit // 20)


def note_remaining(bucket: str, *, limit: int, remaining: int, wait: float) -> None:
    """Let in no more than the `remaining` of the `limit` questions that the service takes, and where none is left, as
    many as it takes again, but only in `wait` seconds. So it does not come to a refusal."""
    with transaction.atomic():
        row, now = _lock_bucket(bucket)
        until = now if remaining else now + min(timedelta(seconds=max(wait, 0.0)), LONGEST_PAUSE)
        # In `wait` seconds it takes as many as the limit again; until then we count on it little by little.
        row.said_limit = min(max(limit, int(limit * 60 / max(wait, 1.0))), MOST_PER_MINUTE)
        row.level = min(row.level, float(remaining)) if remaining else float(min(limit, MOST_PER_MINUTE))
        row.closed_until = max(until, row.closed_until or until)
        row.save(update_fields=["level", "counted_at", "closed_until", "said_limit"])


def _was_refused_lately(bucket: str) -> bool:
    """Whether the service said within the last minute that it takes no more, or hardly any."""
    return Lane.objects.filter(pk=bucket, closed_until__gt=Now() - MINUTE).exists()


def _is_paused(row: Lane, now: datetime) -> bool:
    return row.closed_until is not None and row.closed_until > now


def _lock_bucket(bucket: str) -> tuple[Lane, datetime]:
    """The bucket's row, locked and filled up to this moment, and the moment."""
    full = {"level": limit_per_minute(bucket) or AFTER_A_REFUSAL, "counted_at": database_now()}
    Lane.objects.get_or_create(pk=bucket, defaults=full)
    row = Lane.objects.select_for_update().get(pk=bucket)
    now = database_now()  # not before the row is locked: whoever had it counted up to then
    per_minute = limit_per_minute(bucket) or row.said_limit or AFTER_A_REFUSAL
    since = max(row.counted_at, min(row.closed_until or row.counted_at, now))
    passed = max((now - since).total_seconds(), 0.0)
    row.level = min(float(per_minute), row.level + passed * per_minute / 60)
    row.counted_at = now
    return row, now


def _in_fair_order(bucket: str, now: datetime, *, holder: UUID) -> Sequence[tuple[UUID, UUID | None]]:
    """Those who wait, each with the process that has it: each person's first question before anybody's second, counting
    what was let in lately. Without those of other processes that were not heard of lately."""
    waiting = Answer.objects.filter(lane=bucket, state=Answer.State.WAITING, admitted_at__isnull=True)
    waiting = waiting.filter(Q(lease_holder=holder) | renewed_lately())
    rows = list(waiting.order_by("created_at", "id").values_list("pk", "asked_by", "lease_holder")[:MOST_LOOKED_AT])
    people = {by for _pk, by, _held_by in rows}
    lately = Answer.objects.filter(lane=bucket, admitted_at__gte=now - MINUTE, asked_by__in=people)
    turns = Counter(dict(lately.order_by().values_list("asked_by").annotate(Count("pk"))))
    ranked = []
    for arrival, (pk, by, held_by) in enumerate(rows):
        ranked.append((turns[by], arrival, pk, held_by))
        turns[by] += 1
    ranked.sort(key=lambda one: one[:2])
    return [(pk, held_by) for _turn, _arrival, pk, held_by in ranked]
