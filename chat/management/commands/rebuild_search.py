"""`manage.py rebuild_search`: makes the search index anew from the texts."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from chat import search


class Command(BaseCommand):
    help = (
        "Makes the search index anew from titles, questions and answers. The index keeps itself; this is for after a"
        " repair of the database by hand. Nobody can write meanwhile: about 15 seconds for 100,000 messages."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        search.install(connection)
        count = search.rebuild(connection)
        self.stdout.write(f"The search index has {count} texts.")
