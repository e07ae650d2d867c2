"""Locks between processes of one machine, which end with the process that holds them."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_LOCK = ".starting"
"""The file in the data folder that is locked by whoever starts Parley or restores a backup."""


@contextmanager
def file_lock(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Lock the file, which is created where there is none. Whether it is locked: always, or where nobody else has
    locked it if we do not `wait`."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
