"""Has the search index hold identifiers with their signs, such as C++, as `chat.search.words` makes them."""

from django.db import migrations

from chat.search import index


def upgrade(apps, schema_editor):
    index.upgrade(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("chat", "0013_search_in_every_script")]

    operations = [migrations.RunPython(upgrade, migrations.RunPython.noop)]
