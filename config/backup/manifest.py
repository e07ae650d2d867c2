"""What a backup says about itself, and whether that is true."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.backup.archive import MANIFEST, SECRET_KEY, BackupError, read_members

FORMAT = 1
PRODUCT = "parley"
MAX_NAMED = 100  # files that are named one by one


@dataclass(slots=True)
class Manifest:
    """Counts, and what it takes to restore. `made_at` is an ISO time, `size` counts the bytes of the files.

    `missing` names files that rows refer to and that were not there: some of them, where there are many. `altered`
    names all those whose content did not fit their name any more. They are in the archive for whoever wants to look at
    them, and are not restored.
    """

    version: str
    made_at: str
    database: str
    migrations: list[tuple[str, str]]
    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    size: int = 0
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    secret_key: bool = False
    format: int = FORMAT
    product: str = PRODUCT

    def encode(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), indent=2).encode()


def decode_manifest(data: bytes) -> Manifest:
    """The manifest in these bytes. Raises BackupError."""
    try:
        found = json.loads(data)
        if found.get("product") != PRODUCT:
            raise BackupError("This is not a Parley backup.")
        if found.get("format") != FORMAT:
            raise BackupError("This backup was made by a later version of Parley. Update Parley first.")
        found["migrations"] = [(str(app), str(name)) for app, name in found["migrations"]]
        if not all(isinstance(count, int) for name in ("rows", "files") for count in found[name].values()):
            raise ValueError("its counts are not numbers")
        return Manifest(**found)
    except (ValueError, TypeError, AttributeError, KeyError) as fault:
        raise BackupError(f"This backup is damaged: its manifest cannot be read ({fault}).") from fault


def verify_archive(path: Path) -> Manifest:
    """Read the whole archive once and compare every hash and count; returns its manifest.

    A file has to be what its name says, even where the list of hashes fits: whoever can write the archive can write
    that too, and what is stored under a hash is never looked at again.

    Raises BackupError with a sentence, or OSError.
    """
    data, secret_key, models, files, altered = b"", False, set(), Counter[str](), set()
    for member in read_members(path):
        if member.name == MANIFEST:
            data = member.read()
        elif member.file:
            files[member.file.partition("/")[0]] += 1
            if not member.is_what_it_says():
                altered.add(member.file)
        models.add(member.model)
        secret_key |= member.name == SECRET_KEY
    manifest = decode_manifest(data)
    if unexplained := altered - set(manifest.altered):
        raise BackupError(f"This backup is damaged: the content of {min(unexplained)} doesn’t match its name.")
    if (files, secret_key) != (manifest.files, manifest.secret_key) or not models <= {"", *manifest.rows}:
        raise BackupError("This backup is damaged: it doesn’t contain what its manifest counts.")
    return manifest
