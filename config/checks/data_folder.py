"""Says when other accounts of the machine can get at what Parley stores, and Parley itself cannot change that."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.db import connection

from config import data_folder


@register
def check_data_folder(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What others have rights on, after the settings have closed what they could."""
    return list(_open())


def _open() -> Iterator[CheckMessage]:
    folder = Path(settings.DATA_DIR)
    found = data_folder.open_paths(folder)
    if connection.vendor == "sqlite":
        found = chain(found, data_folder.open_database_files(Path(connection.settings_dict["NAME"])))
    if (path := next(found, None)) is None:
        return
    yield Warning(
        f"Other accounts on this machine have access to {path}, and Parley can’t take it away: the path belongs to "
        f"{_owner(path)}, or its file system has no permissions. Set DATA_DIR to a folder that belongs only to the "
        "user that runs Parley.",
        id="parley.W010",
    )


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, OSError):
        return "another user"
