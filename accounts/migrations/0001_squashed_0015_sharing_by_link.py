"""Makes the tables of people, teams and what they spend in one go, for a database that has none yet.

It stands for the migrations that it replaces. They stay: a database that has some of them goes on with the others.
What they do with rows of earlier versions (count who joined, add up what was spent) has nothing to do here.
"""

import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models
import core.ids
from accounts import spending_sums
from core.create_models import CreateModels


def make(apps, schema_editor):
    spending_sums.install(schema_editor.connection)


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_spending"),
        ("accounts", "0003_images_need_approval"),
        ("accounts", "0004_instructions"),
        ("accounts", "0005_image_spending"),
        ("accounts", "0006_team_choice_and_spending_by_model"),
        ("accounts", "0007_language"),
        ("accounts", "0008_time_zone"),
        ("accounts", "0009_sums_of_spending"),
        ("accounts", "0010_visibility"),
        ("accounts", "0011_reviewers"),
        ("accounts", "0012_invitations_and_addresses"),
        ("accounts", "0013_spending_by_space"),
        ("accounts", "0014_opinion_spending"),
        ("accounts", "0015_sharing_by_link"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                        (
                            "images_need_approval",
                            models.BooleanField(
                                default=True,
                                help_text="Until a reviewer has approved a generated image, only its author and reviewers see it.",
                                verbose_name="images need approval",
                            ),
                        ),
                        (
                            "allowed_models",
                            models.JSONField(
                                blank=True,
                                help_text="The ids of the models that the team may ask; empty for all of them.",
                                null=True,
                                verbose_name="allowed models",
                            ),
                        ),
                        (
                            "allowed_tools",
                            models.JSONField(
                                blank=True,
                                help_text="The names of the tools that the team may switch on; empty for all of them.",
                                null=True,
                                verbose_name="allowed tools",
                            ),
                        ),
                        (
                            "visible_to",
                            models.CharField(
                                choices=[("team", "Team"), ("private", "Only me")],
                                default="team",
                                max_length=10,
                                verbose_name="new questions are visible to",
                            ),
                        ),
                        (
                            "shares_by_link",
                            models.BooleanField(
                                default=False,
                                help_text="Whether people can create links that let others outside the team read conversations.",
                                verbose_name="sharing by link",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "username",
                            models.CharField(
                                error_messages={"unique": "A user with that username already exists."},
                                help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                                max_length=150,
                                unique=True,
                                validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                                verbose_name="username",
                            ),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False,
                                help_text="Designates whether the user can log into this admin site.",
                                verbose_name="staff status",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                                verbose_name="active",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                        ),
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("full_name", models.CharField(blank=True, max_length=150, verbose_name="full name")),
                        (
                            "sign_in_round",
                            models.PositiveIntegerField(
                                default=0,
                                editable=False,
                                help_text="One more than before ends every session of this person.",
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="Empty: as the browser asks for.",
                                max_length=20,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                blank=True,
                                help_text="By its name in the tz database; empty while unknown.",
                                max_length=64,
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "time_zone_is_chosen",
                            models.BooleanField(
                                default=False,
                                help_text="Whether the person chose it. Otherwise it is that of the browser used last.",
                            ),
                        ),
                        (
                            "verified_email",
                            models.EmailField(
                                blank=True,
                                editable=False,
                                help_text="The address whose mail the person has read. Links for a new password go to this one alone.",
                                max_length=254,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "user",
                        "verbose_name_plural": "users",
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("username"),
                                name="one_person_per_username",
                                violation_error_message="A user with that username already exists.",
                            )
                        ],
                    },
                    managers=[
                        ("objects", accounts.models.UserManager()),
                    ],
                ),
                migrations.CreateModel(
                    name="OneTimeLink",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[("first_sign_in", "First sign-in"), ("password", "New password")],
                                max_length=20,
                            ),
                        ),
                        ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("expires_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                help_text="Whose password.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("purpose", "first_sign_in")),
                                fields=("purpose",),
                                name="one_first_sign_in",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("purpose", "password")),
                                fields=("user",),
                                name="one_password_link_per_person",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
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
                                choices=[("owner", "Owner"), ("member", "Member"), ("viewer", "Viewer")],
                                default="member",
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        ("joined_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="accounts.team",
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
                        (
                            "visible_to",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="As chosen last: a visibility, or a space's id; empty: as the team has it.",
                                max_length=40,
                            ),
                        ),
                        (
                            "is_reviewer",
                            models.BooleanField(
                                default=False,
                                help_text="Decides which of the team’s generated images are shown.",
                                verbose_name="reviewer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["joined_at"],
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "user"), name="one_membership_per_person_and_team")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
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
                                choices=[("owner", "Owner"), ("member", "Member"), ("viewer", "Viewer")],
                                default="member",
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=120, verbose_name="for whom")),
                        ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("expires_at", models.DateTimeField()),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
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
                                related_name="invitations",
                                to="accounts.team",
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True, help_text="Where the link is sent, if it is.", max_length=254
                            ),
                        ),
                        (
                            "email_domain",
                            models.CharField(
                                blank=True,
                                help_text="Only people who read mail at this domain may join by it.",
                                max_length=120,
                            ),
                        ),
                        (
                            "mail_problem",
                            models.CharField(blank=True, help_text="Why it was not sent last time.", max_length=200),
                        ),
                        ("mailed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "max_uses",
                            models.PositiveSmallIntegerField(default=1, help_text="How many people may join by it."),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                help_text="Whose place it takes up.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.invitation",
                            ),
                        ),
                        ("uses", models.PositiveSmallIntegerField(default=0, help_text="How many have.")),
                    ],
                    options={
                        "ordering": ["-created_at"],
                    },
                ),
                migrations.CreateModel(
                    name="Spending",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "month",
                            models.DateField(help_text="The first day of the month in which it was asked (UTC)."),
                        ),
                        (
                            "answer_id",
                            models.UUIDField(
                                help_text="The answer, the image, or the request for opinions.", unique=True
                            ),
                        ),
                        (
                            "conversation_id",
                            models.UUIDField(blank=True, help_text="None for an image, which is in none.", null=True),
                        ),
                        ("provider", models.CharField(max_length=20)),
                        ("model", models.CharField(max_length=100)),
                        ("reserved", models.DecimalField(decimal_places=6, max_digits=12)),
                        ("cost", models.DecimalField(blank=True, decimal_places=6, max_digits=12, null=True)),
                        (
                            "basis",
                            models.CharField(
                                blank=True,
                                choices=[("reported", "Reported"), ("estimated", "Estimated"), ("", "Not reported")],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="spending", to="accounts.team"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="spending",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("answer", "Answer"), ("image", "Image"), ("opinion", "Second opinion")],
                                default="answer",
                                max_length=10,
                            ),
                        ),
                        (
                            "space_id",
                            models.UUIDField(
                                blank=True,
                                help_text="The space in which it was asked, wherever the conversation is now.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-asked_at", "-id"],
                        "indexes": [
                            models.Index(fields=["team", "month", "user"], name="spending_by_month"),
                            models.Index(fields=["conversation_id"], name="spending_by_conversation"),
                            models.Index(fields=["provider", "model", "-id"], name="spending_by_model"),
                            models.Index(
                                condition=models.Q(("space_id__isnull", False)),
                                fields=["space_id", "month"],
                                name="spending_by_space",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PersonalInstructions",
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
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="instructions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "personal instructions",
                        "verbose_name_plural": "personal instructions",
                        "ordering": ["-number"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "number"), name="one_version_of_a_person_per_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamInstructions",
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
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="instructions",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "team instructions",
                        "verbose_name_plural": "team instructions",
                        "ordering": ["-number"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "number"), name="one_version_of_a_team_per_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SpendingOfConversation",
                    fields=[
                        ("team_id", models.UUIDField()),
                        ("month", models.DateField()),
                        ("reported", models.BigIntegerField()),
                        ("estimated", models.BigIntegerField()),
                        ("unexplained", models.BigIntegerField()),
                        ("reserved", models.BigIntegerField()),
                        ("requests", models.BigIntegerField(help_text="How many answers and images.")),
                        (
                            "unknown",
                            models.BigIntegerField(help_text="Of them, those of which nobody said what they cost."),
                        ),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "team_id",
                                "month",
                                "conversation_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("conversation_id", models.UUIDField()),
                    ],
                    options={
                        "abstract": False,
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="SpendingOfDay",
                    fields=[
                        ("team_id", models.UUIDField()),
                        ("month", models.DateField()),
                        ("reported", models.BigIntegerField()),
                        ("estimated", models.BigIntegerField()),
                        ("unexplained", models.BigIntegerField()),
                        ("reserved", models.BigIntegerField()),
                        ("requests", models.BigIntegerField(help_text="How many answers and images.")),
                        (
                            "unknown",
                            models.BigIntegerField(help_text="Of them, those of which nobody said what they cost."),
                        ),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "team_id",
                                "month",
                                "day",
                                "user_id",
                                "kind",
                                "provider",
                                "model",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("day", models.DateField()),
                        ("user_id", models.UUIDField()),
                        ("kind", models.CharField(choices=[("answer", "Answer"), ("image", "Image")], max_length=10)),
                        ("provider", models.CharField(max_length=20)),
                        ("model", models.CharField(max_length=100)),
                    ],
                    options={
                        "abstract": False,
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="MailRequest",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("kind", models.CharField(max_length=20)),
                        (
                            "key",
                            models.CharField(
                                help_text="A hash of the address, the network or the person.", max_length=64
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["kind", "key", "at"], name="mail_requests_by_key")],
                    },
                ),
                migrations.CreateModel(
                    name="SpendingOfSpace",
                    fields=[
                        ("team_id", models.UUIDField()),
                        ("month", models.DateField()),
                        ("reported", models.BigIntegerField()),
                        ("estimated", models.BigIntegerField()),
                        ("unexplained", models.BigIntegerField()),
                        ("reserved", models.BigIntegerField()),
                        ("requests", models.BigIntegerField(help_text="How many answers and images.")),
                        (
                            "unknown",
                            models.BigIntegerField(help_text="Of them, those of which nobody said what they cost."),
                        ),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "team_id",
                                "month",
                                "space_id",
                                "day",
                                "user_id",
                                "kind",
                                "provider",
                                "model",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("space_id", models.UUIDField()),
                        ("day", models.DateField()),
                        ("user_id", models.UUIDField()),
                        ("kind", models.CharField(choices=[("answer", "Answer"), ("image", "Image")], max_length=10)),
                        ("provider", models.CharField(max_length=20)),
                        ("model", models.CharField(max_length=100)),
                    ],
                    options={
                        "abstract": False,
                        "managed": False,
                    },
                ),
            ]
        ),
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
