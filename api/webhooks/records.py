"""What is put on record about messages: which is sent now, what came of it, when it is tried again.

A webhook that takes nothing for PAUSED_AFTER is paused, and the team's owners are told.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from api.models import Delivery, Webhook
from api.webhooks import letters, messages, signing
from core.web.db import database_now
from core.web.jobs.leases import Leases, lease_until, run_out
from core.web.jobs.worker import LOOKS_WITHIN

TRY_AGAIN_AFTER = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
PAUSED_AFTER = timedelta(days=3)
LOOKED_WITHIN = timedelta(seconds=2 * LOOKS_WITHIN)
OF_ONE_WEBHOOK = 4  # messages at once in one process: one that hangs holds up no other

State = Delivery.State


class DeliveryLeases(Leases[Delivery]):
    """Which process sends which message. One that was begun by a process that is gone is sent again."""

    def give_up(self, abandoned: QuerySet[Delivery], *, held: Collection[UUID] = ()) -> list[UUID]:
        """Free what was begun for whoever claims it. Nothing is ended."""
        abandoned.exclude(pk__in=held).update(lease_holder=None, lease_expires_at=Now())
        return []

    def are_there_jobs(self) -> bool:
        """Whether any message is due before the next look that is made in any case."""
        return self._live.filter(due_at__lte=timezone.now() + LOOKED_WITHIN).exists()

    def claim_due(self, *, holder: UUID, most: int, busy: Collection[UUID] = ()) -> dict[UUID, UUID]:
        """Take messages that are due, the oldest first; returns their webhooks by their ids. `busy` are the webhooks of
        what is being sent, one for each."""
        due = self._claimable.filter(run_out(), lease_holder=None, due_at__lte=database_now())
        if not due.exists():
            return {}  # and nobody else's writing waits for that
        count = Counter(busy)
        full = [webhook for webhook, number in count.items() if number >= OF_ONE_WEBHOOK]
        taken: dict[UUID, UUID] = {}
        with transaction.atomic():
            rows = due.exclude(webhook__in=full).order_by("due_at", "pk")
            locked = rows.select_for_update(skip_locked=True, no_key=True, of=("self",))
            for pk, webhook in locked.values_list("pk", "webhook_id")[: most * 10]:
                if len(taken) < most and count[webhook] < OF_ONE_WEBHOOK:
                    taken[pk] = webhook
                    count[webhook] += 1
            if taken:
                self._live.filter(pk__in=taken).update(lease_holder=holder, lease_expires_at=lease_until())
        return taken


_active = Webhook.objects.filter(paused=Webhook.Pause.NO)
_waiting = Delivery.objects.filter(state=State.WAITING, webhook__in=_active.values("pk"))
delivery_leases = DeliveryLeases(live=_waiting, claimable=_waiting)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be sent."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of sending: the HTTP status, 0 for none, the code of what went wrong, empty for nothing, and how many
    milliseconds it took."""

    status: int = 0
    problem: str = ""
    took: int = 0


def begin(delivery_id: UUID) -> Outgoing | Attempt | None:
    """The message to send; an Attempt where it cannot be signed; None where nothing is left to tell, as is put on
    record."""
    delivery = Delivery.objects.select_related("webhook").filter(pk=delivery_id, state=State.WAITING).first()
    if delivery is None:
        return None
    body = messages.body_of(delivery)
    if body is None:
        Delivery.objects.filter(pk=delivery_id).update(
            state=State.DROPPED, problem="gone", tried_at=timezone.now(), lease_holder=None
        )
        return None
    try:
        secret = signing.readable_secret(delivery.webhook.secret)
    except signing.Unreadable:
        return Attempt(problem="secret")
    headers = signing.headers_for(message_id=f"msg_{delivery_id.hex}", at=timezone.now(), body=body, secret=secret)
    return Outgoing(delivery.webhook.url, body, headers)


def note(delivery_id: UUID, attempt: Attempt, *, holder: UUID) -> None:
    """Put the attempt on record, and when the next one is. A process that lost the lease notes nothing."""
    ours = Delivery.objects.filter(pk=delivery_id, lease_holder=holder, state=State.WAITING)
    delivery = ours.select_related("webhook").first()
    if delivery is None:
        return
    now = timezone.now()
    fields = {
        "attempts": delivery.attempts + 1,
        "status": attempt.status,
        "problem": attempt.problem,
        "took": attempt.took,
        "tried_at": now,
        "lease_holder": None,
        "lease_expires_at": now,
    }
    if not attempt.problem:
        ours.update(state=State.DELIVERED, **fields)
        Webhook.objects.filter(pk=delivery.webhook_id).exclude(failing_since=None).update(failing_since=None)
        return
    if delivery.attempts < len(TRY_AGAIN_AFTER) and attempt.status != 410:
        ours.update(due_at=now + TRY_AGAIN_AFTER[delivery.attempts], **fields)
    else:
        ours.update(state=State.GIVEN_UP, **fields)
    _note_failure(delivery.webhook)


def _note_failure(webhook: Webhook) -> None:
    now = timezone.now()
    Webhook.objects.filter(pk=webhook.pk, failing_since=None).update(failing_since=now)
    failing = Webhook.objects.filter(pk=webhook.pk, paused=Webhook.Pause.NO, failing_since__lte=now - PAUSED_AFTER)
    if failing.update(paused=Webhook.Pause.FAILED, paused_at=now):
        letters.tell_owners(webhook)
