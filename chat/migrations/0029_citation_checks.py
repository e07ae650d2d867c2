"""Checks of citations, and the text of pages that they were checked against."""
import core.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_spending_by_space'),
        ('chat', '0028_cited_documents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='space',
            name='check_citations',
            field=models.BooleanField(default=False, help_text='Of every answer to what is asked in it.', verbose_name='check citations'),
        ),
        migrations.CreateModel(
            name='CitationCheck',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('reading', 'Reading'), ('finished', 'Finished'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('rules', models.PositiveSmallIntegerField(default=0)),
                ('text_sha256', models.CharField(blank=True, max_length=64)),
                ('found', models.PositiveIntegerField(default=0)),
                ('partly', models.PositiveIntegerField(default=0)),
                ('missing', models.PositiveIntegerField(default=0)),
                ('unread', models.PositiveIntegerField(default=0)),
                ('shown', models.PositiveIntegerField(default=0, help_text='Marks of sentences without anything that gets a state.')),
                ('figures', models.PositiveIntegerField(default=0)),
                ('figures_missing', models.PositiveIntegerField(default=0)),
                ('pages_unread', models.PositiveIntegerField(default=0)),
                ('facts', models.JSONField(blank=True, default=list, help_text='The facts of the whole text, and where each stands.')),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='How often somebody began with it.')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('lease_holder', models.UUIDField(blank=True, null=True)),
                ('lease_expires_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='chat.answer')),
                ('requested_by', models.ForeignKey(blank=True, help_text='Nobody where a setting asked for it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CheckedMark',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField(help_text='Counts the marks in the order of the text, from 1.')),
                ('sentence', models.TextField()),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('of_document', models.BooleanField(default=False)),
                ('state', models.CharField(blank=True, choices=[('found', 'Found'), ('partly', 'Partly'), ('missing', 'Not found'), ('unread', 'Could not be read'), ('', 'Passage shown')], default='', max_length=10)),
                ('passage', models.TextField(blank=True)),
                ('page', models.PositiveIntegerField(default=0, help_text='Of a PDF; 0 where there are none.')),
                ('from_search', models.BooleanField(default=False, help_text='The passage is of what the search had returned.')),
                ('highlights', models.JSONField(blank=True, default=list, help_text='Pairs of start and end in the passage.')),
                ('facts', models.JSONField(blank=True, default=list)),
                ('opinion', models.JSONField(blank=True, default=dict)),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='chat.citationcheck')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='PageCopy',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('address', models.TextField()),
                ('address_key', models.CharField(max_length=64)),
                ('final_address', models.TextField(blank=True, help_text='Where the last redirect led.')),
                ('site', models.CharField(max_length=253)),
                ('title', models.TextField(blank=True)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('published', models.CharField(blank=True, help_text='The date that the page gives itself.', max_length=40)),
                ('newer', models.JSONField(blank=True, default=dict)),
                ('status', models.PositiveSmallIntegerField(blank=True, help_text='Of HTTP.', null=True)),
                ('media_type', models.CharField(blank=True, max_length=100)),
                ('problem', models.CharField(blank=True, max_length=20)),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
                ('text_sha256', models.CharField(blank=True, max_length=64)),
                ('size', models.PositiveBigIntegerField(default=0, help_text='Bytes of the text.')),
                ('characters', models.PositiveIntegerField(default=0)),
                ('unit', models.CharField(blank=True, max_length=10)),
                ('pages', models.PositiveIntegerField(default=0)),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it was read like this first.')),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it was read like this last.')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='page_copies', to='accounts.team')),
            ],
            options={
                'ordering': ['-seen_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CheckedSource',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('text_sha256', models.CharField(blank=True, help_text='That of the copy, which outlives it.', max_length=64)),
                ('from_search', models.BooleanField(default=False)),
                ('problem', models.CharField(blank=True, max_length=20)),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='chat.citationcheck')),
                ('copy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='checked', to='chat.pagecopy')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='CheckingChoice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('always', models.BooleanField(default=False)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('team', 'user'), name='one_choice_of_checking_per_person')],
            },
        ),
        migrations.AddIndex(
            model_name='citationcheck',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'reading'])), fields=['created_at'], name='checks_to_be_made'),
        ),
        migrations.AddConstraint(
            model_name='citationcheck',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'reading'])), fields=('answer',), name='one_live_check_per_answer'),
        ),
        migrations.AddConstraint(
            model_name='checkedmark',
            constraint=models.UniqueConstraint(fields=('check_of', 'position'), name='one_mark_per_position'),
        ),
        migrations.AddIndex(
            model_name='pagecopy',
            index=models.Index(fields=['team', 'address_key', '-seen_at'], name='copies_by_page'),
        ),
        migrations.AddIndex(
            model_name='pagecopy',
            index=models.Index(fields=['team', 'seen_at'], name='copies_by_age'),
        ),
        migrations.AddIndex(
            model_name='pagecopy',
            index=models.Index(fields=['text_sha256'], name='copies_by_text'),
        ),
        migrations.AddConstraint(
            model_name='pagecopy',
            constraint=models.UniqueConstraint(fields=('team', 'address_key', 'text_sha256'), name='one_copy_per_page_and_text'),
        ),
        migrations.AddConstraint(
            model_name='checkedsource',
            constraint=models.UniqueConstraint(fields=('check_of', 'number'), name='one_reading_per_check_and_source'),
        ),
    ]
