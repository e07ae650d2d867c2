"""What a team, or a person, wants to be heeded in answers."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Team, User
from core.ids import new_id


class InstructionsVersion(models.Model):
    """Standing instructions as somebody wrote them. They go with questions as a system message.

    A version is never changed: the newest one holds, and an answer names the one that was sent. One without text says
    that from then on there are none.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(help_text="Counts from 1 for each owner of instructions.")
    text = models.TextField(_("instructions"), blank=True)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ["-number"]

    def __str__(self) -> str:
        return gettext("Version %(number)d") % {"number": self.number}


class TeamInstructions(InstructionsVersion):
    """What a team wants to be heeded in the answers to all of its members. Everybody on it may read them."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="instructions")

    class Meta(InstructionsVersion.Meta):
        verbose_name = verbose_name_plural = _("team instructions")
        constraints = [models.UniqueConstraint(fields=["team", "number"], name="one_version_of_a_team_per_number")]


class PersonalInstructions(InstructionsVersion):
    """What a person wants to be heeded in the answers to their questions, in any team. Nobody else reads them."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="instructions")

    class Meta(InstructionsVersion.Meta):
        verbose_name = verbose_name_plural = _("personal instructions")
        constraints = [models.UniqueConstraint(fields=["person", "number"], name="one_version_of_a_person_per_number")]
