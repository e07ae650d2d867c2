"""What is counted so that nobody has Parley send mail without end."""

from django.db import models
from django.utils import timezone


class MailRequest(models.Model):
    """An e-mail that somebody asked for, or one of the things by which such requests are counted."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64, help_text="A hash of the address, the network or the person.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["kind", "key", "at"], name="mail_requests_by_key")]

    def __str__(self) -> str:
        return self.kind
