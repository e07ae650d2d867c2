"""Access tokens: what a program shows instead of a password."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from chat.models import Space
from core.ids import new_id
from core.web.wording import enumerated


class Scope(models.TextChoices):
    """What a token is good for. None of them lets a program do what its person may not."""

    READ = "read", _("Read")
    ASK = "ask", _("Ask")
    DRAW = "draw", _("Draw")
    REVIEW = "review", _("Review")


class Token(models.Model):
    """What one person lets a program do in one team. Only its hash is kept: a copy of the database lets nobody in.

    `space` is where asked questions land; without one they are private. `last_used_at` is to the minute.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_tokens")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="access_tokens")
    name = models.CharField(_("name"), max_length=80)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    last_characters = models.CharField(max_length=4, editable=False)
    scopes = models.JSONField(default=list, help_text="Of api.models.Scope.")
    space = models.ForeignKey(Space, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["team", "user"], name="tokens_by_team_and_person")]

    def __str__(self) -> str:
        return f"{self.name} (…{self.last_characters})"

    @property
    def is_good(self) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def scope_labels(self) -> str:
        """What it is good for, in the reader's words."""
        return enumerated(str(scope.label) for scope in Scope if scope.value in self.scopes)
