"""Keeps the sums of what was spent, and fills them from what is stored."""

from django.db import migrations, models

from accounts import spending_sums


def make(apps, schema_editor):
    spending_sums.install(schema_editor.connection, tables=spending_sums.FIRST)
    spending_sums.rebuild(schema_editor.connection, tables=spending_sums.FIRST)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_time_zone'),
    ]

    operations = [
        migrations.CreateModel(
            name='SpendingOfConversation',
            fields=[
                ('team_id', models.UUIDField()),
                ('month', models.DateField()),
                ('reported', models.BigIntegerField()),
                ('estimated', models.BigIntegerField()),
                ('unexplained', models.BigIntegerField()),
                ('reserved', models.BigIntegerField()),
                ('requests', models.BigIntegerField(help_text='How many answers and images.')),
                ('unknown', models.BigIntegerField(help_text='Of them, those of which nobody said what they cost.')),
                ('pk', models.CompositePrimaryKey('team_id', 'month', 'conversation_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('conversation_id', models.UUIDField()),
            ],
            options={
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='SpendingOfDay',
            fields=[
                ('team_id', models.UUIDField()),
                ('month', models.DateField()),
                ('reported', models.BigIntegerField()),
                ('estimated', models.BigIntegerField()),
                ('unexplained', models.BigIntegerField()),
                ('reserved', models.BigIntegerField()),
                ('requests', models.BigIntegerField(help_text='How many answers and images.')),
                ('unknown', models.BigIntegerField(help_text='Of them, those of which nobody said what they cost.')),
                ('pk', models.CompositePrimaryKey('team_id', 'month', 'day', 'user_id', 'kind', 'provider', 'model', blank=True, editable=False, primary_key=True, serialize=False)),
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
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
