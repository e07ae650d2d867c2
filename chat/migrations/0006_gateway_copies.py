
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0005_spending_so_far'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='gateway_url',
            field=models.TextField(blank=True, help_text='The address of the copy that the gateway keeps.'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='gateway_url_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
