"""Restores a backup: first everything is looked at, then made beside what is there, then it takes its place."""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from chat import search
from chat.documents import index as documents_index
from config import env
from config.backup.archive import SECRET_KEY, BackupError, Member, read_members
from config.backup.dump import create_backup
from config.backup.manifest import Manifest, verify_archive
from config.backup.rows import RowLoader
from config.backup.swap import OLD, Swap
from config.backup.target_database import (
    is_database_empty,
    refuse_database_in_use,
    replace_database,
    uninstall_indexes,
)
from config.file_lock import START_LOCK, file_lock
from files.storage.disk import AtomicFileStorage

_IN_MEMORY = 1024 * 1024  # bytes of one file


@dataclass(slots=True)
class Restored:
    """What was restored, and where the state before is. `has_secret` tells that sessions go on."""

    manifest: Manifest
    aside: list[Path]
    has_secret: bool


def restore_backup(path: Path, *, replace: bool) -> Restored:
    """Bring back what is in the file. `replace` says that what is there now may go.

    Raises BackupError with a sentence, OSError or DatabaseError; then everything is as it was, but for files that are
    new on S3, which nothing refers to and the next tidying up removes.
    """
    manifest = verify_archive(path)
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if any(name not in known for name in manifest.migrations):
        raise BackupError(
            f"This backup was made by Parley {manifest.version}, which is newer than this one. Update Parley first."
        )
    with file_lock(Path(settings.DATA_DIR) / START_LOCK, wait=False) as locked:
        if not locked:
            raise BackupError("Parley is already starting or restoring in this data folder.")
        refuse_database_in_use()
        empty = is_database_empty()
        if not empty and not replace:
            raise BackupError("This Parley is not empty. To replace everything in it with the backup, add --replace.")
        default_storage.check()  # type: ignore[attr-defined]  # both of ours have it
        return _replace_everything(path, manifest, keep=not empty)


def _replace_everything(path: Path, manifest: Manifest, *, keep: bool) -> Restored:
    data, stamp = Path(settings.DATA_DIR), f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    swap, media, secret_key = Swap(stamp, keep=keep), default_storage, None
    before = data / f"parley{OLD}{stamp}.tar"
    if keep and connection.vendor == "postgresql":  # of SQLite, the file itself is kept
        create_backup(before)
    try:
        if not settings.S3_BUCKET:  # there names are made from content, so that new files can go among the present ones
            media = AtomicFileStorage(location=swap.add(Path(settings.MEDIA_ROOT)))
            Path(media.location).mkdir(mode=0o700, parents=True)
        if manifest.secret_key and not env.text("SECRET_KEY"):
            secret_key = swap.add(data / "secret_key")
            secret_key.touch(mode=0o600)
        with replace_database(swap):
            _load_archive(path, manifest, media, secret_key)
    except BaseException:
        swap.undo()
        before.unlink(missing_ok=True)
        raise
    aside = [before] if before.exists() else []
    return Restored(manifest, aside + swap.kept_paths(), has_secret=secret_key is not None)


def _load_archive(path: Path, manifest: Manifest, media: Storage, secret_key: Path | None) -> None:
    """Make the tables as they were then, fill them, keep the files, and bring the tables up to date."""
    executor = MigrationExecutor(connection)
    models = executor.migrate(None, plan=_plan_up_to(set(manifest.migrations), executor)).apps
    with transaction.atomic():
        uninstall_indexes()  # made anew below, which is faster than row by row
        loader = RowLoader(models)
        for member in read_members(path):
            if member.model:
                loader.load(member.model, member.read())
            elif member.file:
                _save_file(media, member)
            elif member.name == SECRET_KEY and secret_key:
                secret_key.write_bytes(member.read())
        if +loader.rows != +Counter(manifest.rows):
            raise BackupError("This backup is damaged: it doesn’t contain the rows that its manifest counts.")
        loader.finish()
    call_command("migrate", interactive=False, verbosity=0)
    search.repair(connection)
    documents_index.repair(connection)


def _plan_up_to(applied: set[tuple[str, str]], executor: MigrationExecutor) -> list[tuple[Migration, bool]]:
    """The migrations that make the tables as they were where these were applied.

    A migration that replaces others makes the same tables as they do, in one go. It takes their place if all of them
    were applied, whether or not it was there itself. In the middle of them, there is no way but one by one.
    """
    one_by_one = any(
        applied.intersection(squashed.replaces) and not applied.issuperset(squashed.replaces)
        for squashed in executor.loader.replacements.values()
    )
    if one_by_one:
        executor.loader = MigrationLoader(connection, replace_migrations=False)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    return [
        (step, backwards)
        for step, backwards in plan
        if applied.issuperset(step.replaces or [(step.app_label, step.name)]) and not (one_by_one and step.replaces)
    ]


def _save_file(media: Storage, member: Member) -> None:
    """Keep the file, unless it was altered before the backup was made. What stands beside a file, such as a thumbnail,
    takes the place of nothing: names in a bucket are those of the Parley that is there now, too."""
    if not member.content_hash and media.exists(member.file):
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(settings.FILE_UPLOAD_TEMP_DIR)) as content:
        shutil.copyfileobj(cast("Any", member), content, _IN_MEMORY)
        if member.is_what_it_says():
            content.seek(0)
            media.save(member.file, File(cast("Any", content)))
