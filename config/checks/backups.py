"""Refuses a schedule of backups that could not be kept."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def check_backups(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Whether backups can be written where they are to be made by themselves."""
    folder = Path(settings.BACKUP_DIR)
    there = next(path for path in (folder, *folder.parents) if path.exists())  # what is missing is made
    if not settings.BACKUP_EVERY or (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        return []
    return [
        Error(
            f"BACKUP_EVERY is set, but Parley can’t write to BACKUP_DIR, which is {folder}. Create that folder, "
            "and make sure that it belongs to the user that runs Parley.",
            id="parley.E060",
        )
    ]
