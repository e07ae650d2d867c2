"""People and teams in the admin panel. Tokens are shown nowhere."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, Membership, Spending, Team, TeamInstructions, User
from accounts.services import passwords


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    """The places of a team or a person, on their page."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user", "team")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """People."""

    list_display = ("username", "full_name", "is_active", "is_staff", "last_login")
    search_fields = ("username", "full_name", "email")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("full_name", "email")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Deactivating somebody ends for good what they left open."""
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            passwords.end_access(user=obj)


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
    exclude = ("token_hash",)
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
