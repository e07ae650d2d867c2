
import core.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_images_need_approval'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GeneratedImage',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField(blank=True, editable=False, help_text='Given by the form: the same form sent again is the same image.', null=True)),
                ('position', models.PositiveIntegerField(default=0, help_text='Its place in the response, counted from 0.')),
                ('state', models.CharField(choices=[('drawing', 'Drawing'), ('pending', 'Pending'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('failed', 'Failed')], default='drawing', max_length=10)),
                ('prompt', models.TextField(verbose_name='prompt')),
                ('model', models.CharField(max_length=100, verbose_name='model')),
                ('language', models.CharField(blank=True, max_length=20, verbose_name='language')),
                ('incognito', models.BooleanField(default=True)),
                ('conversation_id', models.UUIDField(blank=True, help_text='Where it was asked for, if in a conversation.', null=True)),
                ('response', models.JSONField(blank=True, default=dict, help_text='The complete answer of the image service.')),
                ('upstream_id', models.CharField(blank=True, max_length=100)),
                ('resolved_model', models.CharField(blank=True, max_length=100)),
                ('description', models.TextField(blank=True, help_text="The service's own words for the picture.")),
                ('generation_model', models.CharField(blank=True, max_length=100)),
                ('router', models.CharField(blank=True, help_text="What the service calls the picture's source.", max_length=100)),
                ('remote_url', models.TextField(blank=True)),
                ('sha256', models.CharField(blank=True, help_text='Of the bytes that are kept and shown.', max_length=64)),
                ('original_sha256', models.CharField(blank=True, help_text='Of the bytes that came.', max_length=64)),
                ('media_type', models.CharField(blank=True, max_length=100)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('fingerprint', models.CharField(blank=True, help_text='A perceptual hash: pictures that look alike have fingerprints that are near.', max_length=64)),
                ('error', models.JSONField(blank=True, default=dict, help_text='kind, message, retryable')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('drawn_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('lease_holder', models.UUIDField(blank=True, editable=False, null=True)),
                ('lease_expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='others', to='imaging.generatedimage')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='images', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='accounts.team')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'permissions': [('review_images', 'Can review generated images')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('verdict', models.CharField(choices=[('approved', 'Approved'), ('rejected', 'Rejected'), ('undone', 'Undone')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='imaging.generatedimage')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='generatedimage',
            index=models.Index(fields=['team', '-created_at', '-id'], name='images_by_recency'),
        ),
        migrations.AddIndex(
            model_name='generatedimage',
            index=models.Index(fields=['state', 'created_at', 'id'], name='images_by_state'),
        ),
        migrations.AddIndex(
            model_name='generatedimage',
            index=models.Index(fields=['sha256'], name='images_by_content'),
        ),
        migrations.AddIndex(
            model_name='generatedimage',
            index=models.Index(condition=models.Q(('state', 'drawing')), fields=['lease_expires_at'], name='images_being_drawn'),
        ),
        migrations.AddConstraint(
            model_name='generatedimage',
            constraint=models.UniqueConstraint(fields=('requested_by', 'key'), name='one_image_per_form'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['by', 'at'], name='decisions_by_reviewer'),
        ),
    ]
