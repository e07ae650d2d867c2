"""`manage.py tidy_files`: removes files that nothing refers to, and tells what refers to a file that is not there."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from config.backup.file_areas import AREAS, Area
from files import proxy

LEFT_OVER_AFTER = 86400.0  # seconds; nobody uploads one file for longer than that


class Command(BaseCommand):
    """Removes files that nothing refers to, and tells what refers to a file that is not there."""

    help = (
        "Removes files that nothing refers to and that are older than a day, and lists files that are referred to "
        "but missing. Parley tidies up by itself; this is for after a crash, a restore or manual work on the "
        "storage. Exits with 1 if files are missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--dry-run` changes nothing."""
        parser.add_argument("--dry-run", action="store_true", help="only list what would be removed")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Look through every area."""
        said = "can be removed" if dry_run else "removed"
        try:
            lost = sum(self._tidy(area, said, dry_run=dry_run) for area in AREAS)
        except OSError as fault:
            raise CommandError(f"The files cannot be checked: {fault}") from None
        pictures = proxy.shared_pictures().prune(dry_run=dry_run)
        self.stdout.write(f"Copies of images from elsewhere: {pictures} {said}.")
        left_over = list(_left_over(Path(settings.FILE_UPLOAD_TEMP_DIR)))
        if not dry_run:
            for path in left_over:
                path.unlink(missing_ok=True)
        self.stdout.write(f"Unfinished uploads: {len(left_over)} {said}.")
        if lost:
            raise CommandError(f"{lost} files are missing. A backup may still have them.")

    def _tidy(self, area: Area, said: str, *, dry_run: bool) -> int:
        """Tidy up one area; returns how many files are missing."""
        files = size = lost = 0
        for unused in area.unused():
            if not dry_run:
                default_storage.delete(unused.name)
            files, size = files + 1, size + unused.size
        self.stdout.write(f"{area.name.capitalize()}: {files} that nothing refers to {said} ({_megabytes(size)}).")
        for row in area.lost():
            self.stdout.write(
                f"  missing: {area.name}/{getattr(row, area.named_by)}, named by {row._meta.verbose_name} {row.pk}"
            )
            lost += 1
        return lost


def _left_over(folder: Path) -> Iterator[Path]:
    """What was being uploaded when a process died."""
    for path in folder.glob("*"):
        try:
            if path.is_file() and path.stat().st_mtime < time.time() - LEFT_OVER_AFTER:
                yield path
        except FileNotFoundError:
            continue


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
