"""What people have seen of conversations, which follows them from one device to the next."""

from django.conf import settings
from django.db import models

from chat.models.conversations import Conversation


class ReadMark(models.Model):
    """When a person last had a conversation open. There is none for a conversation that they never opened, and nothing
    in it is unread for them."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_marks")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="read_marks")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "conversation"], name="one_read_mark_per_conversation"),
        ]
        indexes = [models.Index(fields=["seen_at"], name="read_marks_by_time")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.conversation_id} {self.seen_at}"
