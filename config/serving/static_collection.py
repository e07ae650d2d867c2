"""The static files as they are served: collected, joined, compressed and named by what is in them.

A program that serves meanwhile keeps what it has: the pages it wrote name files of the collection before, and a process
of it that starts while a new collection is made finds the old one whole.
"""

import hashlib
import tempfile
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command
from django.utils.module_loading import import_string

_STAMP: Final = ".collected"
_COMPRESSED: Final = (".gz", ".br")  # what WhiteNoise adds to a name


def collect_static(target: Path) -> None:
    """Collect into `target`, the folder STATIC_ROOT, unless nothing has changed since the last time.

    What neither this collection nor the one before it has is removed.
    """
    stamp, state = target / _STAMP, _state()
    if stamp.is_file() and stamp.read_text() == state:
        return
    target.mkdir(parents=True, exist_ok=True)
    before = _served_names(target)
    with tempfile.TemporaryDirectory(prefix=".collecting-", dir=target.parent) as made:
        fresh = Path(made)
        command = collectstatic.Command()
        command.storage = _storage(fresh)
        call_command(command, interactive=False, verbosity=0)
        kept = before | _served_names(fresh)
        files = [file for file in fresh.rglob("*") if file.is_file()]
        # The manifest last: whoever reads it finds what it names.
        for file in sorted(files, key=lambda file: file.name == _manifest_name()):
            name = file.relative_to(fresh).as_posix()
            kept.add(name)
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            file.replace(target / name)
    for file in target.rglob("*"):
        if file.is_file() and _uncompressed(file.relative_to(target).as_posix()) not in kept:
            file.unlink()
    stamp.write_text(state)


def _state() -> str:
    """What is to be collected, by name, size and time, and how it is stored."""
    state = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            file = Path(storage.path(name)).stat()
            state.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    return state.hexdigest()


def _served_names(folder: Path) -> set[str]:
    """The names of the folder's collection, hashed and not; none where files keep their names (DEBUG)."""
    storage = _storage(folder)
    hashed = storage.load_manifest()[0] if _manifest_name() else {}
    return {*hashed, *hashed.values()}


def _manifest_name() -> str:
    """The file that tells which name a file has got; empty where files keep their names (DEBUG)."""
    return str(getattr(import_string(settings.STORAGES["staticfiles"]["BACKEND"]), "manifest_name", ""))


def _storage(folder: Path) -> Any:
    return import_string(settings.STORAGES["staticfiles"]["BACKEND"])(location=str(folder))


def _uncompressed(name: str) -> str:
    for ending in _COMPRESSED:
        name = name.removesuffix(ending)
    return name
