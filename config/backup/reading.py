"""Looks whether a backup is whole before anything is done with it."""

from pathlib import Path

from config.backup.archive import MANIFEST, SUMS, Sums, Unusable, members
from config.backup.manifest import Manifest, decoded


def verified(path: Path) -> Manifest:
    """Read the whole archive once and compare every hash; returns what it says about itself.

    Raises Unusable with a sentence, or OSError.
    """
    sums, manifest, tables = Sums(), b"", set()
    files: dict[str, int] = {}
    for member in members(path):
        if member.name == SUMS:
            sums.compare(member)
            continue
        if member.name == MANIFEST:
            manifest = member.read()
        if member.table:
            tables.add(member.table)
        if member.file:
            area = member.file.partition("/")[0]
            files[area] = files.get(area, 0) + 1
        sums.note(member)
    found = decoded(manifest)
    if files != found.files or not tables <= found.rows.keys():
        raise Unusable("This backup is damaged: it does not hold what its manifest counts.")
    return found
