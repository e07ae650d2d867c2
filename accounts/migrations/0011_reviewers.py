from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_visibility'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='is_reviewer',
            field=models.BooleanField(default=False, help_text='Decides which of the team’s generated images are shown.', verbose_name='reviewer'),
        ),
    ]
