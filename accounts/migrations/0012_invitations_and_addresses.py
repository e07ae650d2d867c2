import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def count_who_joined(apps, schema_editor):
    """Invitations that were accepted have one use."""
    apps.get_model('accounts', 'Invitation').objects.filter(accepted_at__isnull=False).update(uses=1)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_reviewers'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='email',
            field=models.EmailField(blank=True, help_text='Where the link is sent, if it is.', max_length=254),
        ),
        migrations.AddField(
            model_name='invitation',
            name='email_domain',
            field=models.CharField(blank=True, help_text='Only people who read mail at this domain may join by it.', max_length=120),
        ),
        migrations.AddField(
            model_name='invitation',
            name='mail_problem',
            field=models.CharField(blank=True, help_text='Why it was not sent last time.', max_length=200),
        ),
        migrations.AddField(
            model_name='invitation',
            name='mailed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='invitation',
            name='max_uses',
            field=models.PositiveSmallIntegerField(default=1, help_text='How many people may join by it.'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='parent',
            field=models.ForeignKey(blank=True, help_text='Whose place it takes up.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.invitation'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='uses',
            field=models.PositiveSmallIntegerField(default=0, help_text='How many have.'),
        ),
        migrations.RunPython(count_who_joined, migrations.RunPython.noop),
        migrations.AddField(
            model_name='user',
            name='verified_email',
            field=models.EmailField(blank=True, editable=False, help_text='The address whose mail the person has read. Links for a new password go to this one alone.', max_length=254),
        ),
        migrations.CreateModel(
            name='MailRequest',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('key', models.CharField(help_text='A hash of the address, the network or the person.', max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'key', 'at'], name='mail_requests_by_key')],
            },
        ),
    ]
