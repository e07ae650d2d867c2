"""Keeps what was spent in each space, and the choice of a space for the next question."""

from django.db import migrations, models

from accounts import spending_sums


def make(apps, schema_editor):
    spending_sums.install(schema_editor.connection)
    spending_sums.rebuild(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_invitations_and_addresses'),
    ]

    operations = [
        migrations.CreateModel(
            name='SpendingOfSpace',
            fields=[
                ('team_id', models.UUIDField()),
                ('month', models.DateField()),
                ('reported', models.BigIntegerField()),
                ('estimated', models.BigIntegerField()),
                ('unexplained', models.BigIntegerField()),
                ('reserved', models.BigIntegerField()),
                ('requests', models.BigIntegerField(help_text='How many answers and images.')),
                ('unknown', models.BigIntegerField(help_text='Of them, those of which nobody said what they cost.')),
                ('pk', models.CompositePrimaryKey('team_id', 'month', 'space_id', 'day', 'user_id', 'kind', 'provider', 'model', blank=True, editable=False, primary_key=True, serialize=False)),
                ('space_id', models.UUIDField()),
                ('day', models.DateField()),
                ('user_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('answer', 'Answer'), ('image', 'Image')], max_length=10)),
                ('provider', models.CharField(max_length=20)),
                ('model', models.CharField(max_length=100)),
            ],
            options={
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.AddField(
            model_name='spending',
            name='space_id',
            field=models.UUIDField(blank=True, help_text='The space in which it was asked, wherever the conversation is now.', null=True),
        ),
        migrations.AddIndex(
            model_name='spending',
            index=models.Index(condition=models.Q(('space_id__isnull', False)), fields=['space_id', 'month'], name='spending_by_space'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='visible_to',
            field=models.CharField(blank=True, default='', help_text="As chosen last: a visibility, or a space's id; empty: as the team has it.", max_length=40),
        ),
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
