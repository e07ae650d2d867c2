"""What people have seen of conversations. Nobody has seen anything yet, so that nothing old is unread."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0014_search_with_signs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="answered_at",
            field=models.DateTimeField(blank=True, editable=False, help_text="When an answer last ended.", null=True),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(fields=["ended_at"], name="answers_by_end"),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="read_marks", to="chat.conversation"
                    ),
                ),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["seen_at"], name="read_marks_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "conversation"), name="one_read_mark_per_conversation")
                ],
            },
        ),
    ]
