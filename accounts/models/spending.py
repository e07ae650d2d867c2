"""What answers, images and second opinions cost."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Team, User


class Spending(models.Model):
    """What one answer, one drawn image, or a request for second opinions costs in US dollars: reserved before it is
    asked for, settled at its end.

    It outlives the conversation, so that a month's figures stay true when something is deleted. `cost` is None as
    long as the answer is being written, or the image drawn; `reserved` then stands for it.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("Answer")
        IMAGE = "image", _("Image")
        OPINION = "opinion", _("Second opinion")

    class Basis(models.TextChoices):
        REPORTED = "reported", _("Reported")
        ESTIMATED = "estimated", _("Estimated")
        NONE = "", _("Not reported")

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="spending")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="spending")
    month = models.DateField(help_text="The first day of the month in which it was asked (UTC).")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ANSWER)
    answer_id = models.UUIDField(unique=True, help_text="The answer, the image, or the request for opinions.")
    conversation_id = models.UUIDField(null=True, blank=True, help_text="None for an image, which is in none.")
    space_id = models.UUIDField(
        null=True, blank=True, help_text="The space in which it was asked, wherever the conversation is now."
    )
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=100)
    reserved = models.DecimalField(max_digits=12, decimal_places=6)
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    basis = models.CharField(max_length=10, choices=Basis, blank=True, default=Basis.NONE)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["team", "month", "user"], name="spending_by_month"),
            models.Index(fields=["conversation_id"], name="spending_by_conversation"),
            models.Index(fields=["provider", "model", "-id"], name="spending_by_model"),
            models.Index(
                fields=["space_id", "month"],
                name="spending_by_space",
                condition=models.Q(space_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.cost if self.cost is not None else self.reserved}"


class SpendingSum(models.Model):
    """What some rows of `Spending` come to. Amounts are whole millionths of a US dollar, by where the figures come
    from; `unexplained` are those of which nobody said. `accounts.spending_sums` makes the tables, and the database
    keeps them."""

    team_id = models.UUIDField()
    month = models.DateField()
    reported = models.BigIntegerField()
    estimated = models.BigIntegerField()
    unexplained = models.BigIntegerField()
    reserved = models.BigIntegerField()
    requests = models.BigIntegerField(help_text="How many answers and images.")
    unknown = models.BigIntegerField(help_text="Of them, those of which nobody said what they cost.")

    class Meta:
        abstract = True
        managed = False


class SpendingOfDay(SpendingSum):
    """What one person spent on one day (UTC) on one kind of thing with one model."""

    pk = models.CompositePrimaryKey("team_id", "month", "day", "user_id", "kind", "provider", "model")
    day = models.DateField()
    user_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Spending.Kind)
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=100)

    class Meta(SpendingSum.Meta):
        abstract = False


class SpendingOfSpace(SpendingSum):
    """The same as `SpendingOfDay` of what was asked in one space."""

    pk = models.CompositePrimaryKey("team_id", "month", "space_id", "day", "user_id", "kind", "provider", "model")
    space_id = models.UUIDField()
    day = models.DateField()
    user_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Spending.Kind)
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=100)

    class Meta(SpendingSum.Meta):
        abstract = False


class SpendingOfConversation(SpendingSum):
    """What the answers of one conversation cost that were asked for in one month."""

    pk = models.CompositePrimaryKey("team_id", "month", "conversation_id")
    conversation_id = models.UUIDField()

    class Meta(SpendingSum.Meta):
        abstract = False
