
import core.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_spending'),
        ('chat', '0002_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Lane',
            fields=[
                ('name', models.CharField(help_text='provider:model', max_length=150, primary_key=True, serialize=False)),
                ('level', models.FloatField()),
                ('counted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_until', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('service', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('status', models.PositiveIntegerField(default=0, help_text='The HTTP status with which it said so.')),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name='answer',
            name='admitted_at',
            field=models.DateTimeField(blank=True, help_text='When it was its turn.', null=True),
        ),
        migrations.AddField(
            model_name='answer',
            name='background',
            field=models.BooleanField(default=False, help_text='Worked on by the upstream on its own: another process can go on waiting for it.'),
        ),
        migrations.AddField(
            model_name='answer',
            name='format_problem',
            field=models.TextField(blank=True, help_text='Why the text is not what was asked for as structured output; empty where it is.'),
        ),
        migrations.AddField(
            model_name='answer',
            name='job',
            field=models.CharField(blank=True, help_text='What the upstream calls its work on this answer.', max_length=100),
        ),
        migrations.AddField(
            model_name='answer',
            name='lane',
            field=models.CharField(blank=True, help_text='The queue in which it waits for its turn.', max_length=150),
        ),
        migrations.AddField(
            model_name='answer',
            name='steps',
            field=models.JSONField(blank=True, default=list, help_text='What was searched and read, step by step.'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='kind',
            field=models.CharField(choices=[('started', 'Started'), ('text', 'Text'), ('text_replaced', 'Text Replaced'), ('reasoning', 'Reasoning'), ('reasoning_replaced', 'Reasoning Replaced'), ('step', 'Step'), ('submitted', 'Submitted'), ('sources', 'Sources'), ('media', 'Media'), ('related', 'Related'), ('usage', 'Usage'), ('status', 'Status'), ('finish', 'Finish'), ('follow_up', 'Follow Up'), ('end', 'End')], max_length=20),
        ),
        migrations.AlterField(
            model_name='question',
            name='options',
            field=models.JSONField(blank=True, default=dict, help_text="Only the options that somebody set, under the names of Perplexity's Sonar API."),
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField(default=0)),
                ('kind', models.CharField(choices=[('image', 'Image'), ('file', 'File')], max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('media_type', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64)),
                ('original_sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='chat.question')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
            ],
            options={
                'ordering': ['position', 'created_at', 'id'],
                'indexes': [models.Index(fields=['question', 'position'], name='attachments_by_question'), models.Index(condition=models.Q(('question__isnull', True)), fields=['created_at'], name='attachments_never_asked')],
            },
        ),
        migrations.CreateModel(
            name='Preset',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='name')),
                ('model', models.CharField(blank=True, max_length=120)),
                ('options', models.JSONField(blank=True, default=dict, help_text="Only the options that somebody set, under the names of Perplexity's Sonar API.")),
                ('shared', models.BooleanField(default=False, verbose_name='shared with the team')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presets', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presets', to='accounts.team')),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('team', 'owner', 'name'), name='one_preset_per_name'), models.CheckConstraint(condition=models.Q(('name', ''), ('shared', True), _negated=True), name='defaults_are_personal')],
            },
        ),
    ]
