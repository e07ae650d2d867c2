"""People, their teams, and the links that invite them."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import graphemes
from core.ids import new_id


class UserManager(DjangoUserManager["User"]):
    """Django's manager, but a superuser belongs to a team from the start and can ask at once."""

    @transaction.atomic
    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> "User":
        user = super().create_superuser(username, email, password, **extra_fields)
        team = Team.objects.order_by("created_at").first() or Team.objects.create(name="Team")
        Membership.objects.create(team=team, user=user, role=Membership.Role.OWNER)
        return user


class User(AbstractUser):
    """A person who can sign in."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=20, blank=True, default="", help_text=_("Empty: as the browser asks for.")
    )
    sign_in_round = models.PositiveIntegerField(
        default=0, editable=False, help_text="One more than before ends every session of this person."
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        help_text="By its name in the tz database; empty while unknown.",
    )
    time_zone_is_chosen = models.BooleanField(
        default=False, help_text="Whether the person chose it. Otherwise it is that of the browser used last."
    )

    objects: ClassVar[UserManager] = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="one_person_per_username",
                violation_error_message=_("A user with that username already exists."),
            )
        ]

    def get_full_name(self) -> str:
        """The full name, empty if none was given."""
        return self.full_name.strip()

    def get_short_name(self) -> str:
        """The name Django's admin greets with."""
        return self.display_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to stay valid: it changes with the password and with the round of sign-ins."""
        return salted_hmac(
            "accounts.User.session", f"{self.sign_in_round}:{self.password}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def display_name(self) -> str:
        """The full name if one was given, else the user name."""
        return self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        """One or two capitals that stand for the person in a narrow place."""
        names = self.get_full_name().split() or [self.username]
        first = graphemes.first(names[0])
        second = names[-1] if len(names) > 1 else names[0][len(first) :]
        return f"{first}{graphemes.first(second)}".upper()


class Team(models.Model):
    """A group of people who share conversations and images."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=80)
    monthly_limit = models.DecimalField(
        _("monthly limit"), max_digits=12, decimal_places=6, null=True, blank=True, help_text=_("In US dollars.")
    )
    images_need_approval = models.BooleanField(
        _("images need approval"),
        default=True,
        help_text=_("Until a reviewer has approved a generated image, only its author and reviewers see it."),
    )
    allowed_models = models.JSONField(
        _("allowed models"),
        null=True,
        blank=True,
        help_text=_("The ids of the models that the team may ask; empty for all of them."),
    )
    allowed_tools = models.JSONField(
        _("allowed tools"),
        null=True,
        blank=True,
        help_text=_("The names of the tools that the team may switch on; empty for all of them."),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's place in one team."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        MEMBER = "member", _("Member")
        VIEWER = "viewer", _("Viewer")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    monthly_limit = models.DecimalField(
        _("monthly limit"), max_digits=12, decimal_places=6, null=True, blank=True, help_text=_("In US dollars.")
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["joined_at"]
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_person_and_team")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}, {self.team})"

    @property
    def may_ask(self) -> bool:
        """Whether this person may ask questions and change what is theirs."""
        return self.role in {self.Role.OWNER, self.Role.MEMBER}

    @property
    def may_manage(self) -> bool:
        """Whether this person may invite people and manage every conversation the team shares."""
        return self.role == self.Role.OWNER


def inviter_owns_team() -> models.Exists:
    """Whether an invitation's maker still owns its team, as a condition for queries of invitations."""
    owners = Membership.objects.filter(role=Membership.Role.OWNER, user__is_active=True)
    return models.Exists(owners.filter(team=models.OuterRef("team"), user=models.OuterRef("invited_by")))


class InvitationManager(models.Manager["Invitation"]):
    """Invitations that know whether whoever made them may still invite."""

    def get_queryset(self) -> models.QuerySet["Invitation"]:
        """With `inviter_owns` on each."""
        return super().get_queryset().annotate(inviter_owns=inviter_owns_team())


class Invitation(models.Model):
    """A link that lets whoever holds it join a team, once, until it expires or is revoked.

    It is worth what its maker is: when they own the team no more, nobody joins by it. Only the hash of the link's token
    is kept: a copy of the database lets nobody in.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        REVOKED = "revoked", _("Revoked")
        EXPIRED = "expired", _("Expired")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role, default=Membership.Role.MEMBER)
    note = models.CharField(_("for whom"), max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[InvitationManager] = InvitationManager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.note or str(self.id)

    @property
    def state(self) -> "Invitation.State":
        """Whether the link can still be used, and if not, why."""
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        if self.revoked_at is not None or not getattr(self, "inviter_owns", True):  # not looked up for a new one
            return self.State.REVOKED
        return self.State.OPEN if self.expires_at > timezone.now() else self.State.EXPIRED

    @property
    def is_open(self) -> bool:
        """Whether the link can still be used."""
        return self.state == self.State.OPEN


class OneTimeLink(models.Model):
    """A link that does one thing once: begin the first team, or let a person set a new password.

    As with invitations, only the hash of its token is kept.
    """

    class Purpose(models.TextChoices):
        FIRST_SIGN_IN = "first_sign_in", _("First sign-in")
        PASSWORD = "password", _("New password")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=20, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="Whose password."
    )
    made_by = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=models.Q(purpose="first_sign_in"), name="one_first_sign_in"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(purpose="password"), name="one_password_link_per_person"
            ),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()

    @property
    def is_open(self) -> bool:
        """Whether the link can still be used."""
        return self.used_at is None and self.expires_at > timezone.now()


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


class Spending(models.Model):
    """What one answer, or one drawn image, costs in US dollars: reserved before it is asked for, settled at its end.

    It outlives the conversation, so that a month's figures stay true when something is deleted. `cost` is None as
    long as the answer is being written, or the image drawn; `reserved` then stands for it.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("Answer")
        IMAGE = "image", _("Image")

    class Basis(models.TextChoices):
        REPORTED = "reported", _("Reported")
        ESTIMATED = "estimated", _("Estimated")
        NONE = "", _("Not reported")

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="spending")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="spending")
    month = models.DateField(help_text="The first day of the month in which it was asked (UTC).")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ANSWER)
    answer_id = models.UUIDField(unique=True, help_text="The answer, or the image.")
    conversation_id = models.UUIDField(null=True, blank=True, help_text="None for an image, which is in none.")
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


class SpendingOfConversation(SpendingSum):
    """What the answers of one conversation cost that were asked for in one month."""

    pk = models.CompositePrimaryKey("team_id", "month", "conversation_id")
    conversation_id = models.UUIDField()

    class Meta(SpendingSum.Meta):
        abstract = False
