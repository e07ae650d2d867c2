"""Answers, and sentences of them, that a person has verified."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from chat.models.answers import Answer
from chat.models.conversations import Conversation
from core import graphemes
from core.ids import new_id


class Verifications(QuerySet["Verification"]):
    """Verifications, narrowed to what holds."""

    def standing(self) -> "Verifications":
        """Those that nobody withdrew or changed, whether or not their time has come."""
        return self.filter(withdrawn_at=None)

    def in_force(self, today: date) -> "Verifications":
        """Those of them that hold on this day."""
        return self.standing().filter(Q(until=None) | Q(until__gte=today))


class Verification(models.Model):
    """That a person vouches for an answer, or for a sentence of it, from a moment on.

    One of a sentence has its `text`, and `start` and `end` say where that stands in the answer as it is read
    (`chat.sources.verified.sentences`), in code points; one of the whole answer has neither. `until` is the last day on
    which it holds, None for no end.

    A row is never changed in what it says: who changes their verification withdraws it, and `replaced_by` is the one
    that holds now. `reminded_at` and `ended_at` are when its author was told that it ends soon, and that it has ended;
    whoever chose a day so near that there is nothing to tell was reminded when it was made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="verifications")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="+", help_text="That of the answer, to be found by."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(
        max_length=150, blank=True, help_text="Who vouched, where that is nobody here: `by` brought it in then."
    )
    text = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    replaced_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces")
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = Verifications.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["by", "-at"], name="verifications_by_person"),
            models.Index(
                fields=["conversation"], name="verifications_standing", condition=Q(withdrawn_at__isnull=True)
            ),
            models.Index(
                fields=["until"],
                name="verifications_by_end",
                condition=Q(withdrawn_at__isnull=True, until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return graphemes.cut(self.text or self.note, 80)

    @property
    def vouched_by(self) -> str:
        """Who vouches, by name."""
        return self.by_name or self.by.display_name

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed, by the calendar of whoever is being served."""
        return self.until is not None and self.until < timezone.localdate()
