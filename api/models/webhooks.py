"""Webhooks: addresses that are told what happens in a team, and each message to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from core.ids import new_id


class Webhook(models.Model):
    """An address of a team's own that is told what happens.

    `events` has values of `WebhookEvent`. The secret is encrypted: whoever reads the database alone cannot sign with
    it. Events are noted up to `heard_until`. While messages fail, `failing_since` says since when.
    """

    class Pause(models.TextChoices):
        """Why nothing is sent for now."""

        NO = "", pgettext_lazy("a webhook", "Active")
        OWNER = "owner", pgettext_lazy("a webhook", "Paused by an owner")
        FAILED = "failed", pgettext_lazy("a webhook", "Paused after failing")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(max_length=2000)
    events = models.JSONField(default=list)
    include_text = models.BooleanField(default=False)
    secret = models.TextField(editable=False)
    paused = models.CharField(max_length=10, choices=Pause, blank=True, default=Pause.NO)
    paused_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When it was paused by itself.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    heard_until = models.DateTimeField(default=timezone.now, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Whether messages are sent."""
        return self.paused == self.Pause.NO


class WebhookEvent(models.TextChoices):
    """What webhooks are told of."""

    ANSWER = "answer.finished", _("An answer finished")
    IMAGE = "image.pending", _("An image is waiting for review")
    WATCH = "watch.changed", _("The answer of a watch changed")
    TEST = "test", pgettext_lazy("a message to a webhook", "Test")


class Delivery(models.Model):
    """One message to a webhook, sent until the receiver takes it or it is given up.

    `subject` is the id of what it tells of; the message itself is written anew for each attempt, from what the team may
    read then. `status` is the last HTTP status, 0 where there was none, `problem` the code of what went wrong, `took`
    how many milliseconds the last attempt needed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a message to a webhook", "Waiting")
        DELIVERED = "delivered", pgettext_lazy("a message to a webhook", "Delivered")
        GIVEN_UP = "given_up", pgettext_lazy("a message to a webhook", "Given up")
        DROPPED = "dropped", pgettext_lazy("a message to a webhook", "Not sent")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=20, choices=WebhookEvent)
    subject = models.UUIDField()
    happened_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=20, blank=True)
    took = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    tried_at = models.DateTimeField(null=True, blank=True)
    lease_holder = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event", "subject"], name="one_message_per_webhook_and_event")
        ]
        indexes = [
            models.Index(fields=["due_at"], name="messages_to_be_sent", condition=Q(state="waiting")),
            models.Index(fields=["webhook", "-created_at", "-id"], name="messages_of_a_webhook"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.get_state_display()}"
