"""Files that people attach to questions. Their bytes are in the store, named by their content, never in a row."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from chat.models.conversations import Question
from core.ids import new_id


class Attachment(models.Model):
    """One uploaded file. Before its question is asked it belongs to whoever uploaded it, afterwards to the question.

    `sha256` names the bytes that are sent upstream, `original_sha256` those that were uploaded. Sizes are in bytes,
    `width` and `height` in pixels, 0 for what is no picture. `pages` counts a document's pages, slides or sheets, 0
    where it has none; `characters` is the length of its text, None where nobody has read it; `text_problem` is a
    `files.text.Problem`.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("Image")
        FILE = "file", _("File")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    characters = models.PositiveIntegerField(null=True, blank=True)
    text_problem = models.CharField(max_length=20, blank=True)
    gateway_url = models.TextField(blank=True, help_text="The address of the copy that the gateway keeps.")
    gateway_url_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["position", "created_at", "id"]
        indexes = [
            models.Index(fields=["question", "position"], name="attachments_by_question"),
            models.Index(
                fields=["created_at"],
                name="attachments_never_asked",
                condition=models.Q(question__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_without_text(self) -> bool:
        """Whether this is a document that was read, and has no text that could be sent in its place."""
        return self.kind == self.Kind.FILE and self.characters == 0
