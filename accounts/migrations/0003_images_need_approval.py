
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_spending'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='images_need_approval',
            field=models.BooleanField(default=True, help_text='Until a reviewer has approved a generated image, only its author and reviewers see it.', verbose_name='images need approval'),
        ),
    ]
