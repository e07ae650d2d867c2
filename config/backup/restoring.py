"""Restores a backup: first everything is looked at, then made beside what is there, then it takes its place."""

import fcntl
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from chat import search
from config import env
from config.backup import databases, making
from config.backup.archive import SECRET, SUMS, Member, Sums, Unusable, members
from config.backup.manifest import Manifest
from config.backup.places import ASIDE, Swap
from config.backup.reading import verified
from config.backup.tables import Loader
from files.storage.disk import AtomicFileStorage

_IN_MEMORY = 1024 * 1024  # bytes of one file


@dataclass(slots=True)
class Restored:
    """What was restored, and where the state before is. `has_secret` tells that sessions go on."""

    manifest: Manifest
    aside: list[Path]
    has_secret: bool


@dataclass(slots=True)
class Keeping:
    """Where files and the secret key go."""

    media: Storage
    secret: Path | None

    def keep_file(self, member: Member) -> None:
        """Keep one file under its name."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(settings.FILE_UPLOAD_TEMP_DIR)) as waiting:
            shutil.copyfileobj(member.source, waiting, _IN_MEMORY)
            waiting.seek(0)
            self.media.save(member.file, File(cast("Any", waiting)))


def restore(path: Path, *, replace: bool) -> Restored:
    """Bring back what is in the file. `replace` says that what is there now may go.

    Raises Unusable with a sentence, OSError or DatabaseError; then everything is as it was, but for files that are
    new on S3, which nothing refers to and the next tidying up removes.
    """
    manifest = verified(path)
    _refuse_newer(manifest)
    with _alone():
        databases.refuse_in_use()
        empty = databases.is_empty()
        if not empty and not replace:
            raise Unusable("This Parley is not empty. To put the backup in the place of all it has, add --replace.")
        default_storage.check()  # type: ignore[attr-defined]  # both of ours have it
        stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
        aside = [] if empty else _set_aside(stamp)
        swap = Swap(stamp)
        keeping = Keeping(media=_media(swap), secret=_secret(swap, manifest))
        try:
            with databases.replacement(swap):
                _fill(path, manifest, keeping)
        except BaseException:
            swap.undo()
            swap.discard()
            for needless in aside:
                needless.unlink()
            raise
        own = [Path(settings.DATA_DIR) / "secret_key", Path(connection.settings_dict["NAME"])]
        aside += swap.settle(worthless=own if empty else ())
        return Restored(manifest, aside, has_secret=keeping.secret is not None)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep Parley from starting on this data folder meanwhile (`config.serve` takes the same lock)."""
    with (Path(settings.DATA_DIR) / ".starting").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Unusable("Parley is starting, or being restored, on this data folder right now.") from None
        yield


def _refuse_newer(manifest: Manifest) -> None:
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if any(name not in known for name in manifest.migrations):
        raise Unusable(
            f"This backup was made by Parley {manifest.version}, which is newer than this one. Update Parley first."
        )


def _set_aside(stamp: str) -> list[Path]:
    """Keep the state before: on PostgreSQL in a backup of its own, on SQLite the file itself will be kept."""
    if connection.vendor == "sqlite":
        return []
    path = Path(settings.DATA_DIR) / f"parley{ASIDE}{stamp}.tar"
    making.make(path)
    return [path]


def _media(swap: Swap) -> Storage:
    """Where the files go: beside the present ones, or on S3, where names are made from content, among them."""
    if settings.S3_BUCKET:
        return default_storage
    new = swap.add(Path(settings.MEDIA_ROOT))
    new.mkdir(mode=0o700, parents=True)
    return AtomicFileStorage(location=new, **settings.STORAGES["default"]["OPTIONS"])


def _secret(swap: Swap, manifest: Manifest) -> Path | None:
    """Where the secret key goes; None where the backup has none, or the operator sets one."""
    has_one = manifest.secret_key and not env.text("SECRET_KEY")
    return swap.add(Path(settings.DATA_DIR) / "secret_key") if has_one else None


def _fill(path: Path, manifest: Manifest, keeping: Keeping) -> None:
    """Make the tables as they were then, fill them, keep the files, and bring the tables up to date."""
    executor = MigrationExecutor(connection)
    every = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    then = [step for step in every if (step[0].app_label, step[0].name) in manifest.migrations]
    loader = Loader(executor.migrate(None, plan=then).apps, using=connection.alias)
    with transaction.atomic():
        search.uninstall(connection)  # made anew below, which is faster than row by row
        loader.clear()
        sums = Sums()
        for member in members(path):
            if member.name == SUMS:
                sums.compare(member)  # once more: it may be another file by now
                continue
            if member.table:
                loader.load(member.table, member.read())
            elif member.file:
                keeping.keep_file(member)
            elif member.name == SECRET and keeping.secret:
                keeping.secret.touch(mode=0o600)
                keeping.secret.write_bytes(member.read())
            sums.note(member)
        if +loader.rows != +Counter(manifest.rows):
            raise Unusable("This backup is damaged: it does not hold the rows that its manifest counts.")
        loader.finish()
    call_command("migrate", interactive=False, verbosity=0)
    search.repair(connection)
