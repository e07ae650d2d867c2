"""Options that people keep."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from core.ids import new_id


class Preset(models.Model):
    """Options under a name, such as “Papers since 2024”. Its owner may share it with the team.

    The one without a name holds its owner's defaults. `model` is the id of an offer, empty for any model. One that was
    deleted can be restored for a while, unless another one has its name by then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="presets")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presets")
    name = models.CharField(_("name"), max_length=60, blank=True)
    model = models.CharField(max_length=120, blank=True)
    options = models.JSONField(
        default=dict,
        blank=True,
        help_text="Only the options that somebody set, under the names of Perplexity's Sonar API.",
    )
    shared = models.BooleanField(_("shared with the team"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "owner", "name"], name="one_preset_per_name", condition=models.Q(deleted_at=None)
            ),
            models.CheckConstraint(condition=~models.Q(name="", shared=True), name="defaults_are_personal"),
        ]

    def __str__(self) -> str:
        return self.name or "defaults"
