"""Pictures that were drawn on demand, and what reviewers decided about them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from core import graphemes
from core.ids import new_id


class GeneratedImage(models.Model):
    """One picture, from the prompt to its publication.

    While the state is *drawing* there are no bytes yet. A response with several pictures makes several rows: the first
    one was asked for and has the `key`, the others name it as `first`. Bytes lie in the store of `files` under
    `sha256`; sizes are in bytes, width and height in pixels.
    """

    class State(models.TextChoices):
        DRAWING = "drawing", _("Drawing")
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        FAILED = "failed", _("Failed")

    class Service(models.TextChoices):
        GATEWAY = "gateway", _("Gateway")
        IMAGES = "images", _("Images")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="images")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="images")
    key = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text="Given by the form: the same form sent again is the same image.",
    )
    first = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="others")
    variant_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="variants",
        help_text="The first image of those that were drawn from one idea; empty for that one.",
    )
    position = models.PositiveIntegerField(default=0, help_text="Its place in the response, counted from 0.")
    state = models.CharField(max_length=10, choices=State, default=State.DRAWING)

    prompt = models.TextField(_("prompt"))
    service = models.CharField(_("service"), max_length=20, choices=Service, default=Service.GATEWAY)
    model = models.CharField(_("model"), max_length=100, blank=True)
    wished_size = models.CharField(
        max_length=20, blank=True, help_text="Width and height that were asked for, as 1024x1536."
    )
    price = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="What the service takes for it by our settings, in US dollars; empty where that is not known.",
    )
    language = models.CharField(_("language"), max_length=20, blank=True)
    incognito = models.BooleanField(default=True)
    conversation_id = models.UUIDField(null=True, blank=True, help_text="Where it was asked for, if in a conversation.")
    question_id = models.UUIDField(null=True, blank=True, help_text="The question in it that led to the image.")

    response = models.JSONField(default=dict, blank=True, help_text="The complete answer of the image service.")
    upstream_id = models.CharField(max_length=100, blank=True)
    resolved_model = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True, help_text="The service's own words for the picture.")
    generation_model = models.CharField(max_length=100, blank=True)
    router = models.CharField(max_length=100, blank=True, help_text="What the service calls the picture's source.")
    remote_url = models.TextField(blank=True)

    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the bytes that are kept and shown.")
    original_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the bytes that came.")
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(
        max_length=64,
        blank=True,
        help_text="A perceptual hash: pictures that look alike have fingerprints that are near.",
    )

    error = models.JSONField(default=dict, blank=True, help_text="kind, message, retryable")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When the service was asked for it.")
    drawn_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    lease_holder = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["requested_by", "key"], name="one_image_per_form"),
            models.UniqueConstraint(fields=["first", "position"], name="one_image_per_place_in_a_response"),
        ]
        indexes = [
            models.Index(fields=["team", "-created_at", "-id"], name="images_by_recency"),
            models.Index(fields=["state", "created_at", "id"], name="images_by_state"),
            models.Index(fields=["sha256"], name="images_by_content"),
            models.Index(
                fields=["conversation_id"],
                name="images_by_conversation",
                condition=models.Q(conversation_id__isnull=False),
            ),
            models.Index(fields=["lease_expires_at"], name="images_being_drawn", condition=models.Q(state="drawing")),
        ]
        permissions = [("review_images", _("Can review generated images"))]

    def __str__(self) -> str:
        return graphemes.cut(self.prompt, 80)

    @property
    def has_picture(self) -> bool:
        """Whether there are bytes."""
        return bool(self.sha256)

    @property
    def missed_size(self) -> str:
        """The size that was asked for in words, if the picture does not have it; empty where it has."""
        return "" if self.wished_size in ("", f"{self.width}x{self.height}") else self.wished_size.replace("x", " × ")


class Decision(models.Model):
    """What a reviewer said about an image, and why. Decisions are added, never changed."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        UNDONE = "undone", _("Undone")

    id = models.BigAutoField(primary_key=True)
    image = models.ForeignKey(GeneratedImage, on_delete=models.CASCADE, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150, blank=True, help_text="Who decided, if that is nobody here.")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["by", "at"], name="decisions_by_reviewer")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.reason}" if self.reason else self.get_verdict_display()

    @property
    def decided_by(self) -> str:
        """Who decided, by name."""
        return self.by_name or self.by.display_name
