"""What owners do with their team's webhooks."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Team, User
from api.models import Delivery, Webhook, WebhookEvent
from api.webhooks import signing
from api.webhooks.events import trim
from core.errors import ActionRefused
from core.ids import new_id

MOST_WEBHOOKS = 10  # of a team


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWish:
    """What an owner says of a webhook. `events` are values of WebhookEvent."""

    name: str
    url: str
    events: list[str]
    include_text: bool


def add_webhook(wish: WebhookWish, *, team: Team, by: User) -> tuple[Webhook, str]:
    """A new webhook, and its secret, which is shown once. Raises ActionRefused for more than MOST_WEBHOOKS."""
    secret = signing.new_secret()
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        if Webhook.objects.filter(team=team).count() >= MOST_WEBHOOKS:
            raise ActionRefused(
                _("A team can have up to %(most)d webhooks. Remove one first.") % {"most": MOST_WEBHOOKS}
            )
        webhook = Webhook.objects.create(
            team=team,
            created_by=by,
            secret=signing.stored_secret(secret),
            name=wish.name,
            url=wish.url,
            events=wish.events,
            include_text=wish.include_text,
        )
    return webhook, secret


def change_webhook(wish: WebhookWish, *, webhook: Webhook, by: Membership) -> None:
    """Have it be as the owner says. What is told anew begins now."""
    assert by.may_manage
    Webhook.objects.filter(pk=webhook.pk).update(
        name=wish.name,
        url=wish.url,
        events=wish.events,
        include_text=wish.include_text,
        heard_until=timezone.now(),
    )


def renew_secret(*, webhook: Webhook, by: Membership) -> str:
    """Another secret, which is shown once; the one before it signs nothing any more."""
    assert by.may_manage
    secret = signing.new_secret()
    Webhook.objects.filter(pk=webhook.pk).update(secret=signing.stored_secret(secret))
    return secret


def pause(*, webhook: Webhook, by: Membership) -> None:
    """Send nothing for now."""
    assert by.may_manage
    Webhook.objects.filter(pk=webhook.pk, paused=Webhook.Pause.NO).update(paused=Webhook.Pause.OWNER)


def resume(*, webhook: Webhook, by: Membership) -> None:
    """Send what waits, at once, and what happens from now on. What happened meanwhile is not told."""
    assert by.may_manage
    now = timezone.now()
    paused = Webhook.objects.filter(pk=webhook.pk).exclude(paused=Webhook.Pause.NO)
    if paused.update(paused=Webhook.Pause.NO, failing_since=None, heard_until=now):
        Delivery.objects.filter(webhook=webhook, state=Delivery.State.WAITING).update(due_at=now)


def remove(*, webhook: Webhook, by: Membership) -> None:
    """Forget it, with its log."""
    assert by.may_manage
    webhook.delete()


def send_test(*, webhook: Webhook, by: Membership) -> Delivery:
    """A message that tells of nothing. Raises ActionRefused while the webhook is paused."""
    assert by.may_manage
    _require_active(webhook)
    delivery = Delivery.objects.create(webhook=webhook, event=WebhookEvent.TEST, subject=new_id())
    trim(webhook)
    return delivery


def send_again(*, webhook: Webhook, delivery_id: UUID, by: Membership) -> None:
    """Send the message once more, now, with the same id. Raises ActionRefused while the webhook is paused, or the
    message is being sent."""
    assert by.may_manage
    _require_active(webhook)
    free = Delivery.objects.filter(pk=delivery_id, webhook=webhook, lease_holder=None)
    if not free.update(state=Delivery.State.WAITING, attempts=0, due_at=timezone.now(), problem="", status=0):
        raise ActionRefused(_("This message is being sent right now."))


def _require_active(webhook: Webhook) -> None:
    if not webhook.is_active:
        raise ActionRefused(_("This webhook is paused. Resume it first."))
