"""Verifications that came in with an archive keep the name of whoever vouched, where that is nobody here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0037_watches_that_stopped")]

    operations = [
        migrations.AddField(
            model_name="verification",
            name="by_name",
            field=models.CharField(
                blank=True,
                help_text="Who vouched, where that is nobody here: `by` brought it in then.",
                max_length=150,
            ),
        ),
    ]
