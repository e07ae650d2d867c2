"""Gives every question its keys, by which those like another one are found."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from chat.search import index, known


def install(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    index.install_known(schema_editor.connection)


def uninstall(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    known.uninstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("chat", "0024_tags")]

    operations = [migrations.RunPython(install, uninstall)]
