"""Decisions that came in with an archive keep the name of whoever decided, where that is nobody here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imaging", "0004_variants_and_questions")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="by_name",
            field=models.CharField(
                blank=True,
                help_text="Who decided, if that is nobody here.",
                max_length=150,
            ),
        ),
    ]
