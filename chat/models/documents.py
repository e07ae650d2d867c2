"""Documents of spaces: their versions, and the passages that are found for a question.

Their bytes and their whole text are in the store, named by their content, never in a row.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models.spaces import Space
from core.ids import new_id


class Document(models.Model):
    """A file that everybody in the space may read and ask about.

    `current` is the version that was read last: it is the one that is shown and searched. None until one is read.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(_("name"), max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    current = models.ForeignKey("DocumentVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["space", "-created_at", "-id"], name="documents_by_space"),
            models.Index(fields=["deleted_at"], name="documents_removed", condition=models.Q(deleted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name


class DocumentVersion(models.Model):
    """The file as somebody uploaded it once. Versions of a document count from 1.

    `sha256` names its bytes and `size` is theirs. `unit` is what the numbers of its passages count (`page`, `slide`,
    `sheet`, `part` or `line`), `pages` how many of them it has, 0 where nobody knows, `characters` the length of its
    text. `problem` is a `files.text.Problem`, or one of `chat.documents.problems`: with it a version that is *ready*
    lacks a part of its text, and one that *failed* has none.

    `lease_holder` is the process that reads it. `in_index` says that some of its passages are in the
    index.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Reading")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=10, blank=True)
    pages = models.PositiveIntegerField(default=0)
    characters = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    problem = models.CharField(max_length=20, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often somebody began to read it.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)
    in_index = models.BooleanField(default=False)
    lease_holder = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_version_of_a_document_per_number")
        ]
        indexes = [
            models.Index(fields=["sha256"], name="versions_by_content"),
            models.Index(
                fields=["created_at"],
                name="versions_to_be_read",
                condition=models.Q(state__in=["waiting", "reading"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} ({self.number})"

    @property
    def is_being_read(self) -> bool:
        """Whether its text is still to come."""
        return self.state in (self.State.WAITING, self.State.READING)

    @property
    def is_numbered(self) -> bool:
        """Whether readers find a passage by the number of its page, slide or sheet."""
        return self.unit in ("page", "slide", "sheet")


class Passage(models.Model):
    """A piece of a version's text, of about a paragraph. Passages of a version count from 1.

    `page` counts in the version's `unit`; `label` is the heading or the name of the sheet that it stands under. The
    index holds the passages that have a `found_in`: the space in which they can be found. Whether they may be is
    decided when somebody looks: only those of current versions of documents that are not deleted.
    """

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(DocumentVersion, on_delete=models.CASCADE, related_name="passages", db_index=False)
    number = models.PositiveIntegerField()
    page = models.PositiveIntegerField()
    label = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    found_in = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="one_passage_per_number")]

    def __str__(self) -> str:
        return f"{self.version} § {self.number}"
