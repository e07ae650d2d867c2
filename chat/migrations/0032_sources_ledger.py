"""The ledger of sources, and marks of sites. Answers of earlier versions come into it little by little."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_spending_by_space'),
        ('chat', '0031_running_checks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerNews',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name_plural': 'ledger news',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='LedgerProgress',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('answers_through', models.UUIDField(blank=True, null=True)),
                ('is_whole', models.BooleanField(default=False)),
                ('pages_through', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LedgerSource',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('audience', models.UUIDField()),
                ('address_key', models.CharField(max_length=64)),
                ('site', models.CharField(blank=True, max_length=253)),
                ('address', models.TextField()),
                ('title', models.TextField(blank=True)),
                ('folded', models.TextField(blank=True)),
                ('answers', models.PositiveIntegerField(default=0)),
                ('cited', models.PositiveIntegerField(default=0, help_text='In how many of them.')),
                ('found', models.PositiveIntegerField(default=0)),
                ('partly', models.PositiveIntegerField(default=0)),
                ('missing', models.PositiveIntegerField(default=0)),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('gone', models.BooleanField(default=False)),
                ('moved', models.BooleanField(default=False)),
                ('changed', models.BooleanField(default=False)),
                ('newer', models.CharField(blank=True, choices=[('', 'Nothing newer'), ('newer', 'Newer version'), ('withdrawn', 'Retracted')], default='', max_length=10)),
                ('mark', models.CharField(blank=True, choices=[('trusted', 'Trusted'), ('doubtful', 'Doubtful'), ('blocked', 'Blocked'), ('', 'No mark')], default='', max_length=10)),
            ],
            options={
                'ordering': ['-last_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SiteMark',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('site', models.CharField(max_length=253)),
                ('mark', models.CharField(blank=True, choices=[('trusted', 'Trusted'), ('doubtful', 'Doubtful'), ('blocked', 'Blocked'), ('', 'No mark')], default='', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('marked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('holds', models.BooleanField(default=True, help_text='Nobody has said anything else of the site since.')),
            ],
            options={
                'ordering': ['-marked_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SourceUse',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('audience', models.UUIDField(null=True)),
                ('address_key', models.CharField(max_length=64)),
                ('site', models.CharField(blank=True, max_length=253)),
                ('number', models.PositiveIntegerField()),
                ('cited', models.BooleanField(default=False)),
                ('found', models.PositiveIntegerField(default=0)),
                ('partly', models.PositiveIntegerField(default=0)),
                ('missing', models.PositiveIntegerField(default=0)),
                ('used_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-used_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='ledgernews',
            name='answer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.answer'),
        ),
        migrations.AddField(
            model_name='ledgernews',
            name='conversation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.conversation'),
        ),
        migrations.AddField(
            model_name='ledgernews',
            name='team',
            field=models.ForeignKey(blank=True, help_text='That of the conversation.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team'),
        ),
        migrations.AddField(
            model_name='ledgersource',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team'),
        ),
        migrations.AddField(
            model_name='sitemark',
            name='marked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sitemark',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='site_marks', to='accounts.team'),
        ),
        migrations.AddField(
            model_name='sourceuse',
            name='answer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='source_uses', to='chat.answer'),
        ),
        migrations.AddField(
            model_name='sourceuse',
            name='conversation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.conversation'),
        ),
        migrations.AddField(
            model_name='sourceuse',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(fields=['audience', 'folded'], name='ledger_words'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(fields=['team', 'site'], name='ledger_sites'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(fields=['audience', '-last_at', '-id'], name='ledger_by_recency'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(fields=['audience', '-answers', '-id'], name='ledger_by_answers'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(fields=['audience', '-cited', '-id'], name='ledger_by_citations'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(fields=['audience', 'site', '-id'], name='ledger_by_site'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(condition=models.Q(('missing__gt', 0)), fields=['audience', '-last_at'], name='ledger_missing'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(condition=models.Q(('gone', True)), fields=['audience', '-last_at'], name='ledger_gone'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(condition=models.Q(('moved', True)), fields=['audience', '-last_at'], name='ledger_moved'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(condition=models.Q(('changed', True)), fields=['audience', '-last_at'], name='ledger_changed'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(condition=models.Q(('newer', ''), _negated=True), fields=['team', 'address_key'], name='ledger_newer'),
        ),
        migrations.AddIndex(
            model_name='ledgersource',
            index=models.Index(condition=models.Q(('mark', ''), _negated=True), fields=['audience', 'mark', '-last_at'], name='ledger_marked'),
        ),
        migrations.AddConstraint(
            model_name='ledgersource',
            constraint=models.UniqueConstraint(fields=('address_key', 'audience'), name='one_sum_per_page_and_place'),
        ),
        migrations.AddIndex(
            model_name='sitemark',
            index=models.Index(fields=['team', 'site', '-marked_at'], name='marks_of_a_site'),
        ),
        migrations.AddConstraint(
            model_name='sitemark',
            constraint=models.UniqueConstraint(condition=models.Q(('holds', True)), fields=('team', 'site'), name='one_mark_holds_per_site'),
        ),
        migrations.AddIndex(
            model_name='sourceuse',
            index=models.Index(fields=['address_key', 'audience'], name='uses_of_a_page'),
        ),
        migrations.AddIndex(
            model_name='sourceuse',
            index=models.Index(fields=['team', 'site', '-used_at'], name='uses_of_a_site'),
        ),
        migrations.AddConstraint(
            model_name='sourceuse',
            constraint=models.UniqueConstraint(fields=('answer', 'address_key'), name='one_use_per_answer_and_page'),
        ),
    ]
