"""Backups with the time in their name, in one folder, of which the last few are kept."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.backup.archive import DRAFT, BackupError
from config.backup.dump import create_backup
from config.backup.manifest import Manifest, verify_archive
from config.file_lock import file_lock

LOCK = ".making"
_NAME = re.compile(r"parley-\d{8}-\d{6}\.tar\.gz")  # in the order of time
_RESERVE = 256 * 1024 * 1024  # bytes that stay free: the database may lie on the same disk


def create_dated_backup(folder: Path, *, keep: int) -> tuple[Path, Manifest]:
    """Make a backup in the folder, read it again from end to end, and remove all but the last `keep` of its kind.

    Raises BackupError, OSError or DatabaseError; then no file is there that was not there before.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file_lock(folder / LOCK, wait=False) as locked:
        if not locked:
            raise BackupError(f"Another backup is being made in {folder} right now.")
        for left_over in folder.glob(DRAFT):  # of a process that was killed
            left_over.unlink(missing_ok=True)
        _refuse_full_disk(folder)
        path = folder / f"parley-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.gz"
        create_backup(path)
        try:
            manifest = verify_archive(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        for old in dated_backups(folder)[:-keep]:
            old.unlink(missing_ok=True)
        return path, manifest


def dated_backups(folder: Path) -> list[Path]:
    """The backups of this kind in the folder, the oldest first. Other files there are nobody's business here."""
    return sorted(path for path in folder.glob("parley-*.tar.gz") if _NAME.fullmatch(path.name))


def _refuse_full_disk(folder: Path) -> None:
    """Raises BackupError where the next backup would likely fill the disk: it takes somewhat more than the last one,
    or have all that there is to be packed."""
    if before := dated_backups(folder):
        needed = before[-1].stat().st_size * 6 // 5
    else:
        files = () if settings.S3_BUCKET else Path(settings.MEDIA_ROOT).rglob("*")
        needed = _database_size() + sum(path.stat().st_size for path in files if path.is_file())
    free = shutil.disk_usage(folder).free
    if free < needed + _RESERVE:
        raise BackupError(
            f"A backup takes about {needed / 1e6:.0f} MB, but only {free / 1e6:.0f} MB are free in {folder}. Free "
            "some space, keep fewer backups (BACKUP_KEEP), or store them elsewhere (BACKUP_DIR)."
        )


def _database_size() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])
