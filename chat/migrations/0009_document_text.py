from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0008_sources_by_their_marks'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='characters',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='attachment',
            name='pages',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='attachment',
            name='text_problem',
            field=models.CharField(blank=True, max_length=20),
        ),
    ]
