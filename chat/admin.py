"""Conversations in the administration: to find and to look at. What was asked and answered is never edited there.

Private conversations are their owner's: only a superuser sees them here.
"""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from chat.models import Answer, Conversation, Preset, Question, Withdrawal

_SHARED = Conversation.Visibility.TEAM


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A record that can be looked at and not changed, made or deleted here."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: conversations are made by asking."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: what was said was said."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: deleting a conversation from its menu can be undone, and purging it later cannot."""
        return False


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    """What teams talk about, without what they say."""

    list_display = ["title", "team", "owner", "visibility", "archived", "last_asked_at", "deleted_at"]
    list_filter = ["team", "visibility", "archived", "pinned"]
    list_select_related = ["team", "owner"]
    search_fields = ["title", "owner__username"]
    date_hierarchy = "last_asked_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """All of them for a superuser; else those that teams share."""
        found = super().get_queryset(request)
        return found if _is_superuser(request) else found.filter(visibility=_SHARED)


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    """What was asked, by whom and when."""

    list_display = ["__str__", "conversation", "author", "created_at"]
    list_select_related = ["conversation", "author"]
    search_fields = ["text", "author__username"]
    exclude = ["key"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """All of them for a superuser; else those of shared conversations."""
        found = super().get_queryset(request)
        return found if _is_superuser(request) else found.filter(conversation__visibility=_SHARED)


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    """What was answered: the model, how it ended, what it used and cost."""

    list_display = ["__str__", "model", "state", "asked_by", "cost", "created_at"]
    list_filter = ["state", "provider", "model"]
    list_select_related = ["asked_by"]
    search_fields = ["upstream_id", "request_id", "asked_by__username"]
    date_hierarchy = "created_at"
    exclude = ["key", "html", "lease_holder", "lease_expires_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        """All of them for a superuser; else those of shared conversations."""
        found = super().get_queryset(request)
        return found if _is_superuser(request) else found.filter(question__conversation__visibility=_SHARED)


@admin.register(Preset)
class PresetAdmin(ReadOnlyAdmin):
    """Options that people keep. What they set is theirs to change, on the page of their presets."""

    list_display = ["__str__", "team", "owner", "model", "shared", "created_at", "deleted_at"]
    list_filter = ["team", "shared"]
    list_select_related = ["team", "owner"]
    search_fields = ["name", "owner__username"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Preset]:
        """All of them for a superuser; else those that teams share."""
        found = super().get_queryset(request)
        return found if _is_superuser(request) else found.filter(shared=True)


@admin.register(Withdrawal)
class WithdrawalAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Services that have ended. Deleting a record lets the service be asked again at once."""

    list_display = ["service", "ended", "status", "seen_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: a service says by itself that it has ended."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: it is a record of what was heard."""
        return False


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
