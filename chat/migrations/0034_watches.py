"""Questions that are asked again by the clock, what came of it each time, and who is told."""

import core.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0032_sources_ledger'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('provider', models.CharField(max_length=20)),
                ('model', models.CharField(max_length=100)),
                ('every', models.CharField(choices=[('day', 'Every day'), ('weekday', 'Monday to Friday'), ('week', 'Every week'), ('month', 'Every month')], default='week', max_length=10)),
                ('hour', models.PositiveSmallIntegerField(default=9)),
                ('weekday', models.PositiveSmallIntegerField(default=0)),
                ('day', models.PositiveSmallIntegerField(default=1)),
                ('time_zone', models.CharField(default='UTC', help_text='By its name in the tz database.', max_length=64)),
                ('budget', models.DecimalField(decimal_places=6, max_digits=12)),
                ('until', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('running', 'Running'), ('paused', 'Paused'), ('ended', 'Ended')], default='running', max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('', ''), ('by_hand', 'Someone paused it.'), ('budget', 'This month’s limit is reached.'), ('limit', 'A monthly limit of the team, the space or its owner is reached.'), ('model', 'Its model is no longer available.'), ('failures', 'It failed three times in a row.'), ('owner', 'Its owner may no longer ask here.'), ('archived', 'The conversation is archived.'), ('deleted', 'The conversation was deleted.'), ('until', 'Its last day has passed.')], default='', max_length=10)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0, help_text='In a row.')),
                ('changes', models.PositiveIntegerField(default=0, help_text='How often the answer has changed.')),
                ('changed_at', models.DateTimeField(blank=True, help_text='When it last did.', null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('compared_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chat.answer')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='chat.question')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='WatchFollower',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('by_mail', models.BooleanField(default=True)),
                ('since', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('watch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='chat.watch')),
            ],
            options={
                'ordering': ['since', 'id'],
            },
        ),
        migrations.CreateModel(
            name='WatchRun',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('asked', 'Being answered'), ('checking', 'Being checked'), ('changed', 'Changed'), ('unchanged', 'Unchanged'), ('failed', 'Failed')], default='asked', max_length=10)),
                ('problem', models.TextField(blank=True, help_text='Why it could not be asked, in the words of its owner’s language.')),
                ('difference', models.JSONField(blank=True, default=dict)),
                ('folded', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('taken_until', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watch_run', to='chat.answer')),
                ('compared_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chat.answer')),
                ('watch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='chat.watch')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.AddIndex(
            model_name='watch',
            index=models.Index(condition=models.Q(('deleted_at', None), ('next_at__isnull', False)), fields=['next_at'], name='watches_that_are_due'),
        ),
        migrations.AddConstraint(
            model_name='watch',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('question',), name='one_watch_per_question'),
        ),
        migrations.AddConstraint(
            model_name='watchfollower',
            constraint=models.UniqueConstraint(fields=('watch', 'person'), name='one_follower_per_watch_and_person'),
        ),
        migrations.AddIndex(
            model_name='watchrun',
            index=models.Index(condition=models.Q(('state__in', ['asked', 'checking'])), fields=['taken_until'], name='runs_to_look_after'),
        ),
        migrations.AddIndex(
            model_name='watchrun',
            index=models.Index(condition=models.Q(('state', 'changed')), fields=['ended_at'], name='runs_that_changed'),
        ),
        migrations.AddConstraint(
            model_name='watchrun',
            constraint=models.UniqueConstraint(fields=('watch', 'due_at'), name='one_run_per_watch_and_time'),
        ),
    ]
