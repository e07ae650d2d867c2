"""Answers, and the log from which every answer can be told again."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models.conversations import Question
from core import graphemes
from core.ids import new_id


class Answer(models.Model):
    """One answer to a question. A question asked again has several.

    While the state is *waiting* or *writing* the truth is in the log (`LogEntry`); text, sources and figures are
    filled in from it when the answer ends.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WRITING = "writing", _("Writing")
        FINISHED = "finished", _("Finished")
        STOPPED = "stopped", _("Stopped")
        INTERRUPTED = "interrupted", _("Interrupted")
        FAILED = "failed", _("Failed")

    LIVE = (State.WAITING, State.WRITING)

    class CostSource(models.TextChoices):
        REPORTED = "reported", _("Reported")
        ESTIMATED = "estimated", _("Estimated")
        NONE = "", _("Not reported")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(editable=False, help_text="Given by the form: the same form sent again is the same answer.")
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=100)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    request = models.JSONField(default=dict, blank=True, help_text="What was sent upstream, without the conversation.")

    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    format_problem = models.TextField(
        blank=True, help_text="Why the text is not what was asked for as structured output; empty where it is."
    )
    reasoning = models.TextField(blank=True)
    steps = models.JSONField(default=list, blank=True, help_text="What was searched and read, step by step.")
    related = models.JSONField(default=list, blank=True)
    media = models.JSONField(default=dict, blank=True, help_text="Pictures and videos as the upstream returned them.")
    searched = models.BooleanField(
        default=False, help_text="Whether the upstream found anything for this answer, or looked for something."
    )
    unknown_citations = models.JSONField(default=list, blank=True)

    finish = models.CharField(max_length=40, blank=True)
    usage = models.JSONField(default=dict, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    cost_source = models.CharField(max_length=10, choices=CostSource, blank=True, default=CostSource.NONE)
    price_date = models.DateField(null=True, blank=True, help_text="The date of the price list behind an estimate.")
    upstream_id = models.CharField(max_length=100, blank=True)
    request_id = models.CharField(max_length=200, blank=True)
    resolved_model = models.CharField(max_length=100, blank=True)
    follow_up = models.JSONField(default=dict, blank=True)
    background = models.BooleanField(
        default=False, help_text="Worked on by the upstream on its own: another process can go on waiting for it."
    )
    job = models.CharField(max_length=100, blank=True, help_text="What the upstream calls its work on this answer.")
    lane = models.CharField(max_length=150, blank=True, help_text="The queue in which it waits for its turn.")
    admitted_at = models.DateTimeField(null=True, blank=True, help_text="When it was its turn.")
    sent_at = models.DateTimeField(
        null=True, blank=True, help_text="When the process that has it was about to send it to the upstream."
    )
    error = models.JSONField(default=dict, blank=True, help_text="kind, message, retryable, wait (seconds)")

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    first_word_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    lease_holder = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["asked_by", "key"], name="one_answer_per_form")]
        indexes = [
            models.Index(
                fields=["lease_expires_at"],
                name="answers_being_written",
                condition=models.Q(state__in=("waiting", "writing")),
            ),
            models.Index(fields=["ended_at"], name="answers_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {graphemes.cut(self.text, 60)}"

    @property
    def is_live(self) -> bool:
        """Whether words may still come."""
        return self.state in self.LIVE


class LogEntry(models.Model):
    """One step of an answer, in the order in which it was committed. `seq` counts from 1 without gaps.

    The primary key is what makes an answer end only once: an end takes the next number, and whoever still writes
    finds that number taken.
    """

    class Kind(models.TextChoices):
        STARTED = "started"
        TEXT = "text"
        TEXT_REPLACED = "text_replaced"
        REASONING = "reasoning"
        REASONING_REPLACED = "reasoning_replaced"
        STEP = "step"
        SUBMITTING = "submitting"
        SUBMITTED = "submitted"
        DOCUMENTS = "documents"
        SOURCES = "sources"
        MEDIA = "media"
        RELATED = "related"
        USAGE = "usage"
        STATUS = "status"
        FINISH = "finish"
        FOLLOW_UP = "follow_up"
        END = "end"

    pk = models.CompositePrimaryKey("answer_id", "seq")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="log", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    data = models.JSONField()

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Source(models.Model):
    """A source as the upstream returned it: nothing is cut, and its number is the one by which the text cites it."""

    class SourceKind(models.TextChoices):
        WEB = "", _("Web")
        PAGE = "page", _("Page")
        PEOPLE = "people", _("People")
        FINANCE = "finance", _("Finance")

    id = models.BigAutoField(primary_key=True)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="sources")
    number = models.PositiveIntegerField()
    title = models.TextField(blank=True)
    url = models.TextField()
    date = models.CharField(max_length=40, blank=True)
    last_updated = models.CharField(max_length=40, blank=True)
    snippet = models.TextField(blank=True)
    origin = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=SourceKind, blank=True, default=SourceKind.WEB)
    carried = models.BooleanField(
        default=False, help_text="Found for an earlier answer of the conversation, and not searched for now."
    )
    cited = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["answer", "number"], name="one_source_per_number")]

    def __str__(self) -> str:
        return f"[{self.number}] {self.title or self.url}"
