"""What somebody brought in: a file that was looked through, and what became of each conversation in it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from chat.models import Conversation
from core.ids import new_id


class Service(models.TextChoices):
    """Where conversations come from. The names are those of products, the same in every language."""

    CHATGPT = "chatgpt", "ChatGPT"
    OPEN_WEBUI = "open_webui", "Open WebUI"
    LIBRECHAT = "librechat", "LibreChat"
    PERPLEXITY = "perplexity", "Perplexity"
    PARLEY = "parley", "Parley"


class ImportRun(models.Model):
    """One file of one person. It is looked through first; nothing becomes a conversation until they say so.

    `place` is where the conversations go, as `chat.access.Place.value` has it. `handled` counts those of the file that
    were dealt with, in the order of the file: another process goes on from there. Sizes are in bytes.
    """

    class State(models.TextChoices):
        LOOKING = "looking", _("Reading the file")
        READY = "ready", _("Waiting for you")
        IMPORTING = "importing", _("Importing")
        FINISHED = "finished", _("Finished")
        STOPPED = "stopped", _("Stopped")
        REFUSED = "refused", _("Can’t be imported")
        UNDONE = "undone", _("Undone")

    LIVE = (State.LOOKING, State.IMPORTING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file; empty once it was removed.")
    size = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.LOOKING)
    place = models.CharField(max_length=60)
    as_it_was = models.BooleanField(
        default=False, help_text="A whole team of Parley: owners, spaces and visibility as the archive has them."
    )
    found = models.JSONField(default=dict, blank=True, help_text="What the file holds, as it was looked through.")
    problem = models.TextField(blank=True, help_text="Why the file or its end can’t be read, in words for its person.")
    handled = models.PositiveIntegerField(default=0)
    brought = models.PositiveIntegerField(default=0)
    grown = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    lease_holder = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="imports_by_person"),
            models.Index(
                fields=["lease_expires_at"],
                name="imports_being_done",
                condition=models.Q(state__in=("looking", "importing")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.name}"

    @property
    def is_live(self) -> bool:
        """Whether a worker is at it, or will be."""
        return self.state in self.LIVE

    @property
    def total(self) -> int:
        """How many conversations the file holds."""
        return int(self.found.get("conversations", 0))


class ImportedConversation(models.Model):
    """Where a conversation came from. Nobody's history comes in twice: `foreign_id` is what its service calls it, and
    `digest` says which questions and answers came."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    service = models.CharField(max_length=12, choices=Service)
    foreign_id = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    author = models.CharField(
        max_length=150, blank=True, help_text="Who asked there, where that is nobody on this team."
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "owner", "service", "foreign_id"], name="one_import_per_conversation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.foreign_id}"


class ImportedPart(models.Model):
    """Something of a whole team besides its conversations that came in: nothing comes twice, and who undoes the import
    finds it.

    `foreign_id` is what the archive calls it, `row` is the id of what was made of it here. `as_brought` says what that
    was like then: what has changed since is left alone when the import is undone.
    """

    class Kind(models.TextChoices):
        TEAM = "team"
        SPACE = "space"
        DOCUMENT = "document"
        SITE = "site"
        IMAGE = "image"
        REPORT = "report"
        WATCH = "watch"
        PRESET = "preset"
        SEARCH = "search"

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(ImportRun, on_delete=models.SET_NULL, null=True, related_name="parts")
    kind = models.CharField(max_length=10, choices=Kind)
    foreign_id = models.CharField(max_length=253)
    row = models.CharField(max_length=253)
    as_brought = models.JSONField(default=dict, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "kind", "foreign_id"], name="one_import_per_part_of_a_team")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.foreign_id}"


class ImportLine(models.Model):
    """What became of one conversation of a file. `number` is its place in the file, from 1."""

    class Outcome(models.TextChoices):
        BROUGHT = "brought", _("Imported")
        GROWN = "grown", _("New questions added")
        KNOWN = "known", _("Already here")
        FAILED = "failed", _("Not imported")

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    problem = models.TextField(blank=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_line_per_conversation_of_a_file")]
        indexes = [models.Index(fields=["run", "outcome", "number"], name="import_lines_by_outcome")]

    def __str__(self) -> str:
        return f"{self.number} {self.get_outcome_display()}: {self.title}"
