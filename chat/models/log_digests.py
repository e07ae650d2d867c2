"""What is kept of the logs of answers when their entries are removed."""

from django.db import models
from django.utils import timezone

from chat.models.answers import Answer


class LogDigest(models.Model):
    """The chain of hashes over an answer's log, made before its entries were removed.

    `entries` has one for each: its kind with the number of code points that it holds of the answer's text or reasoning,
    else with the SHA-256 of its data (docs/passports.md, "The log"). `head` is the end of the chain.
    """

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, primary_key=True, related_name="log_digest")
    entries = models.JSONField(default=list)
    head = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.answer_id} {self.head}"
