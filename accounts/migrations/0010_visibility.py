"""Who sees a new question: the team's default, and what each person chose last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_sums_of_spending")]

    operations = [
        migrations.AddField(
            model_name="team",
            name="visible_to",
            field=models.CharField(
                choices=[("team", "Team"), ("private", "Only me")],
                default="team",
                max_length=10,
                verbose_name="new questions are visible to",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="visible_to",
            field=models.CharField(
                blank=True, default="", help_text="As chosen last; empty: as the team has it.", max_length=10
            ),
        ),
    ]
