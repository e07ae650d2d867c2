"""What second opinions cost is kept beside what answers and images cost."""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_spending_by_space'),
    ]

    operations = [
        migrations.AlterField(
            model_name='spending',
            name='answer_id',
            field=models.UUIDField(help_text='The answer, the image, or the request for opinions.', unique=True),
        ),
        migrations.AlterField(
            model_name='spending',
            name='kind',
            field=models.CharField(choices=[('answer', 'Answer'), ('image', 'Image'), ('opinion', 'Second opinion')], default='answer', max_length=10),
        ),
    ]
