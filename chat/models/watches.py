"""Questions that are asked again by the clock, what came of it each time, and who is told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.models.answers import Answer
from chat.models.conversations import Question
from core.ids import new_id


class Watch(models.Model):
    """A question that is asked again by the clock, by and for its owner, as long as a month's budget lasts.

    `hour`, `weekday` (0 is Monday) and `day` are those of the wall clock in `time_zone`. `next_at` is when it is asked
    next; a watch that is paused has none, except where it goes on by itself. `compared_to` is the answer that readers
    were told of last: what comes next has to differ from that one. `budget` is in US dollars, for a month of UTC.
    """

    class Every(models.TextChoices):
        DAY = "day", pgettext_lazy("how often a question is asked", "Every day")
        WEEKDAY = "weekday", pgettext_lazy("how often a question is asked", "Monday to Friday")
        WEEK = "week", pgettext_lazy("how often a question is asked", "Every week")
        MONTH = "month", pgettext_lazy("how often a question is asked", "Every month")

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("a watch", "Running")
        PAUSED = "paused", pgettext_lazy("a watch", "Paused")
        ENDED = "ended", pgettext_lazy("a watch", "Ended")

    class Reason(models.TextChoices):
        """Why it is paused or has ended."""

        NONE = "", ""
        BY_HAND = "by_hand", _("Someone paused it.")
        BUDGET = "budget", _("This month’s limit is reached.")
        LIMIT = "limit", _("A monthly limit of the team, the space or its owner is reached.")
        MODEL = "model", _("Its model is no longer available.")
        FAILURES = "failures", _("It failed three times in a row.")
        OWNER = "owner", _("Its owner may no longer ask here.")
        ARCHIVED = "archived", _("The conversation is archived.")
        DELETED = "deleted", _("The conversation was deleted.")
        UNTIL = "until", _("Its last day has passed.")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="watches")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=100)
    every = models.CharField(max_length=10, choices=Every, default=Every.WEEK)
    hour = models.PositiveSmallIntegerField(default=9)
    weekday = models.PositiveSmallIntegerField(default=0)
    day = models.PositiveSmallIntegerField(default=1)
    time_zone = models.CharField(max_length=64, default="UTC", help_text="By its name in the tz database.")
    budget = models.DecimalField(max_digits=12, decimal_places=6)
    until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    reason = models.CharField(max_length=10, choices=Reason, blank=True, default=Reason.NONE)
    next_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    changes = models.PositiveIntegerField(default=0, help_text="How often the answer has changed.")
    changed_at = models.DateTimeField(null=True, blank=True, help_text="When it last did.")
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="When it last stopped by itself.")
    stop_mailed_at = models.DateTimeField(null=True, blank=True, help_text="When its owner was written to about that.")
    compared_to = models.ForeignKey(Answer, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["question"], condition=Q(deleted_at=None), name="one_watch_per_question")
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="watches_that_are_due",
                condition=Q(next_at__isnull=False, deleted_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_every_display()}: {self.question_id}"


class WatchRun(models.Model):
    """One time that a watch was due, and what came of it. `due_at` is when it should have been asked.

    A run is *asked* while its answer is written and *checking* while what that cites is looked up; whoever looks after
    it has it until `taken_until`. `difference` is what changed since the answer that readers were told of last, in the
    shape of `chat.watches.changes`. An answer that said nothing new is `folded` away when a newer one has come: the
    conversation shows it no more.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("a run of a watch", "Being answered")
        CHECKING = "checking", pgettext_lazy("a run of a watch", "Being checked")
        CHANGED = "changed", pgettext_lazy("a run of a watch", "Changed")
        UNCHANGED = "unchanged", pgettext_lazy("a run of a watch", "Unchanged")
        FAILED = "failed", pgettext_lazy("a run of a watch", "Failed")

    OPEN = (State.ASKED, State.CHECKING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="runs")
    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, null=True, blank=True, related_name="watch_run")
    compared_to = models.ForeignKey(Answer, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    problem = models.TextField(blank=True, help_text="Why it could not be asked, in the words of its owner’s language.")
    difference = models.JSONField(default=dict, blank=True)
    folded = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_until = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["watch", "due_at"], name="one_run_per_watch_and_time")]
        indexes = [
            models.Index(
                fields=["taken_until"], name="runs_to_look_after", condition=Q(state__in=["asked", "checking"])
            ),
            models.Index(fields=["ended_at"], name="runs_that_changed", condition=Q(state="changed")),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.watch_id}"


class WatchFollower(models.Model):
    """Somebody who is told when the answer of a watched question changed; `by_mail` by e-mail, too."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="followers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by_mail = models.BooleanField(default=True)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["watch", "person"], name="one_follower_per_watch_and_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.watch_id}"
