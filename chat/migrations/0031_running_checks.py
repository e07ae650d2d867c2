"""How far a check has come, and what a model is asked to say of one."""
import core.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0030_page_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='citationcheck',
            name='pages',
            field=models.PositiveIntegerField(default=0, help_text='How many pages are to be read.'),
        ),
        migrations.AddField(
            model_name='citationcheck',
            name='pages_done',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='OpinionRequest',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('provider', models.CharField(max_length=20)),
                ('model', models.CharField(max_length=100)),
                ('marks', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('asking', 'Asking'), ('finished', 'Finished'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('problem', models.JSONField(blank=True, default=dict, help_text='Why it ended early, as stored words.')),
                ('cost', models.DecimalField(decimal_places=6, default=0, max_digits=12)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('lease_holder', models.UUIDField(blank=True, null=True)),
                ('lease_expires_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinion_requests', to='chat.citationcheck')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'asking'])), fields=['created_at'], name='opinions_to_be_asked')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'asking'])), fields=('check_of',), name='one_live_opinion_per_check')],
            },
        ),
    ]
