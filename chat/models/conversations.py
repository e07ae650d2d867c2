"""Conversations and their questions."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from chat.models.spaces import Space
from core import graphemes
from core.ids import new_id


class Conversation(models.Model):
    """A row of questions and answers that one team keeps.

    One that is visible to a space is in it. A private one can be in a space, too: it is its owner's alone, and the
    space's instructions and documents go with its questions as long as the owner may read the space.
    """

    class Visibility(models.TextChoices):
        TEAM = "team", _("Team")
        SPACE = "space", _("Space")
        PRIVATE = "private", _("Private")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="conversations")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conversations")
    space = models.ForeignKey(Space, on_delete=models.SET_NULL, null=True, blank=True, related_name="conversations")
    title = models.CharField(_("title"), max_length=200)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.TEAM)
    pinned = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    forked_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="forks")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When an answer last ended.")
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    branched_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When one of its questions was first edited and asked anew."
    )

    class Meta:
        ordering = ["-last_asked_at", "-id"]
        indexes = [
            models.Index(fields=["team", "-last_asked_at", "-id"], name="conversations_by_recency"),
            models.Index(fields=["owner", "-last_asked_at"], name="conversations_by_owner"),
            models.Index(
                fields=["team", "-last_asked_at", "-id"],
                name="conversations_pinned",
                condition=models.Q(pinned=True),
            ),
            models.Index(
                fields=["team", "-deleted_at"],
                name="conversations_deleted",
                condition=models.Q(deleted_at__isnull=False),
            ),
            models.Index(
                fields=["space", "-last_asked_at", "-id"],
                name="conversations_by_space",
                condition=models.Q(space__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_private(self) -> bool:
        """Whether its owner alone sees it, by its own choice."""
        return self.visibility == self.Visibility.PRIVATE


class Question(models.Model):
    """What a person asked, with the options in force when they asked it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="questions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions")
    position = models.PositiveIntegerField(help_text="In the order of asking, whatever it follows.")
    follows = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="followed_by"
    )
    version_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="later_versions"
    )
    text = models.TextField(_("question"))
    options = models.JSONField(
        default=dict,
        blank=True,
        help_text="Only the options that somebody set, under the names of Perplexity's Sonar API.",
    )
    documents = models.JSONField(
        null=True, blank=True, help_text="What of the space’s documents goes along: mode, passages, whole."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    key = models.UUIDField(
        editable=False, help_text="Given by the form: the same form sent again is the same question."
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "position"], name="one_question_per_position"),
            models.UniqueConstraint(fields=["author", "key"], name="one_question_per_form"),
        ]

    def __str__(self) -> str:
        return graphemes.cut(self.text, 80)
