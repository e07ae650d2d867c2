"""Adds searches that people keep, and has the search index keep facts and sources beside the texts."""

import core.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from chat.search import index


def widen(apps, schema_editor):
    index.widen(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_invitations_and_addresses'),
        ('chat', '0025_known_questions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.TextField(help_text='As it is typed, filters included.')),
                ('newest_first', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('team', 'owner', 'name'), name='one_saved_search_per_name')],
            },
        ),
        migrations.RunPython(widen, migrations.RunPython.noop),
    ]
