"""Questions that were edited have versions. What was asked before stays one straight row."""

import django.db.models.deletion
from django.db import migrations, models


def question_link(name: str) -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=name,
        to="chat.question",
    )


class Migration(migrations.Migration):
    dependencies = [("chat", "0016_favourite_models")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="branched_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When one of its questions was first edited and asked anew.",
                null=True,
            ),
        ),
        migrations.AddField(model_name="question", name="follows", field=question_link("followed_by")),
        migrations.AddField(model_name="question", name="version_of", field=question_link("later_versions")),
        migrations.AlterField(
            model_name="question",
            name="position",
            field=models.PositiveIntegerField(help_text="In the order of asking, whatever it follows."),
        ),
    ]
