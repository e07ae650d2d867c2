"""Keeps what Parley stores to the user that runs it, whatever the system's umask says.

Conversations, sessions and the secret key lie in one folder. Whoever else has an account on the machine, or found a way
into another program there, is to find it closed: folders 0700, files 0600.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

UMASK = 0o077
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BESIDE_SQLITE = ("-wal", "-shm", "-journal")


def keep_private(folder: Path, *, everywhere: bool = False) -> None:
    """Have this process make nothing that others can read, and close what is open to them in the data folder.

    With `everywhere` that is looked at behind closed folders too: about five seconds for a million files. What cannot
    be closed is named by `open_paths`.
    """
    os.umask(UMASK)
    if not _belongs_to_all(folder):
        _close(open_paths(folder, everywhere=everywhere))


def close_database(file: Path) -> None:
    """Close a SQLite database, which may lie outside the data folder, and what SQLite keeps beside it."""
    _close(open_database_files(file))


def open_paths(folder: Path, *, everywhere: bool = False) -> Iterator[Path]:
    """The folder and what is in it, as far as others have rights there. Links are neither followed nor named.

    What lies behind a closed folder is out of reach, so that is left out unless `everywhere` says otherwise.
    """
    if _is_open(folder):
        yield folder  # before the rest: once it is closed, nobody can put anything else in the place of what is in it
    if not _belongs_to_all(folder):
        yield from _open_within(folder, everywhere=everywhere)


def open_database_files(file: Path) -> Iterator[Path]:
    """The files of a SQLite database on which others have rights."""
    return filter(_is_open, [file, *(file.with_name(file.name + suffix) for suffix in _BESIDE_SQLITE)])


def _open_within(folder: Path, *, everywhere: bool) -> Iterator[Path]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return  # not there yet, or somebody else's
    for entry in entries:
        path = Path(entry.path)
        if is_open := _is_open(path):
            yield path
        if entry.is_dir(follow_symlinks=False) and (is_open or everywhere):
            yield from _open_within(path, everywhere=everywhere)


def _is_open(path: Path) -> bool:
    """Whether others have rights on the file or folder itself. Something that is gone, or a link, is not open."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return bool(mode & _OTHERS) and not stat.S_ISLNK(mode)


def _belongs_to_all(folder: Path) -> bool:
    """Whether this is the root of the disk, or a folder such as /tmp: closing it would stop other programs."""
    try:
        return folder == folder.parent or bool(folder.stat().st_mode & stat.S_ISVTX)
    except OSError:
        return False


def _close(paths: Iterator[Path]) -> None:
    """Take from others what rights they have; the owner keeps theirs, so that a program stays one.

    By the name and not through an open file: to close one of SQLite's files would end this process's locks on it.
    """
    for path in paths:
        try:
            path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~_OTHERS)
        except OSError:
            continue  # somebody else's, or gone meanwhile
