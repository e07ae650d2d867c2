"""Who sees a new question: the team, or only whoever asks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    """To whom a conversation is visible, as people choose it before they ask."""

    TEAM = "team", _("Team")
    PRIVATE = "private", _("Only me")
