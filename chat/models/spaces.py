"""Spaces: places in which some of a team's people, or all of them, ask with the same instructions and documents."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import InstructionsVersion, Membership, Team
from core.ids import new_id


class Space(models.Model):
    """Conversations on one subject, with what is to be heeded in all of them.

    A space is for everybody on the team, or for those who were chosen (`SpaceMember`) and its owner. While it is
    deleted, each conversation in it is its owner's alone.
    """

    class Colour(models.TextChoices):
        GREY = "grey", _("Gray")
        RED = "red", _("Red")
        ORANGE = "orange", _("Orange")
        YELLOW = "yellow", _("Yellow")
        GREEN = "green", _("Green")
        TEAL = "teal", _("Teal")
        BLUE = "blue", _("Blue")
        PURPLE = "purple", _("Purple")
        PINK = "pink", _("Pink")

    class Asking(models.TextChoices):
        """Who sees a question that is asked in the space, unless its author says otherwise."""

        SPACE = "space", _("Everyone in the space")
        PRIVATE = "private", _("Only me")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="spaces")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="spaces")
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=300, blank=True)
    colour = models.CharField(_("color"), max_length=10, choices=Colour, default=Colour.GREY)
    everyone = models.BooleanField(
        _("everyone on the team"), default=True, help_text="Otherwise only those who were chosen, and its owner."
    )
    model = models.CharField(
        max_length=160, blank=True, help_text="The id of the offer that answers here; empty: as everywhere else."
    )
    options = models.JSONField(default=dict, blank=True, help_text="As those of a preset.")
    visible_to = models.CharField(
        _("new questions are visible to"), max_length=10, choices=Asking, default=Asking.SPACE
    )
    check_citations = models.BooleanField(
        _("check citations"), default=False, help_text="Of every answer to what is asked in it."
    )
    monthly_limit = models.DecimalField(
        _("monthly limit"), max_digits=12, decimal_places=6, null=True, blank=True, help_text=_("In US dollars.")
    )
    archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    inherited_from = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose it was until they left the team, as long as its owner has not taken note of that.",
    )

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class SpaceMember(models.Model):
    """A person who was chosen for a space, as long as they are on its team."""

    class Role(models.TextChoices):
        READER = "reader", _("Reader")
        CONTRIBUTOR = "contributor", _("Contributor")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="members")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="places_in_spaces")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.CONTRIBUTOR)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["joined_at", "id"]
        constraints = [models.UniqueConstraint(fields=["space", "membership"], name="one_place_per_person_and_space")]

    def __str__(self) -> str:
        return f"{self.membership.user} ({self.get_role_display()})"


class SpaceInstructions(InstructionsVersion):
    """What is to be heeded in the answers to all questions of a space. Everybody in it may read them."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="instructions")

    class Meta(InstructionsVersion.Meta):
        verbose_name = verbose_name_plural = _("space instructions")
        constraints = [models.UniqueConstraint(fields=["space", "number"], name="one_version_of_a_space_per_number")]
