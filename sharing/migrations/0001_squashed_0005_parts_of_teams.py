"""Makes the tables of links, exports, reports and imports in one go, for a database that has none yet.

It stands for the migrations that it replaces. They stay: a database that has some of them goes on with the others.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
from core.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("sharing", "0001_share_links"),
        ("sharing", "0002_exports"),
        ("sharing", "0003_reports"),
        ("sharing", "0004_imports"),
        ("sharing", "0005_parts_of_teams"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0015_sharing_by_link"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("chat", "0038_names_of_those_who_verified"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="WrongGuess",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(help_text="Whose it was, as a hash.", max_length=64)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["key", "at"], name="wrong_guesses"),
                            models.Index(fields=["at"], name="old_guesses"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ShareLink",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("snapshot", "What is there now"), ("live", "Also what is asked later")],
                                default="snapshot",
                                max_length=10,
                            ),
                        ),
                        ("title", models.CharField(help_text="When the link was made.", max_length=200)),
                        (
                            "contents",
                            models.JSONField(
                                blank=True, default=list, help_text="Of a snapshot: ids of questions and answers."
                            ),
                        ),
                        (
                            "password",
                            models.CharField(
                                blank=True, help_text="As Django hashes it; empty for none.", max_length=128
                            ),
                        ),
                        (
                            "shows_names",
                            models.BooleanField(default=False, help_text="Whether the page says who asked."),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("expires_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "opened_at",
                            models.DateTimeField(blank=True, help_text="When it was opened last.", null=True),
                        ),
                        ("times_opened", models.PositiveIntegerField(default=0)),
                        (
                            "answer",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty: all of them.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="chat.answer",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="share_links",
                                to="chat.conversation",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="share_links",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="share_links",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(fields=["team", "-created_at", "-id"], name="share_links_by_team"),
                            models.Index(fields=["conversation", "-created_at"], name="share_links_by_conversation"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExportJob",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("wanted", models.JSONField(default=dict)),
                        ("along", models.JSONField(default=dict)),
                        ("format", models.CharField(max_length=20)),
                        ("language", models.CharField(blank=True, max_length=20)),
                        ("title", models.CharField(blank=True, max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("writing", "Being written"),
                                    ("ready", "Ready"),
                                    ("stopped", "Stopped"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("questions", models.PositiveIntegerField(default=0)),
                        ("done", models.PositiveIntegerField(default=0)),
                        (
                            "problem",
                            models.CharField(blank=True, help_text="Why it failed, as a sentence.", max_length=300),
                        ),
                        ("included", models.JSONField(blank=True, default=list)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("size", models.PositiveBigIntegerField(default=0)),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, help_text="How often somebody began with it."),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("lease_holder", models.UUIDField(blank=True, null=True)),
                        ("lease_expires_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(fields=["requested_by", "-created_at"], name="exports_by_person"),
                            models.Index(fields=["sha256"], name="exports_by_content"),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "writing"])),
                                fields=["created_at"],
                                name="exports_to_be_written",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Report",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        (
                            "visibility",
                            models.CharField(
                                choices=[("team", "Team"), ("space", "Space"), ("private", "Private")],
                                default="private",
                                max_length=10,
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=0)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("deleted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "changed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "deleted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "space",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="reports",
                                to="chat.space",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="accounts.team"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-changed_at", "-id"],
                        "indexes": [
                            models.Index(fields=["team", "-changed_at", "-id"], name="reports_by_recency"),
                            models.Index(
                                condition=models.Q(("deleted_at__isnull", False)),
                                fields=["team", "-deleted_at"],
                                name="reports_deleted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReportAnswer",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "added_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="chat.answer"
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="origins", to="sharing.report"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["added_at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("report", "answer"), name="one_origin_per_report_and_answer"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReportVersion",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("title", models.CharField(max_length=200)),
                        ("text", models.TextField(blank=True)),
                        ("sources", models.JSONField(blank=True, default=list)),
                        (
                            "change",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Edited"),
                                    ("begun", "Begun"),
                                    ("added", "Answers added"),
                                    ("tidied", "Sources tidied"),
                                    ("restored", "Restored"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="sharing.report",
                            ),
                        ),
                        (
                            "saved_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("report", "number"), name="one_version_of_a_report_per_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        (
                            "sha256",
                            models.CharField(
                                blank=True, help_text="Of the file; empty once it was removed.", max_length=64
                            ),
                        ),
                        ("size", models.BigIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("looking", "Reading the file"),
                                    ("ready", "Waiting for you"),
                                    ("importing", "Importing"),
                                    ("finished", "Finished"),
                                    ("stopped", "Stopped"),
                                    ("refused", "Can’t be imported"),
                                    ("undone", "Undone"),
                                ],
                                default="looking",
                                max_length=10,
                            ),
                        ),
                        ("place", models.CharField(max_length=60)),
                        (
                            "as_it_was",
                            models.BooleanField(
                                default=False,
                                help_text="A whole team of Parley: owners, spaces and visibility as the archive has them.",
                            ),
                        ),
                        (
                            "found",
                            models.JSONField(
                                blank=True, default=dict, help_text="What the file holds, as it was looked through."
                            ),
                        ),
                        (
                            "problem",
                            models.TextField(
                                blank=True, help_text="Why the file or its end can’t be read, in words for its person."
                            ),
                        ),
                        ("handled", models.PositiveIntegerField(default=0)),
                        ("brought", models.PositiveIntegerField(default=0)),
                        ("grown", models.PositiveIntegerField(default=0)),
                        ("known", models.PositiveIntegerField(default=0)),
                        ("failed", models.PositiveIntegerField(default=0)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("began_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        ("lease_holder", models.UUIDField(blank=True, editable=False, null=True)),
                        ("lease_expires_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(fields=["person", "-created_at"], name="imports_by_person"),
                            models.Index(
                                condition=models.Q(("state__in", ("looking", "importing"))),
                                fields=["lease_expires_at"],
                                name="imports_being_done",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportLine",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("title", models.CharField(blank=True, max_length=200)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("brought", "Imported"),
                                    ("grown", "New questions added"),
                                    ("known", "Already here"),
                                    ("failed", "Not imported"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("problem", models.TextField(blank=True)),
                        (
                            "conversation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="chat.conversation",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="sharing.importrun",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "indexes": [models.Index(fields=["run", "outcome", "number"], name="import_lines_by_outcome")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "number"), name="one_line_per_conversation_of_a_file"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedConversation",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "service",
                            models.CharField(
                                choices=[
                                    ("chatgpt", "ChatGPT"),
                                    ("open_webui", "Open WebUI"),
                                    ("librechat", "LibreChat"),
                                    ("perplexity", "Perplexity"),
                                    ("parley", "Parley"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("foreign_id", models.CharField(max_length=100)),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "author",
                            models.CharField(
                                blank=True,
                                help_text="Who asked there, where that is nobody on this team.",
                                max_length=150,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "conversation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="chat.conversation"
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "owner", "service", "foreign_id"), name="one_import_per_conversation"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedPart",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("team", "Team"),
                                    ("space", "Space"),
                                    ("document", "Document"),
                                    ("site", "Site"),
                                    ("image", "Image"),
                                    ("report", "Report"),
                                    ("watch", "Watch"),
                                    ("preset", "Preset"),
                                    ("search", "Search"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("foreign_id", models.CharField(max_length=253)),
                        ("row", models.CharField(max_length=253)),
                        ("as_brought", models.JSONField(blank=True, default=dict)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="parts",
                                to="sharing.importrun",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "kind", "foreign_id"), name="one_import_per_part_of_a_team"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
