"""Links by which people outside read a conversation, or one answer of it."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from chat.models import Answer, Conversation
from core import graphemes
from core.ids import new_id


class ShareLink(models.Model):
    """A link that shows a conversation, or one answer, to whoever holds it, until it expires or somebody ends it.

    It is worth what its maker is: while they can't read the conversation, it shows nothing. Only the hash of its token
    is kept. What a snapshot shows is named in `contents`, in the order of the page: for each question its id, followed
    by those of its answers. Neither changes once it is stored, so they need no copies.
    """

    class Kind(models.TextChoices):
        SNAPSHOT = "snapshot", _("What is there now")
        LIVE = "live", _("Also what is asked later")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="share_links")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="share_links")
    answer = models.ForeignKey(
        Answer, on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="Empty: all of them."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="share_links"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SNAPSHOT)
    title = models.CharField(max_length=200, help_text="When the link was made.")
    contents = models.JSONField(default=list, blank=True, help_text="Of a snapshot: ids of questions and answers.")
    password = models.CharField(max_length=128, blank=True, help_text="As Django hashes it; empty for none.")
    shows_names = models.BooleanField(default=False, help_text="Whether the page says who asked.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When it was opened last.")
    times_opened = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["team", "-created_at", "-id"], name="share_links_by_team"),
            models.Index(fields=["conversation", "-created_at"], name="share_links_by_conversation"),
        ]

    def __str__(self) -> str:
        return graphemes.cut(self.title, 60)

    @property
    def is_live(self) -> bool:
        """Whether it also shows what comes later."""
        return self.kind == self.Kind.LIVE

    @property
    def is_over(self) -> bool:
        """Whether somebody has ended it, or its time is up. It never begins again."""
        return self.ended_at is not None or self.expires_at <= timezone.now()

    def opens_with(self, password: str) -> bool:
        """Whether this is the link's password. Takes as long as hashing does."""
        return check_password(password, self.password)


class WrongGuess(models.Model):
    """A token that is no link's, or a wrong password: so many from one address, and it has to wait."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=64, help_text="Whose it was, as a hash.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["key", "at"], name="wrong_guesses"),
            models.Index(fields=["at"], name="old_guesses"),
        ]

    def __str__(self) -> str:
        return str(self.at)
