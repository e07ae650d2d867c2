"""`manage.py backup /path/file.tar`: everything in one file, while Parley runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.backup.archive import BackupError
from config.backup.dump import create_backup


class Command(BaseCommand):
    """Writes everything into one file, while Parley runs."""

    help = (
        "Write everything into one file, while Parley runs: all rows as they are at one moment, all files, and the "
        "secret key. `manage.py restore` brings them back, on SQLite and on PostgreSQL alike."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file; its ending says whether it is compressed."""
        parser.add_argument("file", type=Path, help="where to, such as /backups/parley.tar, or .tar.gz to compress it")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Write it, and say what is in it."""
        try:
            made = create_backup(file)
        except (BackupError, OSError, DatabaseError) as fault:
            raise CommandError(f"No backup was made. {fault}") from fault
        files = sum(made.files.values())
        self.stdout.write(
            f"{file}: {sum(made.rows.values())} rows, {files} files ({made.size / 1e6:.1f} MB of them), whole."
        )
        for name in made.missing:
            self.stdout.write(f"  missing: {name}, which a row names")
        for name in made.altered:
            self.stdout.write(f"  altered: {name}, whose content is not what was stored; it will not be restored")
        holds = "everything, with the secret key" if made.secret_key else "everything but the secret key, which you set"
        self.stdout.write(
            f"It holds {holds}: whoever reads it reads every conversation"
            + (" and can sign in as anybody. " if made.secret_key else ". ")
            + "Its owner alone can read it; keep it like that."
        )
