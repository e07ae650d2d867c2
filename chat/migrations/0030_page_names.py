"""Under which addresses pages were asked for that have another name."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_spending_by_space'),
        ('chat', '0029_citation_checks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PageName',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('asked_key', models.CharField(max_length=64)),
                ('address_key', models.CharField(max_length=64)),
            ],
        ),
        migrations.AddField(
            model_name='pagename',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team'),
        ),
        migrations.AddIndex(
            model_name='pagename',
            index=models.Index(fields=['team', 'address_key'], name='names_by_page'),
        ),
        migrations.AddConstraint(
            model_name='pagename',
            constraint=models.UniqueConstraint(fields=('team', 'asked_key'), name='one_page_per_asked_address'),
        ),
    ]
