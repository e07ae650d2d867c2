"""People, their teams, and the links that invite them."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.visibility import Visibility
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

    verified_email = models.EmailField(
        blank=True,
        editable=False,
        help_text="The address whose mail the person has read. Links for a new password go to this one alone.",
    )

    EMAIL_FIELD = "verified_email"
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
    visible_to = models.CharField(
        _("new questions are visible to"), max_length=10, choices=Visibility, default=Visibility.TEAM
    )
    shares_by_link = models.BooleanField(
        _("sharing by link"),
        default=False,
        help_text=_("Whether people can create links that let others outside the team read conversations."),
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
    is_reviewer = models.BooleanField(
        _("reviewer"), default=False, help_text=_("Decides which of the team’s generated images are shown.")
    )
    monthly_limit = models.DecimalField(
        _("monthly limit"), max_digits=12, decimal_places=6, null=True, blank=True, help_text=_("In US dollars.")
    )
    visible_to = models.CharField(
        max_length=40,
        blank=True,
        default="",
        help_text="As chosen last: a visibility, or a space's id; empty: as the team has it.",
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
    """A link that lets whoever holds it join a team, once or as many times as it says, until it expires or is revoked.

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
    email = models.EmailField(blank=True, help_text="Where the link is sent, if it is.")
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_problem = models.CharField(max_length=200, blank=True, help_text="Why it was not sent last time.")
    max_uses = models.PositiveSmallIntegerField(default=1, help_text="How many people may join by it.")
    uses = models.PositiveSmallIntegerField(default=0, help_text="How many have.")
    email_domain = models.CharField(
        max_length=120, blank=True, help_text="Only people who read mail at this domain may join by it."
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="Whose place it takes up."
    )
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

    @property
    def is_for_several(self) -> bool:
        """Whether more than one person may join by it."""
        return self.max_uses > 1


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
