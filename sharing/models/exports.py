"""Exports that are made in the background."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from core.ids import new_id

KEPT_FOR = timedelta(days=7)


class ExportJob(models.Model):
    """A file that somebody wants to take out, and what has become of it.

    `wanted` says of what (`sharing.export.scope.Scope`), `along` what goes along, `format` its name. Of `questions`, so
    many are `done`. `included` are the ids of the conversations in the file where those were named one by one: without
    the right to read each of them, nobody gets it. Its bytes are in the store under `sha256`; `size` is theirs.
    `lease_holder` is the process that works on it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WRITING = "writing", pgettext_lazy("an export", "Being written")
        READY = "ready", _("Ready")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    LIVE = (State.WAITING, State.WRITING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    wanted = models.JSONField(default=dict)
    along = models.JSONField(default=dict)
    format = models.CharField(max_length=20)
    language = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    questions = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True, help_text="Why it failed, as a sentence.")
    included = models.JSONField(default=list, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often somebody began with it.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    lease_holder = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["requested_by", "-created_at"], name="exports_by_person"),
            models.Index(fields=["sha256"], name="exports_by_content"),
            models.Index(
                fields=["created_at"], name="exports_to_be_written", condition=Q(state__in=["waiting", "writing"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.format})"

    @property
    def is_live(self) -> bool:
        """Whether the file is still to come."""
        return self.state in self.LIVE

    @property
    def is_report(self) -> bool:
        """Whether it is of a report, which has no questions to count."""
        return bool(self.wanted.get("kind") == "report")

    @property
    def percent(self) -> int:
        """How far it is, of a hundred."""
        return min(99, 100 * self.done // self.questions) if self.questions else 0

    @property
    def kept_until(self) -> datetime | None:
        """When its file is removed; None while there is none."""
        return self.ended_at + KEPT_FOR if self.ended_at else None
