"""What a backup says about itself."""

import json
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

from config.backup.archive import Unusable

FORMAT = 1
PRODUCT = "parley"
MOST_NAMED = 100  # files that are named one by one


@dataclass(slots=True)
class Manifest:
    """Counts, and what it takes to restore. `made_at` is an ISO time, `size` counts the bytes of the files.

    `missing` names files that rows refer to and that were not there, `altered` those whose content does not fit their
    name any more: some of them, where there are many.
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

    def encoded(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), indent=2).encode()


def decoded(data: bytes) -> Manifest:
    """The manifest in these bytes. Raises Unusable."""
    try:
        found = json.loads(data)
        if found.get("product") != PRODUCT:
            raise Unusable("This is no backup of Parley.")
        if found.get("format") != FORMAT:
            raise Unusable("This backup was made by a later version of Parley. Update this one first.")
        manifest = Manifest(**found)
        manifest.migrations = [(str(app), str(name)) for app, name in manifest.migrations]
        for counts in (manifest.rows, manifest.files):
            if not all(isinstance(name, str) and isinstance(count, int) for name, count in counts.items()):
                raise ValueError("its counts are no numbers")
    except (ValueError, TypeError, AttributeError) as fault:
        raise Unusable(f"This backup is damaged: its manifest cannot be read ({fault}).") from fault
    return manifest


def version() -> str:
    """The version of this Parley."""
    return str(tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["project"]["version"])
