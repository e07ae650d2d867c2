"""The fair queue before each model: whose turn it is when the service takes fewer questions than are asked.

Every model of every provider has a *lane*, which all processes share through the database. A lane holds as many
questions as the service takes in a minute and refills steadily, as its own limits do. Who asks much waits behind those
who ask little: a person's second question comes after everybody else's first.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from chat.models import Answer, Lane

MINUTE = timedelta(minutes=1)
AFTER_A_REFUSAL = 60  # questions per minute, for a while, where no limit is known but the service named one
LONGEST_CLOSURE = timedelta(minutes=10)
MOST_LOOKED_AT = 1000  # waiting answers


@dataclass(frozen=True, slots=True)
class Turn:
    """Where an answer stands in its lane: its `place`, counted from 1, and 0 when it is its turn."""

    answer_id: UUID
    lane: str
    place: int


def name_of(*, provider: str, model: str) -> str:
    """The lane's name: the provider and its model."""
    return f"{provider}:{model}"[:150]


def limit_of(lane: str) -> int | None:
    """How many questions the service takes per minute, None where the operator named no limit."""
    limits: Mapping[str, int] = settings.PERPLEXITY_RPM
    if lane.startswith("gateway:"):
        return limits.get(lane)  # another service, with limits of its own
    model = lane.removeprefix("sonar:")
    return limits.get(model, limits.get("*"))


def line_up(answer_id: UUID) -> Turn:
    """Let the answer join its lane, and say where it stands. Writes nothing where nobody has to wait."""
    answer = Answer.objects.only("provider", "model", "admitted_at").get(pk=answer_id)
    lane = name_of(provider=answer.provider, model=answer.model)
    if answer.admitted_at or (limit_of(lane) is None and not _was_refused_lately(lane)):
        return Turn(answer_id, lane, 0)
    Answer.objects.filter(pk=answer_id, state=Answer.State.WAITING).update(lane=lane)
    return next((turn for turn in advance(lane) if turn.answer_id == answer_id), Turn(answer_id, lane, 0))


def advance(lane: str) -> list[Turn]:
    """Let in as many as the service takes now, and say where each of those in the lane stands.

    Any process may do this for all of them; those that were let in lately are told too, so that the process that holds
    them learns of it.
    """
    now = timezone.now()
    with transaction.atomic():
        row = _locked(lane, now)
        waiting = _in_fair_order(lane, now)
        admitted = waiting[: int(row.level)] if not _is_closed(row, now) else []
        if admitted:
            Answer.objects.filter(pk__in=admitted, admitted_at__isnull=True).update(admitted_at=now)
            row.level -= len(admitted)
        row.save(update_fields=["level", "counted_at"])
    lately = Answer.objects.filter(lane=lane, admitted_at__gte=now - MINUTE, state__in=Answer.LIVE)
    in_turn = [Turn(pk, lane, 0) for pk in lately.values_list("pk", flat=True)]
    return in_turn + [Turn(pk, lane, place) for place, pk in enumerate(waiting[len(admitted) :], start=1)]


def close(lane: str, *, wait: float | None) -> None:
    """Let nobody in for `wait` seconds: the service said that it takes no more."""
    now = timezone.now()
    until = now + min(timedelta(seconds=max(wait or 1.0, 0.0)), LONGEST_CLOSURE)
    with transaction.atomic():
        row = _locked(lane, now)
        row.level = 0
        row.closed_until = max(until, row.closed_until or until)
        row.save(update_fields=["level", "counted_at", "closed_until"])


def _was_refused_lately(lane: str) -> bool:
    return Lane.objects.filter(pk=lane, closed_until__gt=timezone.now() - MINUTE).exists()


def _is_closed(row: Lane, now: datetime) -> bool:
    return row.closed_until is not None and row.closed_until > now


def _locked(lane: str, now: datetime) -> Lane:
    """The lane's row, locked and filled up to this moment."""
    per_minute = limit_of(lane) or AFTER_A_REFUSAL
    Lane.objects.get_or_create(pk=lane, defaults={"level": per_minute, "counted_at": now})
    row = Lane.objects.select_for_update().get(pk=lane)
    since = max(row.counted_at, min(row.closed_until or row.counted_at, now))
    passed = max((now - since).total_seconds(), 0.0)
    row.level = min(float(per_minute), row.level + passed * per_minute / 60)
    row.counted_at = now
    return row


def _in_fair_order(lane: str, now: datetime) -> Sequence[UUID]:
    """Those who wait: each person's first question before anybody's second, counting what was let in lately."""
    waiting = Answer.objects.filter(lane=lane, state=Answer.State.WAITING, admitted_at__isnull=True)
    rows = list(waiting.order_by("created_at", "id").values_list("pk", "asked_by")[:MOST_LOOKED_AT])
    lately = Answer.objects.filter(lane=lane, admitted_at__gte=now - MINUTE, asked_by__in={by for _pk, by in rows})
    turns = Counter(dict(lately.order_by().values_list("asked_by").annotate(Count("pk"))))
    ranked = []
    for arrival, (pk, by) in enumerate(rows):
        ranked.append((turns[by], arrival, pk))
        turns[by] += 1
    return [pk for _turn, _arrival, pk in sorted(ranked)]
