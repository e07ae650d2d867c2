"""Finding webhooks: lookup and permission in one."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.access import require_owner
from accounts.models import Membership
from api.models import Delivery, Webhook


def team_webhooks(membership: Membership) -> QuerySet[Webhook]:
    """The team's webhooks, oldest first. Raises PermissionDenied for everybody but its owners."""
    require_owner(membership)
    return Webhook.objects.filter(team=membership.team_id)


def managed_webhook(membership: Membership, webhook_id: UUID) -> Webhook:
    """One of them. Raises Http404 for another team's, PermissionDenied for everybody but its owners."""
    require_owner(membership)
    return get_object_or_404(
        Webhook.objects.select_related("team", "created_by"), pk=webhook_id, team=membership.team_id
    )


def logged_delivery(webhook: Webhook, delivery_id: UUID) -> Delivery:
    """A message to the webhook. Raises Http404."""
    return get_object_or_404(Delivery, pk=delivery_id, webhook=webhook)
