"""What is known of the upstream's services: which are withdrawn, and how many questions each still takes."""

from django.db import models
from django.utils import timezone


class Withdrawal(models.Model):
    """What was found when a service was last looked at whose end was said or presumed. `service` is its provider and
    address."""

    service = models.CharField(max_length=300, primary_key=True)
    ended = models.BooleanField(default=True, help_text="Off where it is known to have ended and yet answers.")
    status = models.PositiveIntegerField(default=0, help_text="The HTTP status with which it said that it has ended.")
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.service


class Lane(models.Model):
    """The queue before one model: how many questions it takes right now, and until when it takes none at all.

    `level` is the number of questions that may be sent at once at the time `counted_at`; it refills steadily, by what
    the operator has set or, where that is nothing, by the `said_limit`: questions per minute, as they follow from what
    the service said.
    """

    name = models.CharField(max_length=150, primary_key=True, help_text="provider:model")
    level = models.FloatField()
    counted_at = models.DateTimeField(default=timezone.now)
    closed_until = models.DateTimeField(null=True, blank=True)
    said_limit = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
