"""`manage.py backup /path/file.tar`: everything in one file, while Parley runs."""

import os
import signal
import threading
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.backup.archive import BackupError
from config.backup.dump import create_backup
from config.backup.rotation import create_dated_backup

LOWEST_PRIORITY = 19


class Command(BaseCommand):
    """Writes everything into one file, while Parley runs."""

    help = (
        "Writes everything into one file while Parley runs: all rows as they are at one moment, all files and the "
        "secret key. `manage.py restore` brings them back, on SQLite and PostgreSQL alike."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file; its ending says whether it is compressed."""
        parser.add_argument(
            "file",
            type=Path,
            nargs="?",
            help="where to write it, such as /backups/parley.tar, or .tar.gz to compress it. Without this, a file "
            "with the time in its name is made in BACKUP_DIR and verified, and all but the last BACKUP_KEEP "
            "of them are removed",
        )
        # For a server that has a backup made by its schedule: with what computing time others leave, and only as long
        # as the server lives.
        parser.add_argument("--gently", action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, file: Path | None, gently: bool, **options: Any) -> None:
        """Write it, and say what is in it."""
        if gently:
            os.nice(LOWEST_PRIORITY)
            signal.signal(signal.SIGTERM, _leave)
            threading.Thread(target=_leave_with_the_parent, daemon=True).start()
        try:
            if file is None:
                file, made = create_dated_backup(settings.BACKUP_DIR, keep=settings.BACKUP_KEEP)
            else:
                made = create_backup(file)
        except (BackupError, OSError, DatabaseError) as fault:
            raise CommandError(f"No backup was made. {fault}") from fault
        files = sum(made.files.values())
        self.stdout.write(
            f"{file}: {sum(made.rows.values())} rows, {files} files ({made.size / 1e6:.1f} MB of them), complete."
        )
        for name in made.missing:
            self.stdout.write(f"  missing: {name}, which a row refers to")
        for name in made.altered:
            self.stdout.write(f"  altered: {name}, whose content is not what was stored; it will not be restored")
        holds = "everything, with the secret key" if made.secret_key else "everything but the secret key, which you set"
        self.stdout.write(
            f"It contains {holds}: whoever has it can read every conversation"
            + (" and can sign in as anyone. " if made.secret_key else ". ")
            + "Only its owner can read it; keep it that way."
        )


def _leave(_signal: int, _frame: object) -> None:
    """End as after an error, so that no unfinished file stays."""
    raise SystemExit(1)


def _leave_with_the_parent() -> None:
    os.read(0, 1)  # says nothing, and ends when the parent does; sys.stdin would be locked when this process ends first
    os.kill(os.getpid(), signal.SIGTERM)
