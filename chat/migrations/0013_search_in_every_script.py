"""Has the search index hold the words of every script, as `chat.search.words` makes them."""

from django.db import migrations

from chat.search import index


def upgrade(apps, schema_editor):
    index.upgrade(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("chat", "0012_sent_by_its_process")]

    operations = [migrations.RunPython(upgrade, migrations.RunPython.noop)]
