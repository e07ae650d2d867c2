from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_language'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='time_zone',
            field=models.CharField(blank=True, help_text='By its name in the tz database; empty while unknown.', max_length=64, verbose_name='time zone'),
        ),
        migrations.AddField(
            model_name='user',
            name='time_zone_is_chosen',
            field=models.BooleanField(default=False, help_text='Whether the person chose it. Otherwise it is that of the browser used last.'),
        ),
    ]
