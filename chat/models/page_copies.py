"""What cited pages said when they were read, kept as text."""

from django.db import models
from django.utils import timezone

from accounts.models import Team
from core.ids import new_id


class PageCopy(models.Model):
    """What a team was told when a page was read: its text as a kept copy, or why there is none.

    A page that says something else when it is read again gets another copy; one that says the same keeps its copy with
    a later `seen_at`. `address` is the page's own name for itself where it has one, and `address_key` stands for it
    (`chat.sources.copies.addresses`). The text is in the store, named by its hash, `text_sha256`; `file_sha256` is that
    of the bytes that came. Both are empty where nothing could be read: then `problem` says why.

    `unit` and `pages` count as those of a document do. `newer` is what the page says of itself as a publication: that
    it was withdrawn, or that there is a newer version, and where.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="page_copies")
    address = models.TextField()
    address_key = models.CharField(max_length=64)
    final_address = models.TextField(blank=True, help_text="Where the last redirect led.")
    site = models.CharField(max_length=253)
    title = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    published = models.CharField(max_length=40, blank=True, help_text="The date that the page gives itself.")
    newer = models.JSONField(default=dict, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of HTTP.")
    media_type = models.CharField(max_length=100, blank=True)
    problem = models.CharField(max_length=20, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes of the text.")
    characters = models.PositiveIntegerField(default=0)
    unit = models.CharField(max_length=10, blank=True)
    pages = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(default=timezone.now, help_text="When it was read like this first.")
    seen_at = models.DateTimeField(default=timezone.now, help_text="When it was read like this last.")

    class Meta:
        ordering = ["-seen_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "address_key", "text_sha256"], name="one_copy_per_page_and_text")
        ]
        indexes = [
            models.Index(fields=["team", "address_key", "-seen_at"], name="copies_by_page"),
            models.Index(fields=["team", "seen_at"], name="copies_by_age"),
            models.Index(fields=["text_sha256"], name="copies_by_text"),
        ]

    def __str__(self) -> str:
        return self.title or self.address
