"""Passages that went along with questions, and what of a space's documents a question asks for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0026_saved_searches'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='question',
            name='documents',
            field=models.JSONField(blank=True, help_text='What of the space’s documents goes along: mode, passages, whole.', null=True),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='kind',
            field=models.CharField(choices=[('started', 'Started'), ('text', 'Text'), ('text_replaced', 'Text Replaced'), ('reasoning', 'Reasoning'), ('reasoning_replaced', 'Reasoning Replaced'), ('step', 'Step'), ('submitting', 'Submitting'), ('submitted', 'Submitted'), ('documents', 'Documents'), ('sources', 'Sources'), ('media', 'Media'), ('related', 'Related'), ('usage', 'Usage'), ('status', 'Status'), ('finish', 'Finish'), ('follow_up', 'Follow Up'), ('end', 'End')], max_length=20),
        ),
        migrations.CreateModel(
            name='AnswerPassage',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(blank=True, max_length=200)),
                ('unit', models.CharField(blank=True, max_length=10)),
                ('page', models.PositiveIntegerField(default=0)),
                ('label', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField(blank=True)),
                ('tokens', models.PositiveIntegerField(default=0, help_text='About how many it took in the prompt.')),
                ('cited', models.BooleanField(default=False)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='chat.answer')),
                ('passage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chat.passage')),
                ('space', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chat.space')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sent_with', to='chat.documentversion')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('answer', 'number'), name='one_passage_of_an_answer_per_number')],
            },
        ),
        migrations.CreateModel(
            name='DocumentsChoice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('chosen', models.JSONField(default=dict)),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.space')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('space', 'user'), name='one_choice_per_person_and_space')],
            },
        ),
    ]
