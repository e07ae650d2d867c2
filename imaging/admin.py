"""Records of decisions in the administration: to be read by reviewers, and changed or deleted by nobody."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.access import signed_in
from accounts.models import User
from imaging.access import may_review, reviewed_by
from imaging.models import Decision


@admin.register(Decision)
class DecisionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who said what of which image, when and why. Generated images themselves are seen in review alone."""

    list_display = ("at", "verdict", "who", "reason", "prompt")
    list_filter = ("verdict", "at")
    list_select_related = ("by", "image")
    search_fields = ("reason", "by__username", "by__full_name", "image__prompt")
    fields = ("at", "verdict", "who", "reason", "prompt")
    exclude = ("by_name",)
    readonly_fields = ("at", "who", "prompt")
    ordering = ("-at", "-id")
    list_per_page = 50
    show_full_result_count = False
    actions = None
    change_list_template = "imaging/review/decisions.html"
    change_form_template = "imaging/review/decision.html"

    @admin.display(description=_("by"), ordering="by")
    def who(self, decision: Decision) -> str:
        """Who decided, by name: it may be nobody here."""
        return decision.decided_by

    @admin.display(description=_("image"))
    def prompt(self, decision: Decision) -> SafeString:
        """The image's prompt, which leads to the image."""
        address = reverse("admin:imaging_review_image", args=[decision.image_id])
        return format_html('<a href="{}">{}</a>', address, str(decision.image) or "…")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reviewers."""
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        """The records about images that the person reviews."""
        return super().get_queryset(request).filter(reviewed_by(signed_in(request), "image__team"))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Reviewers: records tell prompts that nobody else may read yet."""
        return isinstance(request.user, User) and may_review(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: a record is written by deciding."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: what was decided was decided."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody, and therefore nobody deletes here what a record hangs on, such as a team with its images."""
        return False
