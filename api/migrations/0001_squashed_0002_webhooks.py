"""Makes the tables of tokens and webhooks in one go, for a database that has none yet.

It stands for the migrations that it replaces. They stay: a database that has some of them goes on with the others.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
from core.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [("api", "0001_tokens"), ("api", "0002_webhooks")]

    initial = True

    dependencies = [
        ("accounts", "0014_opinion_spending"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("chat", "0036_facts_of_checks"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Token",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("hash", models.CharField(editable=False, max_length=64, unique=True)),
                        ("last_characters", models.CharField(editable=False, max_length=4)),
                        ("scopes", models.JSONField(default=list, help_text="Of api.models.Scope.")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("expires_at", models.DateTimeField()),
                        ("last_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "space",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="chat.space",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="access_tokens",
                                to="accounts.team",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="access_tokens",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at"],
                        "indexes": [models.Index(fields=["team", "user"], name="tokens_by_team_and_person")],
                    },
                ),
                migrations.CreateModel(
                    name="AskedQuestion",
                    fields=[
                        (
                            "question",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="chat.question",
                            ),
                        ),
                        ("messages_hash", models.CharField(max_length=64)),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "token",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="api.token"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-asked_at"],
                        "indexes": [
                            models.Index(fields=["token", "messages_hash"], name="asked_by_token_and_messages")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Webhook",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("url", models.CharField(max_length=2000)),
                        ("events", models.JSONField(default=list)),
                        ("include_text", models.BooleanField(default=False)),
                        ("secret", models.TextField(editable=False)),
                        (
                            "paused",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Active"),
                                    ("owner", "Paused by an owner"),
                                    ("failed", "Paused after failing"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        (
                            "paused_at",
                            models.DateTimeField(
                                blank=True, editable=False, help_text="When it was paused by itself.", null=True
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("heard_until", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("failing_since", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="webhooks", to="accounts.team"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "event",
                            models.CharField(
                                choices=[
                                    ("answer.finished", "An answer finished"),
                                    ("image.pending", "An image is waiting for review"),
                                    ("watch.changed", "The answer of a watch changed"),
                                    ("test", "Test"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("subject", models.UUIDField()),
                        ("happened_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("delivered", "Delivered"),
                                    ("given_up", "Given up"),
                                    ("dropped", "Not sent"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("status", models.PositiveSmallIntegerField(default=0)),
                        ("problem", models.CharField(blank=True, max_length=20)),
                        ("took", models.PositiveIntegerField(default=0)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("tried_at", models.DateTimeField(blank=True, null=True)),
                        ("lease_holder", models.UUIDField(blank=True, null=True)),
                        ("lease_expires_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "webhook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="api.webhook"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")), fields=["due_at"], name="messages_to_be_sent"
                            ),
                            models.Index(fields=["webhook", "-created_at", "-id"], name="messages_of_a_webhook"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("webhook", "event", "subject"), name="one_message_per_webhook_and_event"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
