"""People and teams in the admin panel. Tokens are shown nowhere.

Whoever is no superuser needs Django's permission for what they do here, and the person's account must be within their
reach: `accounts.rights`. Permissions, groups and who is staff are superusers' alone.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import rights
from accounts.access import signed_in
from accounts.models import Invitation, Membership, Spending, Team, TeamInstructions, User
from accounts.services import passwords


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    """The places of a team or a person, on their page."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user", "team")


class NewPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """Django's own, after which no older link changes the password back."""

    def save(self, commit: bool = True) -> User:
        """Set the password, or take it away."""
        user: User = super().save(commit=commit)
        passwords.delete_password_links(user=user)
        return user


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """People. An account that is out of somebody's reach can be looked at."""

    list_display = ("username", "full_name", "is_active", "is_staff", "last_login")
    search_fields = ("username", "full_name", "email")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("full_name", "email", "is_active")}),
        (
            _("Permissions"),
            {
                "fields": ("is_staff", "is_superuser", "groups", "user_permissions"),
                "description": _("Only superusers can change these."),
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    exclude = ("verified_email",)  # nobody but the person confirms their address
    change_password_form = NewPasswordForm
    inlines = (MembershipInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Dates, and for whoever is no superuser the rights."""
        rights_of_user = ("is_staff", "is_superuser", "groups", "user_permissions")
        return ("last_login", "date_joined", *(() if rights.may_grant_rights(request.user) else rights_of_user))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Those with the permission, for accounts within their reach."""
        return super().has_change_permission(request, obj) and _is_within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Those with the permission, for accounts within their reach. Django asks it of many at once, too."""
        return super().has_delete_permission(request, obj) and _is_within_reach(request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form, or the facts and why there is no form."""
        person = self.get_object(request, unquote(object_id))
        if person and super().has_change_permission(request) and not _is_within_reach(request, person):
            if request.method == "POST":
                raise PermissionDenied(_out_of_reach(person))
            self.message_user(request, _out_of_reach(person), messages.WARNING)
        return super().change_view(request, object_id, form_url, extra_context)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Set somebody's password. Raises PermissionDenied with the reason."""
        person = self.get_object(request, unquote(id))
        if person and super().has_change_permission(request) and not _is_within_reach(request, person):
            raise PermissionDenied(_out_of_reach(person))
        return super().user_change_password(request, id, form_url)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Deactivating somebody ends for good what they left open."""
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            passwords.end_access(user=obj)


def _is_within_reach(request: HttpRequest, person: User | None) -> bool:
    return person is None or rights.may_use_account(by=signed_in(request), person=person)


def _out_of_reach(person: User) -> str:
    sentence = gettext("The account of %(name)s has rights that yours doesn’t. Only a superuser can change it.")
    return sentence % {"name": person.display_name}


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Groups give permissions, so they are superusers' alone to change. Others with Django's permission read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return rights.may_grant_rights(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Superusers."""
        return rights.may_grant_rights(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Superusers."""
        return rights.may_grant_rights(request.user)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Teams."""

    list_display = ("name", "created_at")
    search_fields = ("name",)
    inlines = (MembershipInline,)
    exclude = ("allowed_models", "allowed_tools")  # owners choose them on a page of their own


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who is on which team."""

    list_display = ("user", "team", "role", "joined_at")
    list_filter = ("role", "team")
    list_select_related = ("user", "team")
    search_fields = ("user__username", "user__full_name", "team__name")
    autocomplete_fields = ("user", "team")


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Invitations, to look at and to revoke. They are made on the team's page, where the link is shown once."""

    list_display = ("__str__", "team", "role", "state_word", "invited_by", "created_at", "expires_at", "accepted_by")
    list_filter = ("team", "role")
    list_select_related = ("team", "invited_by", "accepted_by")
    fields = readonly_fields = (
        "team",
        "role",
        "note",
        "invited_by",
        "created_at",
        "expires_at",
        "revoked_at",
        "accepted_at",
        "accepted_by",
    )
    # What owners are told on the team's page, where they also send links again.
    exclude = ("email", "mailed_at", "mail_problem", "max_uses", "uses", "email_domain", "parent")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Not here."""
        return False

    @admin.display(description=_("state"))
    def state_word(self, invitation: Invitation) -> str:
        """The state as people read it."""
        return str(invitation.state.label)

    @admin.action(description=_("Revoke selected invitations"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Let nobody in by these any more."""
        count = queryset.filter(accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, _("Revoked: %(count)d") % {"count": count})


@admin.register(TeamInstructions)
class TeamInstructionsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Versions of teams' instructions, to look at, and to delete one that should never have been written. Those of
    people are nobody's but theirs, and are not here."""

    list_display = ("__str__", "team", "author", "created_at")
    list_filter = ("team",)
    list_select_related = ("team", "author")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Not here: owners write them on the team's page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: TeamInstructions | None = None) -> bool:
        """Nobody: answers name the version that was sent."""
        return False


@admin.register(Spending)
class SpendingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What answers cost, to look at. A record of money is not edited."""

    list_display = ("asked_at", "team", "user", "model", "provider", "reserved", "cost", "basis")
    list_filter = ("team", "basis", "provider", "month")
    list_select_related = ("team", "user")
    search_fields = ("user__username", "model", "answer_id", "conversation_id")
    date_hierarchy = "asked_at"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: it is written by asking."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Spending | None = None) -> bool:
        """Nobody: what was spent was spent."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Spending | None = None) -> bool:
        """Nobody: figures outlive what they are about."""
        return False
