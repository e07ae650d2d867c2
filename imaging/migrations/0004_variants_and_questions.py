"""Images that were drawn from one idea belong together, and know the question that led to them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imaging", "0003_one_image_per_place")]

    operations = [
        migrations.AddField(
            model_name="generatedimage",
            name="question_id",
            field=models.UUIDField(blank=True, help_text="The question in it that led to the image.", null=True),
        ),
        migrations.AddField(
            model_name="generatedimage",
            name="variant_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The first image of those that were drawn from one idea; empty for that one.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="variants",
                to="imaging.generatedimage",
            ),
        ),
        migrations.AddIndex(
            model_name="generatedimage",
            index=models.Index(
                condition=models.Q(("conversation_id__isnull", False)),
                fields=["conversation_id"],
                name="images_by_conversation",
            ),
        ),
    ]
