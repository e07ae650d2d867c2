"""Checks of what an answer cites: what was read, and what of each sentence stands in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from chat.models.answers import Answer
from chat.models.page_copies import PageCopy
from core.ids import new_id


class CitationCheck(models.Model):
    """One check of one answer. The newest that finished is the one that the answer wears.

    `rules` is the version of the rules by which it was made, `text_sha256` says which text was checked.
    `lease_holder` is the process that works on it. The counts are those of `marks`, and of the figures of the whole
    text: `figures` of them, `figures_missing` in none of the sources that could be read. Of its `pages`, so many are
    `pages_done`, read or found to be unreadable.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Reading")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")

    LIVE = (State.WAITING, State.READING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="checks")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody where a setting asked for it.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rules = models.PositiveSmallIntegerField(default=0)
    text_sha256 = models.CharField(max_length=64, blank=True)
    found = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0, help_text="Marks of sentences without anything that gets a state.")
    figures = models.PositiveIntegerField(default=0)
    figures_missing = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0, help_text="How many pages are to be read.")
    pages_done = models.PositiveIntegerField(default=0)
    pages_unread = models.PositiveIntegerField(default=0)
    facts = models.JSONField(default=list, blank=True, help_text="The facts of the whole text, and where each stands.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often somebody began with it.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    lease_holder = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer"],
                condition=Q(state__in=["waiting", "reading"]),
                name="one_live_check_per_answer",
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], name="checks_to_be_made", condition=Q(state__in=["waiting", "reading"]))
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.answer_id}"


class CheckedSource(models.Model):
    """What was read of one source of the answer, for one check.

    `copy` is the page as it was kept; it may be gone by now. `from_search` says that what the search had returned was
    read as well. `problem` is why the page could not be read.
    """

    id = models.BigAutoField(primary_key=True)
    check_of = models.ForeignKey(CitationCheck, on_delete=models.CASCADE, related_name="sources")
    number = models.PositiveIntegerField()
    copy = models.ForeignKey(PageCopy, on_delete=models.SET_NULL, null=True, blank=True, related_name="checked")
    text_sha256 = models.CharField(max_length=64, blank=True, help_text="That of the copy, which outlives it.")
    from_search = models.BooleanField(default=False)
    problem = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["check_of", "number"], name="one_reading_per_check_and_source")]

    def __str__(self) -> str:
        return f"[{self.number}] {self.problem}"


class CheckedMark(models.Model):
    """One mark of the answer: a sentence, a source that it cites, and what of the one stands in the other.

    `start` and `end` say where the sentence is in the answer's text, in code points. A mark of a document of the space
    (`[D1]`) has `of_document`, and neither its passage nor its `facts` are kept here: whoever may read the document is
    shown them anew. `passage` is the piece of the source that fits best, `highlights` where in it something of the
    sentence stands. `facts` are the sentence's figures, dates, names and quotations (`chat.sources.claims.Fact`).
    `opinion` is what a model said of it, if one was asked.
    """

    class State(models.TextChoices):
        FOUND = "found", pgettext_lazy("a citation that was checked", "Found")
        PARTLY = "partly", pgettext_lazy("a citation that was checked", "Partly")
        MISSING = "missing", pgettext_lazy("a citation that was checked", "Not found")
        UNREAD = "unread", pgettext_lazy("a citation that was checked", "Could not be read")
        SHOWN = "", pgettext_lazy("a citation that was checked", "Passage shown")

    id = models.BigAutoField(primary_key=True)
    check_of = models.ForeignKey(CitationCheck, on_delete=models.CASCADE, related_name="marks")
    position = models.PositiveIntegerField(help_text="Counts the marks in the order of the text, from 1.")
    sentence = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    of_document = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, blank=True, default=State.SHOWN)
    passage = models.TextField(blank=True)
    page = models.PositiveIntegerField(default=0, help_text="Of a PDF; 0 where there are none.")
    from_search = models.BooleanField(default=False, help_text="The passage is of what the search had returned.")
    highlights = models.JSONField(default=list, blank=True, help_text="Pairs of start and end in the passage.")
    facts = models.JSONField(default=list, blank=True)
    opinion = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["check_of", "position"], name="one_mark_per_position")]

    def __str__(self) -> str:
        return f"[{self.number}] {self.get_state_display()}"


class CheckingChoice(models.Model):
    """Whether the answers to what a person asks in a team are checked without being asked to."""

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    always = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_choice_of_checking_per_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.always}"


class OpinionRequest(models.Model):
    """That somebody has a model say what it makes of some marks of a check (`CheckedMark.opinion`), which is paid for.

    `marks` are their positions. `cost` is what it has come to so far. A mark whose opinion was asked for when the
    process ended is not asked about again: it is paid for once.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ASKING = "asking", pgettext_lazy("a model, for its opinion", "Asking")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")

    LIVE = (State.WAITING, State.ASKING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    check_of = models.ForeignKey(CitationCheck, on_delete=models.CASCADE, related_name="opinion_requests")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=100)
    marks = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    problem = models.JSONField(default=dict, blank=True, help_text="Why it ended early, as stored words.")
    cost = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    lease_holder = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_of"],
                condition=Q(state__in=["waiting", "asking"]),
                name="one_live_opinion_per_check",
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="opinions_to_be_asked", condition=Q(state__in=["waiting", "asking"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.check_of_id}"
