"""Makes a backup, while people go on asking and answers go on being written."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config import env
from config.backup.archive import MANIFEST, SECRET_KEY, ArchiveWriter, BackupError, create_archive
from config.backup.file_areas import AREAS
from config.backup.manifest import MAX_NAMED, Manifest
from config.backup.rows import dump_rows, stored_models
from core.version import parley_version
from files.store import BESIDE

_SNAPSHOT = "snapshot"


def create_backup(path: Path) -> Manifest:
    """Write everything into the file, which its owner alone can read; it has its name when it is complete.

    Raises BackupError with a sentence, or OSError. The files follow the rows: a file never changes, and one that
    somebody deletes for good in between is told as missing.
    """
    secret_key = Path(settings.DATA_DIR) / "secret_key"
    with create_archive(path) as archive, tempfile.TemporaryFile("w+", dir=path.parent) as hashes:
        with snapshot() as using:
            manifest = Manifest(
                version=parley_version(),
                made_at=timezone.now().isoformat(timespec="seconds"),
                database=connection.vendor,
                migrations=_applied_migrations(using),
            )
            for model in stored_models():
                label = model._meta.label_lower
                manifest.rows[label] = 0
                for number, (count, data) in enumerate(dump_rows(model, using=using), 1):
                    archive.add(f"tables/{label}/{number:06d}.jsonl", data)
                    manifest.rows[label] += count
            for area in sorted(AREAS, key=lambda area: area.name):
                hashes.writelines(f"{area.name} {sha256}\n" for sha256 in area.hashes(using))
        hashes.seek(0)
        for line in hashes:
            _add_file(archive, manifest, *line.split())
        if secret_key.is_file() and not env.text("SECRET_KEY"):  # else the operator keeps it
            archive.add(SECRET_KEY, secret_key.read_bytes())
            manifest.secret_key = True
        archive.add(MANIFEST, manifest.encode())
    return manifest


def _add_file(archive: ArchiveWriter, manifest: Manifest, area: str, sha256: str) -> None:
    """Add a file and what stands beside it, such as its thumbnail, and note in the manifest how that went."""
    for suffix in ("", *BESIDE):
        name = f"{area}/{sha256[:2]}/{sha256}{suffix}"
        try:
            source = default_storage.open(name)
        except FileNotFoundError:
            if not suffix and len(manifest.missing) < MAX_NAMED:
                manifest.missing.append(name)
            continue
        with source:
            member = archive.add(f"files/{name}", source)
            if not member.is_what_it_says():
                manifest.altered.append(name)
        manifest.files[area] = manifest.files.get(area, 0) + 1
        manifest.size += member.size


@contextmanager
def snapshot() -> Iterator[str]:
    """The alias of a connection that sees the database as it is now, until the context ends: what is read by it belongs
    together, while everybody goes on writing.

    Nobody has to wait for it: SQLite's write-ahead log and PostgreSQL keep for it what others change.
    """
    alone = connections[_SNAPSHOT] = connection.copy(_SNAPSHOT)
    if connection.vendor == "sqlite":
        alone.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"  # or it would keep writers away
    try:
        with transaction.atomic(using=_SNAPSHOT), alone.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT count(*) FROM django_migrations")  # SQLite's moment is that of the first read
            yield _SNAPSHOT
    finally:
        alone.close()
        del connections[_SNAPSHOT]


def _applied_migrations(using: str) -> list[tuple[str, str]]:
    """The migrations that are applied: which version of the tables it is. Raises BackupError where the program is of
    another version."""
    loader = MigrationExecutor(connections[using]).loader
    applied = set(loader.applied_migrations)
    if set(loader.graph.leaf_nodes()) - applied:
        raise BackupError("The database is older than the program: run manage.py migrate.")
    if applied - set(loader.disk_migrations):
        raise BackupError("The database is newer than the program: update Parley.")
    return sorted(applied)
