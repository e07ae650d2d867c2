"""Makes a backup, while people go on asking and answers go on being written."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from config import env
from config.backup import tables
from config.backup.archive import MANIFEST, SECRET, Writer
from config.backup.file_areas import AREAS, Area
from config.backup.manifest import MOST_NAMED, Manifest, version
from config.backup.snapshot import migrations, snapshot
from files.store import THUMBNAIL

_AREAS = sorted(AREAS, key=lambda area: area.name)


def make(path: Path) -> Manifest:
    """Write everything into the file, which its owner alone can read; it has its name when it is complete.

    Raises Unusable with a sentence, or OSError. The files follow the rows: a file never changes, and one that somebody
    deletes for good in between is told as missing.
    """
    with Writer(path) as archive, tempfile.TemporaryFile("w+", dir=path.parent) as names:
        with snapshot() as using:
            manifest = Manifest(
                version=version(),
                made_at=timezone.now().isoformat(timespec="seconds"),
                database=connection.vendor,
                migrations=migrations(using=using),
            )
            _add_rows(archive, manifest, using=using)
            for area in _AREAS:
                for sha256 in _named_in(area, using=using):
                    names.write(f"{area.name} {sha256}\n")
        names.seek(0)
        for line in names:
            _add_file(archive, manifest, *line.split())
        secret = kept_secret()
        if secret:
            archive.add(SECRET, secret.read_bytes())
            manifest.secret_key = True
        archive.add(MANIFEST, manifest.encoded())
    return manifest


def kept_secret() -> Path | None:
    """The file of the secret key that Parley made for itself; None where the operator sets one."""
    path = Path(settings.DATA_DIR) / "secret_key"
    return path if path.is_file() and not env.text("SECRET_KEY") else None


def _add_rows(archive: Writer, manifest: Manifest, *, using: str) -> None:
    for model in tables.stored_models():
        label, count = model._meta.label_lower, 0
        for number, (rows, data) in enumerate(tables.dump(model, using=using), 1):
            archive.add(f"tables/{label}/{number:06d}.jsonl", data)
            count += rows
        manifest.rows[label] = count


def _named_in(area: Area, *, using: str) -> Iterator[str]:
    """The hashes that rows name, each once, in rising order."""
    rows: Any = area.model._default_manager.using(using).exclude(sha256="").order_by("sha256")
    return cast("Iterator[str]", rows.values_list("sha256", flat=True).distinct().iterator(chunk_size=1000))


def _add_file(archive: Writer, manifest: Manifest, area: str, sha256: str) -> None:
    for ending in ("", THUMBNAIL):
        name = f"{area}/{sha256[:2]}/{sha256}{ending}"
        try:
            source = cast("BinaryIO", default_storage.open(name))
        except FileNotFoundError:
            if not ending:
                _note(manifest.missing, name)
            continue
        with source:
            size = source.seek(0, 2)
            source.seek(0)
            found = archive.add_file(f"files/{name}", source, size=size)
        if not ending and found != sha256:
            _note(manifest.altered, name)
        manifest.files[area] = manifest.files.get(area, 0) + 1
        manifest.size += size


def _note(names: list[str], name: str) -> None:
    if len(names) < MOST_NAMED:
        names.append(name)
