"""`manage.py restore /path/file.tar`: everything back from one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.backup.archive import BackupError
from config.backup.restoration import restore_backup


class Command(BaseCommand):
    """Brings back what `manage.py backup` wrote."""

    help = (
        "Restores what `manage.py backup` wrote into a Parley that is stopped and empty, on SQLite or PostgreSQL, "
        "with its files on disk or on S3. The whole file is checked first; if anything is wrong, nothing changes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether what is there may go."""
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` wrote")
        parser.add_argument("--replace", action="store_true", help="replace what is there, which is kept aside")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        """Restore it, and say what came back."""
        try:
            done = restore_backup(file, replace=replace)
        except (BackupError, OSError, DatabaseError) as fault:
            raise CommandError(f"Nothing was restored, and nothing has changed. {str(fault).strip()}") from fault
        made = done.manifest
        self.stdout.write(
            f"Restored what Parley {made.version} held at {made.made_at}: {made.rows.get('accounts.user', 0)} people, "
            f"{made.rows.get('chat.conversation', 0)} conversations, {sum(made.files.values())} files."
        )
        for name in made.missing:
            self.stdout.write(f"  missing since then: {name}")
        for name in made.altered:
            self.stdout.write(f"  not restored: {name}, which was altered before the backup was made")
        if not done.has_secret:
            self.stdout.write(
                "The secret key that is set here stays in use. If it differs, everyone has to sign in again."
            )
        if done.aside:
            self.stdout.write("What was there before has been kept; remove it when all is well:")
            for path in done.aside:
                self.stdout.write(f"  {path}")
