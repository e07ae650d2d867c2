"""That a question was sent is a record of its own, made by the process that sends it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q


def keep_what_may_have_been_sent(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What an earlier version had begun may have been sent: nobody sends it once more."""
    answers = apps.get_model("chat", "Answer").objects
    begun = answers.filter(state__in=("waiting", "writing"), lease_holder__isnull=False)
    begun.exclude(Q(admitted_at=None) & ~Q(lane="")).update(sent_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("chat", "0011_said_limit")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="sent_at",
            field=models.DateTimeField(
                blank=True, help_text="When the process that has it was about to send it to the upstream.", null=True
            ),
        ),
        migrations.RunPython(keep_what_may_have_been_sent, migrations.RunPython.noop),
    ]
