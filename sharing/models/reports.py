"""Reports: several answers in one text with a common list of sources, and every version of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from chat.models import Answer, Conversation, Space
from core.ids import new_id


class Report(models.Model):
    """A text that a team puts together from answers. Who sees it is said as with a conversation.

    `version` is the number of the version that holds, from 1.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="reports")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports")
    space = models.ForeignKey(Space, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    title = models.CharField(_("title"), max_length=200)
    visibility = models.CharField(
        max_length=10, choices=Conversation.Visibility, default=Conversation.Visibility.PRIVATE
    )
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [
            models.Index(fields=["team", "-changed_at", "-id"], name="reports_by_recency"),
            models.Index(
                fields=["team", "-deleted_at"], name="reports_deleted", condition=models.Q(deleted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReportVersion(models.Model):
    """A report as somebody saved it once; versions count from 1.

    `text` is Markdown whose marks name the `number` of one of the `sources`, which are stored in the shape of
    `sharing.reports.sources.ReportSource`: a version is whole by itself, so that an older one means the same for ever.
    """

    class Change(models.TextChoices):
        WRITTEN = "", pgettext_lazy("a version of a report", "Edited")
        BEGUN = "begun", pgettext_lazy("a version of a report", "Begun")
        ADDED = "added", pgettext_lazy("a version of a report", "Answers added")
        TIDIED = "tidied", pgettext_lazy("a version of a report", "Sources tidied")
        RESTORED = "restored", pgettext_lazy("a version of a report", "Restored")

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    sources = models.JSONField(default=list, blank=True)
    change = models.CharField(max_length=10, choices=Change, blank=True, default=Change.WRITTEN)
    note = models.CharField(_("note"), max_length=200, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="one_version_of_a_report_per_number")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class ReportAnswer(models.Model):
    """An answer that was put into a report. It stays on record when its words have been edited or taken out again."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="origins")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "answer"], name="one_origin_per_report_and_answer")]

    def __str__(self) -> str:
        return f"{self.answer_id} in {self.report_id}"
