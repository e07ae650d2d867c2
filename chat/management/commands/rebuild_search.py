"""`manage.py rebuild_search`: makes the search index anew from the texts."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from chat import search


class Command(BaseCommand):
    help = (
        "Rebuilds the search index from titles, questions and answers. The index keeps itself up to date; use this"
        " after repairing the database by hand. Nobody can write meanwhile: about 15 seconds for 100,000 messages."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        search.install(connection)
        count = search.rebuild(connection)
        search.install_known(connection)
        self.stdout.write(f"The search index now has {count} texts.")
