"""What came in of whole teams besides their conversations."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_opinion_spending"), ("chat", "0038_names_of_those_who_verified"), ("sharing", "0004_imports")]

    operations = [
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
