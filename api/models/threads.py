"""Which questions came from programs, and after which messages."""

from django.db import models
from django.utils import timezone

from api.models.tokens import Token
from chat.models import Question


class AskedQuestion(models.Model):
    """A question that a program asked.

    `messages_hash` is that of the messages up to and including the question, as the program sent them: when the
    next request repeats them, with the answer behind them, it goes on in the same conversation.
    """

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="+")
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+")
    messages_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["token", "messages_hash"], name="asked_by_token_and_messages")]

    def __str__(self) -> str:
        return str(self.question_id)
