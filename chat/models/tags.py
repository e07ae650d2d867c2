"""Words by which a team finds its conversations again, wherever they are kept."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from chat.models.conversations import Conversation
from core.ids import new_id


class Tag(models.Model):
    """A word or two that a team puts on conversations. It is there as long as one of them has it."""

    LONGEST = 40  # characters of a name

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("name"), max_length=LONGEST)
    folded = models.CharField(
        max_length=4 * LONGEST, editable=False, help_text="The name as it is compared: case and accents don’t count."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["folded"]
        constraints = [models.UniqueConstraint(fields=["team", "folded"], name="one_tag_per_name")]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """A tag on a conversation, and who put it there."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="taggings", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["tag__folded"]
        constraints = [models.UniqueConstraint(fields=["conversation", "tag"], name="one_tagging_per_conversation")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.conversation_id}"
