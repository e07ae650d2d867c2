
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='monthly_limit',
            field=models.DecimalField(blank=True, decimal_places=6, help_text='In US dollars.', max_digits=12, null=True, verbose_name='monthly limit'),
        ),
        migrations.AddField(
            model_name='team',
            name='monthly_limit',
            field=models.DecimalField(blank=True, decimal_places=6, help_text='In US dollars.', max_digits=12, null=True, verbose_name='monthly limit'),
        ),
        migrations.CreateModel(
            name='Spending',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('month', models.DateField(help_text='The first day of the month in which it was asked (UTC).')),
                ('answer_id', models.UUIDField(unique=True)),
                ('conversation_id', models.UUIDField()),
                ('provider', models.CharField(max_length=20)),
                ('model', models.CharField(max_length=100)),
                ('reserved', models.DecimalField(decimal_places=6, max_digits=12)),
                ('cost', models.DecimalField(blank=True, decimal_places=6, max_digits=12, null=True)),
                ('basis', models.CharField(blank=True, choices=[('reported', 'Reported'), ('estimated', 'Estimated'), ('', 'Not reported')], default='', max_length=10)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spending', to='accounts.team')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spending', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-asked_at', '-id'],
                'indexes': [models.Index(fields=['team', 'month', 'user'], name='spending_by_month'), models.Index(fields=['conversation_id'], name='spending_by_conversation')],
            },
        ),
    ]
