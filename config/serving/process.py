"""Who serves from this data folder at this port: what a reload has to find."""

import fcntl
import os
from pathlib import Path
from typing import IO

from config import env

_held: list[IO[str]] = []


def announce_serving_process() -> None:
    """Say that this process serves. It counts for as long as the process lives, however that ends."""
    file = _path().open("a+")
    try:
        # A lock of the process, not of the file: the workers that it forks do not have it.
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return  # somebody else serves there, or locks are not to be had: then nobody can be told to reload
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    _held.append(file)


def find_serving_process() -> int | None:
    """The process id of gunicorn's master; None when nobody serves."""
    try:
        with _path().open("r+") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return int(file.read())
    except FileNotFoundError:
        pass
    return None


def _path() -> Path:
    return env.data_folder("DATA_DIR") / f".serving-{env.number('PORT', 8000, least=1, most=65535)}"
