"""The key that was saved on the page Connect Perplexity, and every change of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class KeyChange(models.Model):
    """A key was saved or removed. The newest row says what is in force; only that one still holds a key, encrypted.

    `follows` is the id of the change before, 0 for the first one: of two people who change the same state, the second
    one fails.
    """

    class Kind(models.TextChoices):
        SAVED = "saved"
        REMOVED = "removed"

    follows = models.PositiveBigIntegerField(unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ciphertext = models.TextField(blank=True, default="", editable=False)
    was_tested = models.BooleanField(default=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"key {self.kind} {self.changed_at}"
