"""Makes a backup, while people go on asking and answers go on being written."""

import tempfile
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from config import env
from config.backup.archive import MANIFEST, SECRET_KEY, ArchiveWriter, create_archive
from config.backup.file_areas import AREAS
from config.backup.manifest import MAX_NAMED, Manifest, parley_version
from config.backup.rows import dump_rows, stored_models
from config.backup.snapshot import applied_migrations, snapshot
from files.store import BESIDE


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
                migrations=applied_migrations(using=using),
            )
            for model in stored_models():
                manifest.rows[model._meta.label_lower] = _add_rows(archive, model, using=using)
            for area in sorted(AREAS, key=lambda area: area.name):
                rows: Any = area.model._default_manager.using(using).exclude(sha256="").order_by("sha256")
                for sha256 in rows.values_list("sha256", flat=True).distinct().iterator(chunk_size=1000):
                    hashes.write(f"{area.name} {sha256}\n")
        hashes.seek(0)
        for line in hashes:
            _add_file(archive, manifest, *line.split())
        if secret_key.is_file() and not env.text("SECRET_KEY"):  # else the operator keeps it
            archive.add(SECRET_KEY, secret_key.read_bytes())
            manifest.secret_key = True
        archive.add(MANIFEST, manifest.encode())
    return manifest


def _add_rows(archive: ArchiveWriter, model: Any, *, using: str) -> int:
    """Add the rows of a model; returns how many there are."""
    count = 0
    for number, (rows, data) in enumerate(dump_rows(model, using=using), 1):
        archive.add(f"tables/{model._meta.label_lower}/{number:06d}.jsonl", data)
        count += rows
    return count


def _add_file(archive: ArchiveWriter, manifest: Manifest, area: str, sha256: str) -> None:
    """Add a file and what stands beside it, such as its thumbnail, and note in the manifest how that went."""
    for suffix in ("", *BESIDE):
        name = f"{area}/{sha256[:2]}/{sha256}{suffix}"
        try:
            source = cast("BinaryIO", default_storage.open(name))
        except FileNotFoundError:
            if not suffix and len(manifest.missing) < MAX_NAMED:
                manifest.missing.append(name)
            continue
        with source:
            size = source.seek(0, 2)
            source.seek(0)
            found = archive.add_file(f"files/{name}", source, size=size)
        if not suffix and found != sha256:
            manifest.altered.append(name)
        manifest.files[area] = manifest.files.get(area, 0) + 1
        manifest.size += size
