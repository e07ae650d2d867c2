"""Makes the tables of images in one go, for a database that has none yet.

It stands for the migrations that it replaces. They stay: a database that has some of them goes on with the others.
What they do with rows of earlier versions (whose images they are, a place for each) has nothing to do here.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
from core.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("imaging", "0001_images"),
        ("imaging", "0002_image_services"),
        ("imaging", "0003_one_image_per_place"),
        ("imaging", "0004_variants_and_questions"),
        ("imaging", "0005_names_of_reviewers"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0003_images_need_approval"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="GeneratedImage",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "key",
                            models.UUIDField(
                                blank=True,
                                editable=False,
                                help_text="Given by the form: the same form sent again is the same image.",
                                null=True,
                            ),
                        ),
                        (
                            "position",
                            models.PositiveIntegerField(
                                default=0, help_text="Its place in the response, counted from 0."
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("drawing", "Drawing"),
                                    ("pending", "Pending"),
                                    ("approved", "Approved"),
                                    ("rejected", "Rejected"),
                                    ("failed", "Failed"),
                                ],
                                default="drawing",
                                max_length=10,
                            ),
                        ),
                        ("prompt", models.TextField(verbose_name="prompt")),
                        ("model", models.CharField(blank=True, max_length=100, verbose_name="model")),
                        ("language", models.CharField(blank=True, max_length=20, verbose_name="language")),
                        ("incognito", models.BooleanField(default=True)),
                        (
                            "conversation_id",
                            models.UUIDField(
                                blank=True, help_text="Where it was asked for, if in a conversation.", null=True
                            ),
                        ),
                        (
                            "response",
                            models.JSONField(
                                blank=True, default=dict, help_text="The complete answer of the image service."
                            ),
                        ),
                        ("upstream_id", models.CharField(blank=True, max_length=100)),
                        ("resolved_model", models.CharField(blank=True, max_length=100)),
                        (
                            "description",
                            models.TextField(blank=True, help_text="The service's own words for the picture."),
                        ),
                        ("generation_model", models.CharField(blank=True, max_length=100)),
                        (
                            "router",
                            models.CharField(
                                blank=True, help_text="What the service calls the picture's source.", max_length=100
                            ),
                        ),
                        ("remote_url", models.TextField(blank=True)),
                        (
                            "sha256",
                            models.CharField(
                                blank=True, help_text="Of the bytes that are kept and shown.", max_length=64
                            ),
                        ),
                        (
                            "original_sha256",
                            models.CharField(blank=True, help_text="Of the bytes that came.", max_length=64),
                        ),
                        ("media_type", models.CharField(blank=True, max_length=100)),
                        ("size", models.PositiveBigIntegerField(default=0)),
                        ("width", models.PositiveIntegerField(default=0)),
                        ("height", models.PositiveIntegerField(default=0)),
                        (
                            "fingerprint",
                            models.CharField(
                                blank=True,
                                help_text="A perceptual hash: pictures that look alike have fingerprints that are near.",
                                max_length=64,
                            ),
                        ),
                        ("error", models.JSONField(blank=True, default=dict, help_text="kind, message, retryable")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("drawn_at", models.DateTimeField(blank=True, null=True)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("deleted_at", models.DateTimeField(blank=True, null=True)),
                        ("lease_holder", models.UUIDField(blank=True, editable=False, null=True)),
                        ("lease_expires_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("claimed_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "claimed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "first",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="others",
                                to="imaging.generatedimage",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="images",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="images", to="accounts.team"
                            ),
                        ),
                        (
                            "asked_at",
                            models.DateTimeField(blank=True, help_text="When the service was asked for it.", null=True),
                        ),
                        (
                            "price",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="What the service takes for it by our settings, in US dollars; empty where that is not known.",
                                max_digits=12,
                                null=True,
                            ),
                        ),
                        (
                            "service",
                            models.CharField(
                                choices=[("gateway", "Gateway"), ("images", "Images")],
                                default="gateway",
                                max_length=20,
                                verbose_name="service",
                            ),
                        ),
                        (
                            "wished_size",
                            models.CharField(
                                blank=True,
                                help_text="Width and height that were asked for, as 1024x1536.",
                                max_length=20,
                            ),
                        ),
                        (
                            "question_id",
                            models.UUIDField(
                                blank=True, help_text="The question in it that led to the image.", null=True
                            ),
                        ),
                        (
                            "variant_of",
                            models.ForeignKey(
                                blank=True,
                                help_text="The first image of those that were drawn from one idea; empty for that one.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="variants",
                                to="imaging.generatedimage",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "permissions": [("review_images", "Can review generated images")],
                        "indexes": [
                            models.Index(fields=["team", "-created_at", "-id"], name="images_by_recency"),
                            models.Index(fields=["state", "created_at", "id"], name="images_by_state"),
                            models.Index(fields=["sha256"], name="images_by_content"),
                            models.Index(
                                condition=models.Q(("state", "drawing")),
                                fields=["lease_expires_at"],
                                name="images_being_drawn",
                            ),
                            models.Index(
                                condition=models.Q(("conversation_id__isnull", False)),
                                fields=["conversation_id"],
                                name="images_by_conversation",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("requested_by", "key"), name="one_image_per_form"),
                            models.UniqueConstraint(
                                fields=("first", "position"), name="one_image_per_place_in_a_response"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "verdict",
                            models.CharField(
                                choices=[("approved", "Approved"), ("rejected", "Rejected"), ("undone", "Undone")],
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "image",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="decisions",
                                to="imaging.generatedimage",
                            ),
                        ),
                        (
                            "by_name",
                            models.CharField(
                                blank=True, help_text="Who decided, if that is nobody here.", max_length=150
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "id"],
                        "indexes": [models.Index(fields=["by", "at"], name="decisions_by_reviewer")],
                    },
                ),
            ]
        ),
    ]
