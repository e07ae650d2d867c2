"""When a watch last stopped by itself, and when its owner was written to about that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0036_facts_of_checks")]

    operations = [
        migrations.AddField(
            model_name="watch",
            name="stopped_at",
            field=models.DateTimeField(blank=True, help_text="When it last stopped by itself.", null=True),
        ),
        migrations.AddField(
            model_name="watch",
            name="stop_mailed_at",
            field=models.DateTimeField(blank=True, help_text="When its owner was written to about that.", null=True),
        ),
    ]
