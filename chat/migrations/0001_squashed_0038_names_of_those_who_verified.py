"""Makes all tables of conversations and the indexes of the search in one go, for a database that has none yet.

It stands for the migrations that it replaces. They stay: a database that has some of them goes on with the others.
What they do with rows of earlier versions (spending so far, what may have been sent, facts of checks) has nothing to
do here.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
from chat.documents import index as documents_index
from chat.search import index, known
from core.create_models import CreateModels


def install(apps, schema_editor):
    """The indexes as they are now: none of an earlier version is there that would have to be brought up to date."""
    index.install(schema_editor.connection)
    documents_index.install(schema_editor.connection)
    known.install(schema_editor.connection)


def uninstall(apps, schema_editor):
    documents_index.uninstall(schema_editor.connection)
    index.uninstall(schema_editor.connection)


class Migration(migrations.Migration):
    replaces = [
        ("chat", "0001_initial"),
        ("chat", "0002_search"),
        ("chat", "0003_providers_and_files"),
        ("chat", "0004_presets_come_back"),
        ("chat", "0005_spending_so_far"),
        ("chat", "0006_gateway_copies"),
        ("chat", "0007_services_that_answer_again"),
        ("chat", "0008_sources_by_their_marks"),
        ("chat", "0009_document_text"),
        ("chat", "0010_work_in_the_background"),
        ("chat", "0011_said_limit"),
        ("chat", "0012_sent_by_its_process"),
        ("chat", "0013_search_in_every_script"),
        ("chat", "0014_search_with_signs"),
        ("chat", "0015_read_marks"),
        ("chat", "0016_favourite_models"),
        ("chat", "0017_versions_of_questions"),
        ("chat", "0018_stored_key"),
        ("chat", "0019_trash_and_pins"),
        ("chat", "0020_spaces"),
        ("chat", "0021_spaces_pass_on"),
        ("chat", "0023_documents"),
        ("chat", "0024_tags"),
        ("chat", "0025_known_questions"),
        ("chat", "0026_saved_searches"),
        ("chat", "0028_cited_documents"),
        ("chat", "0029_citation_checks"),
        ("chat", "0030_page_names"),
        ("chat", "0031_running_checks"),
        ("chat", "0032_sources_ledger"),
        ("chat", "0034_watches"),
        ("chat", "0035_verified_answers"),
        ("chat", "0036_facts_of_checks"),
        ("chat", "0037_watches_that_stopped"),
        ("chat", "0038_names_of_those_who_verified"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0013_spending_by_space"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Answer",
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
                                editable=False,
                                help_text="Given by the form: the same form sent again is the same answer.",
                            ),
                        ),
                        ("provider", models.CharField(max_length=20)),
                        ("model", models.CharField(max_length=100)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("writing", "Writing"),
                                    ("finished", "Finished"),
                                    ("stopped", "Stopped"),
                                    ("interrupted", "Interrupted"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=12,
                            ),
                        ),
                        (
                            "request",
                            models.JSONField(
                                blank=True, default=dict, help_text="What was sent upstream, without the conversation."
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("html", models.TextField(blank=True)),
                        ("reasoning", models.TextField(blank=True)),
                        ("related", models.JSONField(blank=True, default=list)),
                        (
                            "media",
                            models.JSONField(
                                blank=True, default=dict, help_text="Pictures and videos as the upstream returned them."
                            ),
                        ),
                        (
                            "searched",
                            models.BooleanField(
                                default=False,
                                help_text="Whether the upstream found anything for this answer, or looked for something.",
                            ),
                        ),
                        ("unknown_citations", models.JSONField(blank=True, default=list)),
                        ("finish", models.CharField(blank=True, max_length=40)),
                        ("usage", models.JSONField(blank=True, default=dict)),
                        ("cost", models.DecimalField(blank=True, decimal_places=6, max_digits=12, null=True)),
                        (
                            "cost_source",
                            models.CharField(
                                blank=True,
                                choices=[("reported", "Reported"), ("estimated", "Estimated"), ("", "Not reported")],
                                default="",
                                max_length=10,
                            ),
                        ),
                        (
                            "price_date",
                            models.DateField(
                                blank=True, help_text="The date of the price list behind an estimate.", null=True
                            ),
                        ),
                        ("upstream_id", models.CharField(blank=True, max_length=100)),
                        ("request_id", models.CharField(blank=True, max_length=200)),
                        ("resolved_model", models.CharField(blank=True, max_length=100)),
                        ("follow_up", models.JSONField(blank=True, default=dict)),
                        (
                            "error",
                            models.JSONField(
                                blank=True, default=dict, help_text="kind, message, retryable, wait (seconds)"
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        ("first_word_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("lease_holder", models.UUIDField(blank=True, editable=False, null=True)),
                        ("lease_expires_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="chat.question"
                            ),
                        ),
                        ("admitted_at", models.DateTimeField(blank=True, help_text="When it was its turn.", null=True)),
                        (
                            "background",
                            models.BooleanField(
                                default=False,
                                help_text="Worked on by the upstream on its own: another process can go on waiting for it.",
                            ),
                        ),
                        (
                            "format_problem",
                            models.TextField(
                                blank=True,
                                help_text="Why the text is not what was asked for as structured output; empty where it is.",
                            ),
                        ),
                        (
                            "job",
                            models.CharField(
                                blank=True, help_text="What the upstream calls its work on this answer.", max_length=100
                            ),
                        ),
                        (
                            "lane",
                            models.CharField(
                                blank=True, help_text="The queue in which it waits for its turn.", max_length=150
                            ),
                        ),
                        (
                            "steps",
                            models.JSONField(
                                blank=True, default=list, help_text="What was searched and read, step by step."
                            ),
                        ),
                        (
                            "sent_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="When the process that has it was about to send it to the upstream.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ("waiting", "writing"))),
                                fields=["lease_expires_at"],
                                name="answers_being_written",
                            ),
                            models.Index(fields=["ended_at"], name="answers_by_end"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("asked_by", "key"), name="one_answer_per_form")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
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
                                default="team",
                                max_length=10,
                            ),
                        ),
                        ("pinned", models.BooleanField(default=False)),
                        ("archived", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("last_asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("deleted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "forked_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="forks",
                                to="chat.conversation",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conversations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="conversations",
                                to="accounts.team",
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(
                                blank=True, editable=False, help_text="When an answer last ended.", null=True
                            ),
                        ),
                        (
                            "branched_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                help_text="When one of its questions was first edited and asked anew.",
                                null=True,
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
                            "space",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="conversations",
                                to="chat.space",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-last_asked_at", "-id"],
                        "indexes": [
                            models.Index(fields=["team", "-last_asked_at", "-id"], name="conversations_by_recency"),
                            models.Index(fields=["owner", "-last_asked_at"], name="conversations_by_owner"),
                            models.Index(
                                condition=models.Q(("pinned", True)),
                                fields=["team", "-last_asked_at", "-id"],
                                name="conversations_pinned",
                            ),
                            models.Index(
                                condition=models.Q(("deleted_at__isnull", False)),
                                fields=["team", "-deleted_at"],
                                name="conversations_deleted",
                            ),
                            models.Index(
                                condition=models.Q(("space__isnull", False)),
                                fields=["space", "-last_asked_at", "-id"],
                                name="conversations_by_space",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LogEntry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "answer_id", "seq", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("seq", models.PositiveIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("started", "Started"),
                                    ("text", "Text"),
                                    ("text_replaced", "Text Replaced"),
                                    ("reasoning", "Reasoning"),
                                    ("reasoning_replaced", "Reasoning Replaced"),
                                    ("step", "Step"),
                                    ("submitting", "Submitting"),
                                    ("submitted", "Submitted"),
                                    ("documents", "Documents"),
                                    ("sources", "Sources"),
                                    ("media", "Media"),
                                    ("related", "Related"),
                                    ("usage", "Usage"),
                                    ("status", "Status"),
                                    ("finish", "Finish"),
                                    ("follow_up", "Follow Up"),
                                    ("end", "End"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("data", models.JSONField()),
                        (
                            "answer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="log",
                                to="chat.answer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["seq"],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "position",
                            models.PositiveIntegerField(help_text="In the order of asking, whatever it follows."),
                        ),
                        ("text", models.TextField(verbose_name="question")),
                        (
                            "options",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Only the options that somebody set, under the names of Perplexity's Sonar API.",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "key",
                            models.UUIDField(
                                editable=False,
                                help_text="Given by the form: the same form sent again is the same question.",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="chat.conversation",
                            ),
                        ),
                        (
                            "follows",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="followed_by",
                                to="chat.question",
                            ),
                        ),
                        (
                            "version_of",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="later_versions",
                                to="chat.question",
                            ),
                        ),
                        (
                            "documents",
                            models.JSONField(
                                blank=True,
                                help_text="What of the space’s documents goes along: mode, passages, whole.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conversation", "position"), name="one_question_per_position"
                            ),
                            models.UniqueConstraint(fields=("author", "key"), name="one_question_per_form"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Source",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("title", models.TextField(blank=True)),
                        ("url", models.TextField()),
                        ("date", models.CharField(blank=True, max_length=40)),
                        ("last_updated", models.CharField(blank=True, max_length=40)),
                        ("snippet", models.TextField(blank=True)),
                        ("origin", models.CharField(blank=True, max_length=40)),
                        ("cited", models.BooleanField(default=False)),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="chat.answer"
                            ),
                        ),
                        (
                            "carried",
                            models.BooleanField(
                                default=False,
                                help_text="Found for an earlier answer of the conversation, and not searched for now.",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                blank=True,
                                choices=[("", "Web"), ("page", "Page"), ("people", "People"), ("finance", "Finance")],
                                default="",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("answer", "number"), name="one_source_per_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Lane",
                    fields=[
                        (
                            "name",
                            models.CharField(
                                help_text="provider:model", max_length=150, primary_key=True, serialize=False
                            ),
                        ),
                        ("level", models.FloatField()),
                        ("counted_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("closed_until", models.DateTimeField(blank=True, null=True)),
                        ("said_limit", models.PositiveIntegerField(blank=True, null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Withdrawal",
                    fields=[
                        ("service", models.CharField(max_length=300, primary_key=True, serialize=False)),
                        (
                            "status",
                            models.PositiveIntegerField(
                                default=0, help_text="The HTTP status with which it said that it has ended."
                            ),
                        ),
                        ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "ended",
                            models.BooleanField(
                                default=True, help_text="Off where it is known to have ended and yet answers."
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveIntegerField(default=0)),
                        ("kind", models.CharField(choices=[("image", "Image"), ("file", "File")], max_length=10)),
                        ("name", models.CharField(max_length=200)),
                        ("media_type", models.CharField(max_length=100)),
                        ("sha256", models.CharField(max_length=64)),
                        ("original_sha256", models.CharField(max_length=64)),
                        ("size", models.PositiveBigIntegerField()),
                        ("width", models.PositiveIntegerField(default=0)),
                        ("height", models.PositiveIntegerField(default=0)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attachments",
                                to="chat.question",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team"
                            ),
                        ),
                        (
                            "gateway_url",
                            models.TextField(blank=True, help_text="The address of the copy that the gateway keeps."),
                        ),
                        ("gateway_url_at", models.DateTimeField(blank=True, null=True)),
                        ("characters", models.PositiveIntegerField(blank=True, null=True)),
                        ("pages", models.PositiveIntegerField(default=0)),
                        ("text_problem", models.CharField(blank=True, max_length=20)),
                    ],
                    options={
                        "ordering": ["position", "created_at", "id"],
                        "indexes": [
                            models.Index(fields=["question", "position"], name="attachments_by_question"),
                            models.Index(
                                condition=models.Q(("question__isnull", True)),
                                fields=["created_at"],
                                name="attachments_never_asked",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Preset",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                        ("model", models.CharField(blank=True, max_length=120)),
                        (
                            "options",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Only the options that somebody set, under the names of Perplexity's Sonar API.",
                            ),
                        ),
                        ("shared", models.BooleanField(default=False, verbose_name="shared with the team")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="presets",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="presets", to="accounts.team"
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["name", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), ("shared", True), _negated=True),
                                name="defaults_are_personal",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("deleted_at", None)),
                                fields=("team", "owner", "name"),
                                name="one_preset_per_name",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadMark",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="read_marks",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="read_marks",
                                to="chat.conversation",
                            ),
                        ),
                        ("seen_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["seen_at"], name="read_marks_by_time")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "conversation"), name="one_read_mark_per_conversation"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FavouriteModel",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("model", models.CharField(max_length=120)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="favourite_models",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "id"],
                        "constraints": [models.UniqueConstraint(fields=("person", "model"), name="one_mark_per_model")],
                    },
                ),
                migrations.CreateModel(
                    name="KeyChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("follows", models.PositiveBigIntegerField(editable=False, unique=True)),
                        ("kind", models.CharField(choices=[("saved", "Saved"), ("removed", "Removed")], max_length=10)),
                        ("ciphertext", models.TextField(blank=True, default="", editable=False)),
                        ("was_tested", models.BooleanField(default=False)),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "changed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="SpaceInstructions",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "number",
                            models.PositiveIntegerField(help_text="Counts from 1 for each owner of instructions."),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="instructions")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "space",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="instructions",
                                to="chat.space",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "space instructions",
                        "verbose_name_plural": "space instructions",
                        "ordering": ["-number"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("space", "number"), name="one_version_of_a_space_per_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SpaceMember",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[("reader", "Reader"), ("contributor", "Contributor")],
                                default="contributor",
                                max_length=12,
                                verbose_name="role",
                            ),
                        ),
                        ("joined_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="places_in_spaces",
                                to="accounts.membership",
                            ),
                        ),
                        (
                            "space",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="members", to="chat.space"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["joined_at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("space", "membership"), name="one_place_per_person_and_space"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Space",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("description", models.CharField(blank=True, max_length=300, verbose_name="description")),
                        (
                            "colour",
                            models.CharField(
                                choices=[
                                    ("grey", "Gray"),
                                    ("red", "Red"),
                                    ("orange", "Orange"),
                                    ("yellow", "Yellow"),
                                    ("green", "Green"),
                                    ("teal", "Teal"),
                                    ("blue", "Blue"),
                                    ("purple", "Purple"),
                                    ("pink", "Pink"),
                                ],
                                default="grey",
                                max_length=10,
                                verbose_name="color",
                            ),
                        ),
                        (
                            "everyone",
                            models.BooleanField(
                                default=True,
                                help_text="Otherwise only those who were chosen, and its owner.",
                                verbose_name="everyone on the team",
                            ),
                        ),
                        (
                            "model",
                            models.CharField(
                                blank=True,
                                help_text="The id of the offer that answers here; empty: as everywhere else.",
                                max_length=160,
                            ),
                        ),
                        ("options", models.JSONField(blank=True, default=dict, help_text="As those of a preset.")),
                        (
                            "visible_to",
                            models.CharField(
                                choices=[("space", "Everyone in the space"), ("private", "Only me")],
                                default="space",
                                max_length=10,
                                verbose_name="new questions are visible to",
                            ),
                        ),
                        (
                            "monthly_limit",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="In US dollars.",
                                max_digits=12,
                                null=True,
                                verbose_name="monthly limit",
                            ),
                        ),
                        ("archived", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("deleted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="spaces",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="spaces", to="accounts.team"
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
                            "inherited_from",
                            models.ForeignKey(
                                blank=True,
                                help_text="Whose it was until they left the team, as long as its owner has not taken note of that.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "check_citations",
                            models.BooleanField(
                                default=False,
                                help_text="Of every answer to what is asked in it.",
                                verbose_name="check citations",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Document",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("deleted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "space",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="chat.space"
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "current",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="chat.documentversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "id"],
                        "indexes": [
                            models.Index(fields=["space", "-created_at", "-id"], name="documents_by_space"),
                            models.Index(
                                condition=models.Q(("deleted_at__isnull", False)),
                                fields=["deleted_at"],
                                name="documents_removed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DocumentVersion",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("media_type", models.CharField(max_length=100)),
                        ("size", models.PositiveBigIntegerField()),
                        ("unit", models.CharField(blank=True, max_length=10)),
                        ("pages", models.PositiveIntegerField(default=0)),
                        ("characters", models.PositiveIntegerField(default=0)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("reading", "Reading"),
                                    ("ready", "Ready"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("problem", models.CharField(blank=True, max_length=20)),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(
                                default=0, help_text="How often somebody began to read it."
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("read_at", models.DateTimeField(blank=True, null=True)),
                        ("in_index", models.BooleanField(default=False)),
                        ("lease_holder", models.UUIDField(blank=True, null=True)),
                        ("lease_expires_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="chat.document"
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-number"],
                        "indexes": [
                            models.Index(fields=["sha256"], name="versions_by_content"),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "reading"])),
                                fields=["created_at"],
                                name="versions_to_be_read",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("document", "number"), name="one_version_of_a_document_per_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Passage",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("page", models.PositiveIntegerField()),
                        ("label", models.CharField(blank=True, max_length=200)),
                        ("text", models.TextField()),
                        ("found_in", models.UUIDField(blank=True, null=True)),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="passages",
                                to="chat.documentversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "number"), name="one_passage_per_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tag",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "folded",
                            models.CharField(
                                editable=False,
                                help_text="The name as it is compared: case and accents don’t count.",
                                max_length=160,
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="tags", to="accounts.team"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["folded"],
                        "constraints": [models.UniqueConstraint(fields=("team", "folded"), name="one_tag_per_name")],
                    },
                ),
                migrations.CreateModel(
                    name="Tagging",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                            "conversation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taggings",
                                to="chat.conversation",
                            ),
                        ),
                        (
                            "tag",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="taggings", to="chat.tag"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["tag__folded"],
                        "constraints": [
                            models.UniqueConstraint(fields=("conversation", "tag"), name="one_tagging_per_conversation")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedSearch",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("query", models.TextField(help_text="As it is typed, filters included.")),
                        ("newest_first", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("deleted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_searches",
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
                        "ordering": ["name", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("deleted_at", None)),
                                fields=("team", "owner", "name"),
                                name="one_saved_search_per_name",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnswerPassage",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveSmallIntegerField()),
                        ("name", models.CharField(blank=True, max_length=200)),
                        ("unit", models.CharField(blank=True, max_length=10)),
                        ("page", models.PositiveIntegerField(default=0)),
                        ("label", models.CharField(blank=True, max_length=200)),
                        ("text", models.TextField(blank=True)),
                        (
                            "tokens",
                            models.PositiveIntegerField(default=0, help_text="About how many it took in the prompt."),
                        ),
                        ("cited", models.BooleanField(default=False)),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="passages", to="chat.answer"
                            ),
                        ),
                        (
                            "passage",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="chat.passage",
                            ),
                        ),
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
                            "version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="sent_with",
                                to="chat.documentversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("answer", "number"), name="one_passage_of_an_answer_per_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DocumentsChoice",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("chosen", models.JSONField(default=dict)),
                        (
                            "space",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="chat.space"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("space", "user"), name="one_choice_per_person_and_space")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CitationCheck",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("reading", "Reading"),
                                    ("finished", "Finished"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("rules", models.PositiveSmallIntegerField(default=0)),
                        ("text_sha256", models.CharField(blank=True, max_length=64)),
                        ("found", models.PositiveIntegerField(default=0)),
                        ("partly", models.PositiveIntegerField(default=0)),
                        ("missing", models.PositiveIntegerField(default=0)),
                        ("unread", models.PositiveIntegerField(default=0)),
                        (
                            "shown",
                            models.PositiveIntegerField(
                                default=0, help_text="Marks of sentences without anything that gets a state."
                            ),
                        ),
                        ("figures", models.PositiveIntegerField(default=0)),
                        ("figures_missing", models.PositiveIntegerField(default=0)),
                        ("pages_unread", models.PositiveIntegerField(default=0)),
                        (
                            "facts",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="The facts of the whole text, and where each stands.",
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, help_text="How often somebody began with it."),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("lease_holder", models.UUIDField(blank=True, null=True)),
                        ("lease_expires_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="chat.answer"
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                blank=True,
                                help_text="Nobody where a setting asked for it.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("pages", models.PositiveIntegerField(default=0, help_text="How many pages are to be read.")),
                        ("pages_done", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "reading"])),
                                fields=["created_at"],
                                name="checks_to_be_made",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "reading"])),
                                fields=("answer",),
                                name="one_live_check_per_answer",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CheckedMark",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "position",
                            models.PositiveIntegerField(help_text="Counts the marks in the order of the text, from 1."),
                        ),
                        ("sentence", models.TextField()),
                        ("start", models.PositiveIntegerField()),
                        ("end", models.PositiveIntegerField()),
                        ("number", models.PositiveIntegerField()),
                        ("of_document", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("found", "Found"),
                                    ("partly", "Partly"),
                                    ("missing", "Not found"),
                                    ("unread", "Could not be read"),
                                    ("", "Passage shown"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("passage", models.TextField(blank=True)),
                        ("page", models.PositiveIntegerField(default=0, help_text="Of a PDF; 0 where there are none.")),
                        (
                            "from_search",
                            models.BooleanField(
                                default=False, help_text="The passage is of what the search had returned."
                            ),
                        ),
                        (
                            "highlights",
                            models.JSONField(
                                blank=True, default=list, help_text="Pairs of start and end in the passage."
                            ),
                        ),
                        ("facts", models.JSONField(blank=True, default=list)),
                        ("opinion", models.JSONField(blank=True, default=dict)),
                        (
                            "check_of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="marks",
                                to="chat.citationcheck",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("check_of", "position"), name="one_mark_per_position")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PageCopy",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("address", models.TextField()),
                        ("address_key", models.CharField(max_length=64)),
                        ("final_address", models.TextField(blank=True, help_text="Where the last redirect led.")),
                        ("site", models.CharField(max_length=253)),
                        ("title", models.TextField(blank=True)),
                        ("language", models.CharField(blank=True, max_length=35)),
                        (
                            "published",
                            models.CharField(
                                blank=True, help_text="The date that the page gives itself.", max_length=40
                            ),
                        ),
                        ("newer", models.JSONField(blank=True, default=dict)),
                        ("status", models.PositiveSmallIntegerField(blank=True, help_text="Of HTTP.", null=True)),
                        ("media_type", models.CharField(blank=True, max_length=100)),
                        ("problem", models.CharField(blank=True, max_length=20)),
                        ("file_sha256", models.CharField(blank=True, max_length=64)),
                        ("text_sha256", models.CharField(blank=True, max_length=64)),
                        ("size", models.PositiveBigIntegerField(default=0, help_text="Bytes of the text.")),
                        ("characters", models.PositiveIntegerField(default=0)),
                        ("unit", models.CharField(blank=True, max_length=10)),
                        ("pages", models.PositiveIntegerField(default=0)),
                        (
                            "read_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, help_text="When it was read like this first."
                            ),
                        ),
                        (
                            "seen_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, help_text="When it was read like this last."
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="page_copies",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-seen_at", "-id"],
                        "indexes": [
                            models.Index(fields=["team", "address_key", "-seen_at"], name="copies_by_page"),
                            models.Index(fields=["team", "seen_at"], name="copies_by_age"),
                            models.Index(fields=["text_sha256"], name="copies_by_text"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "address_key", "text_sha256"), name="one_copy_per_page_and_text"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CheckedSource",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        (
                            "text_sha256",
                            models.CharField(
                                blank=True, help_text="That of the copy, which outlives it.", max_length=64
                            ),
                        ),
                        ("from_search", models.BooleanField(default=False)),
                        ("problem", models.CharField(blank=True, max_length=20)),
                        (
                            "check_of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sources",
                                to="chat.citationcheck",
                            ),
                        ),
                        (
                            "copy",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="checked",
                                to="chat.pagecopy",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("check_of", "number"), name="one_reading_per_check_and_source"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CheckingChoice",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("always", models.BooleanField(default=False)),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "user"), name="one_choice_of_checking_per_person")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PageName",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("asked_key", models.CharField(max_length=64)),
                        ("address_key", models.CharField(max_length=64)),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["team", "address_key"], name="names_by_page")],
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "asked_key"), name="one_page_per_asked_address")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionRequest",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("provider", models.CharField(max_length=20)),
                        ("model", models.CharField(max_length=100)),
                        ("marks", models.JSONField(default=list)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("asking", "Asking"),
                                    ("finished", "Finished"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        (
                            "problem",
                            models.JSONField(
                                blank=True, default=dict, help_text="Why it ended early, as stored words."
                            ),
                        ),
                        ("cost", models.DecimalField(decimal_places=6, default=0, max_digits=12)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("lease_holder", models.UUIDField(blank=True, null=True)),
                        ("lease_expires_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "check_of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="opinion_requests",
                                to="chat.citationcheck",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "asking"])),
                                fields=["created_at"],
                                name="opinions_to_be_asked",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "asking"])),
                                fields=("check_of",),
                                name="one_live_opinion_per_check",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerNews",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "answer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="chat.answer",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="chat.conversation",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                blank=True,
                                help_text="That of the conversation.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "ledger news",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerProgress",
                    fields=[
                        ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ("answers_through", models.UUIDField(blank=True, null=True)),
                        ("is_whole", models.BooleanField(default=False)),
                        ("pages_through", models.DateTimeField(blank=True, null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="LedgerSource",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("audience", models.UUIDField()),
                        ("address_key", models.CharField(max_length=64)),
                        ("site", models.CharField(blank=True, max_length=253)),
                        ("address", models.TextField()),
                        ("title", models.TextField(blank=True)),
                        ("folded", models.TextField(blank=True)),
                        ("answers", models.PositiveIntegerField(default=0)),
                        ("cited", models.PositiveIntegerField(default=0, help_text="In how many of them.")),
                        ("found", models.PositiveIntegerField(default=0)),
                        ("partly", models.PositiveIntegerField(default=0)),
                        ("missing", models.PositiveIntegerField(default=0)),
                        ("first_at", models.DateTimeField()),
                        ("last_at", models.DateTimeField()),
                        ("gone", models.BooleanField(default=False)),
                        ("moved", models.BooleanField(default=False)),
                        ("changed", models.BooleanField(default=False)),
                        (
                            "newer",
                            models.CharField(
                                blank=True,
                                choices=[("", "Nothing newer"), ("newer", "Newer version"), ("withdrawn", "Retracted")],
                                default="",
                                max_length=10,
                            ),
                        ),
                        (
                            "mark",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("trusted", "Trusted"),
                                    ("doubtful", "Doubtful"),
                                    ("blocked", "Blocked"),
                                    ("", "No mark"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-last_at", "-id"],
                        "indexes": [
                            models.Index(fields=["audience", "folded"], name="ledger_words"),
                            models.Index(fields=["team", "site"], name="ledger_sites"),
                            models.Index(fields=["audience", "-last_at", "-id"], name="ledger_by_recency"),
                            models.Index(fields=["audience", "-answers", "-id"], name="ledger_by_answers"),
                            models.Index(fields=["audience", "-cited", "-id"], name="ledger_by_citations"),
                            models.Index(fields=["audience", "site", "-id"], name="ledger_by_site"),
                            models.Index(
                                condition=models.Q(("missing__gt", 0)),
                                fields=["audience", "-last_at"],
                                name="ledger_missing",
                            ),
                            models.Index(
                                condition=models.Q(("gone", True)), fields=["audience", "-last_at"], name="ledger_gone"
                            ),
                            models.Index(
                                condition=models.Q(("moved", True)),
                                fields=["audience", "-last_at"],
                                name="ledger_moved",
                            ),
                            models.Index(
                                condition=models.Q(("changed", True)),
                                fields=["audience", "-last_at"],
                                name="ledger_changed",
                            ),
                            models.Index(
                                condition=models.Q(("newer", ""), _negated=True),
                                fields=["team", "address_key"],
                                name="ledger_newer",
                            ),
                            models.Index(
                                condition=models.Q(("mark", ""), _negated=True),
                                fields=["audience", "mark", "-last_at"],
                                name="ledger_marked",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("address_key", "audience"), name="one_sum_per_page_and_place"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SiteMark",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("site", models.CharField(max_length=253)),
                        (
                            "mark",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("trusted", "Trusted"),
                                    ("doubtful", "Doubtful"),
                                    ("blocked", "Blocked"),
                                    ("", "No mark"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        ("marked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "holds",
                            models.BooleanField(
                                default=True, help_text="Nobody has said anything else of the site since."
                            ),
                        ),
                        (
                            "marked_by",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="site_marks",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-marked_at", "-id"],
                        "indexes": [models.Index(fields=["team", "site", "-marked_at"], name="marks_of_a_site")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("holds", True)),
                                fields=("team", "site"),
                                name="one_mark_holds_per_site",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SourceUse",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("audience", models.UUIDField(null=True)),
                        ("address_key", models.CharField(max_length=64)),
                        ("site", models.CharField(blank=True, max_length=253)),
                        ("number", models.PositiveIntegerField()),
                        ("cited", models.BooleanField(default=False)),
                        ("found", models.PositiveIntegerField(default=0)),
                        ("partly", models.PositiveIntegerField(default=0)),
                        ("missing", models.PositiveIntegerField(default=0)),
                        ("used_at", models.DateTimeField()),
                        (
                            "answer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="source_uses",
                                to="chat.answer",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="chat.conversation"
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-used_at", "-id"],
                        "indexes": [
                            models.Index(fields=["address_key", "audience"], name="uses_of_a_page"),
                            models.Index(fields=["team", "site", "-used_at"], name="uses_of_a_site"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("answer", "address_key"), name="one_use_per_answer_and_page"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Watch",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("provider", models.CharField(max_length=20)),
                        ("model", models.CharField(max_length=100)),
                        (
                            "every",
                            models.CharField(
                                choices=[
                                    ("day", "Every day"),
                                    ("weekday", "Monday to Friday"),
                                    ("week", "Every week"),
                                    ("month", "Every month"),
                                ],
                                default="week",
                                max_length=10,
                            ),
                        ),
                        ("hour", models.PositiveSmallIntegerField(default=9)),
                        ("weekday", models.PositiveSmallIntegerField(default=0)),
                        ("day", models.PositiveSmallIntegerField(default=1)),
                        (
                            "time_zone",
                            models.CharField(default="UTC", help_text="By its name in the tz database.", max_length=64),
                        ),
                        ("budget", models.DecimalField(decimal_places=6, max_digits=12)),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[("running", "Running"), ("paused", "Paused"), ("ended", "Ended")],
                                default="running",
                                max_length=10,
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", ""),
                                    ("by_hand", "Someone paused it."),
                                    ("budget", "This month’s limit is reached."),
                                    ("limit", "A monthly limit of the team, the space or its owner is reached."),
                                    ("model", "Its model is no longer available."),
                                    ("failures", "It failed three times in a row."),
                                    ("owner", "Its owner may no longer ask here."),
                                    ("archived", "The conversation is archived."),
                                    ("deleted", "The conversation was deleted."),
                                    ("until", "Its last day has passed."),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("next_at", models.DateTimeField(blank=True, null=True)),
                        ("failures", models.PositiveSmallIntegerField(default=0, help_text="In a row.")),
                        (
                            "changes",
                            models.PositiveIntegerField(default=0, help_text="How often the answer has changed."),
                        ),
                        ("changed_at", models.DateTimeField(blank=True, help_text="When it last did.", null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("deleted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "compared_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="chat.answer",
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
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="watches", to="chat.question"
                            ),
                        ),
                        (
                            "stopped_at",
                            models.DateTimeField(blank=True, help_text="When it last stopped by itself.", null=True),
                        ),
                        (
                            "stop_mailed_at",
                            models.DateTimeField(
                                blank=True, help_text="When its owner was written to about that.", null=True
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("deleted_at", None), ("next_at__isnull", False)),
                                fields=["next_at"],
                                name="watches_that_are_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("deleted_at", None)),
                                fields=("question",),
                                name="one_watch_per_question",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WatchFollower",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("by_mail", models.BooleanField(default=True)),
                        ("since", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "watch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="followers", to="chat.watch"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["since", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("watch", "person"), name="one_follower_per_watch_and_person"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WatchRun",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("due_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "Being answered"),
                                    ("checking", "Being checked"),
                                    ("changed", "Changed"),
                                    ("unchanged", "Unchanged"),
                                    ("failed", "Failed"),
                                ],
                                default="asked",
                                max_length=10,
                            ),
                        ),
                        (
                            "problem",
                            models.TextField(
                                blank=True, help_text="Why it could not be asked, in the words of its owner’s language."
                            ),
                        ),
                        ("difference", models.JSONField(blank=True, default=dict)),
                        ("folded", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("taken_until", models.DateTimeField(default=django.utils.timezone.now)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("mailed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "answer",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="watch_run",
                                to="chat.answer",
                            ),
                        ),
                        (
                            "compared_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="chat.answer",
                            ),
                        ),
                        (
                            "watch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="chat.watch"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["asked", "checking"])),
                                fields=["taken_until"],
                                name="runs_to_look_after",
                            ),
                            models.Index(
                                condition=models.Q(("state", "changed")), fields=["ended_at"], name="runs_that_changed"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("watch", "due_at"), name="one_run_per_watch_and_time")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LogDigest",
                    fields=[
                        (
                            "answer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="log_digest",
                                serialize=False,
                                to="chat.answer",
                            ),
                        ),
                        ("entries", models.JSONField(default=list)),
                        ("head", models.CharField(max_length=64)),
                        ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                ),
                migrations.CreateModel(
                    name="Verification",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("start", models.PositiveIntegerField(blank=True, null=True)),
                        ("end", models.PositiveIntegerField(blank=True, null=True)),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("until", models.DateField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        ("reminded_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="verifications",
                                to="chat.answer",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                help_text="That of the answer, to be found by.",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="chat.conversation",
                            ),
                        ),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="replaces",
                                to="chat.verification",
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by_name",
                            models.CharField(
                                blank=True,
                                help_text="Who vouched, where that is nobody here: `by` brought it in then.",
                                max_length=150,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "id"],
                        "indexes": [
                            models.Index(fields=["by", "-at"], name="verifications_by_person"),
                            models.Index(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=["conversation"],
                                name="verifications_standing",
                            ),
                            models.Index(
                                condition=models.Q(("until__isnull", False), ("withdrawn_at__isnull", True)),
                                fields=["until"],
                                name="verifications_by_end",
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.RunPython(install, uninstall),
    ]
