"""The file: a tar, compressed or not, whose members come in a fixed order and whose last one has a hash of each.

    tables/<model>/<number>.jsonl    rows
    files/<area>/<xx>/<hash>         files, thumbnails and texts beside them
    secret_key                       if Parley keeps one itself
    manifest.json                    what is in it, and who made it
    SHA256SUMS                       as `sha256sum --check` reads it

Names rise within each kind, so none can come twice. Everything is written and read as a stream: an archive may be much
larger than the memory. Nothing is ever unpacked by the name that a member claims to have.
"""

import contextlib
import gzip
import hashlib
import io
import os
import re
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

MANIFEST = "manifest.json"
SECRET_KEY = "secret_key"  # noqa: S105 - the name of a member
SUMS = "SHA256SUMS"
SUFFIXES = (".tar", ".tar.gz", ".tgz")
DRAFT = ".backup-*.part"
"""What a backup is called until it is complete."""
MAX_IN_MEMORY = 256 * 1024 * 1024  # bytes of any member but files

_NAME = re.compile(  # the groups in the order of the members
    r"tables/(?P<model>[a-z0-9_]+\.[a-z0-9_]+)/\d{6}\.jsonl"
    r"|files/(?P<file>[a-z]+/(?P<start>[0-9a-f]{2})/(?P<hash>(?P=start)[0-9a-f]{62})(?P<beside>\.(?:thumbnail|text))?)"
    r"|(secret_key)|(manifest\.json)|(SHA256SUMS)"
)
_DAMAGE = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeError, ValueError, OverflowError)
_CHUNK = 1024 * 1024  # bytes
_COMPRESSION = 6


class BackupError(Exception):
    """A backup cannot be made or used. `str` is a sentence that says why."""


class Member:
    """One member of an archive, on its way in or out: hashes what is read of it, which raises BackupError where the
    archive is damaged.

    `model` is the label of the model whose rows these are, `file` the name of a file in the storage; else empty.
    `content_hash` is what the content of a file has to hash to; empty for all else, and for what stands beside a file.
    `size` is in bytes.
    """

    def __init__(self, name: str, source: Any, size: int) -> None:
        found = _NAME.fullmatch(name)
        if not found:
            raise BackupError(f"This is not a Parley backup: it contains “{name[:100]}”.")
        self.name, self.place = name, (found.lastindex or 0, name)
        self.model, self.file = found["model"] or "", found["file"] or ""
        self.content_hash = "" if found["beside"] else found["hash"] or ""
        self.size = size
        self._source, self._hash = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises BackupError for all of more than a backup ever holds in one piece."""
        if size < 0 and self.size > MAX_IN_MEMORY:
            raise BackupError(f"This is not a Parley backup: {self.name} is too large.")
        with _damage_reported():
            data: bytes = self._source.read(size)
        self._hash.update(data)
        return data

    def sha256(self) -> str:
        """The hash of the content, whose rest is read for that."""
        while self.read(_CHUNK):
            pass
        return self._hash.hexdigest()

    def is_what_it_says(self) -> bool:
        """Whether the content, whose rest is read for that, is the one after which the file is named."""
        return self.content_hash in ("", self.sha256())

    def sum_line(self) -> bytes:
        """The line about it in SHA256SUMS."""
        return f"{self.sha256()}  {self.name}\n".encode()


class ArchiveWriter:
    """Adds members to an archive that is being created, in the order of the format."""

    def __init__(self, tar: Any, sums: Any) -> None:
        self._tar = tar
        self._sums = sums

    def add(self, name: str, content: Any) -> Member:
        """Add a member: bytes, or a whole file that is read piece by piece."""
        source = io.BytesIO(content) if isinstance(content, bytes) else content
        size = source.seek(0, os.SEEK_END)
        source.seek(0)
        header, member = tarfile.TarInfo(name), Member(name, source, size)
        header.size, header.mode, header.mtime = size, 0o600, int(time.time())
        self._tar.addfile(header, member)
        self._tar.members = []  # or it would remember them all
        self._sums.write(member.sum_line())
        return member


@contextlib.contextmanager
def create_archive(path: Path) -> Iterator[ArchiveWriter]:
    """An archive that has its name once it is complete; its owner alone can read it. Raises BackupError or OSError."""
    if not path.name.endswith(SUFFIXES):
        raise BackupError(f"The name of a backup must end with .tar, or .tar.gz to compress it; {path.name} doesn’t.")
    if not path.parent.is_dir():
        raise BackupError(f"The folder {path.parent} doesn’t exist.")
    start, end = DRAFT.split("*")
    with (
        tempfile.TemporaryFile(dir=path.parent) as sums,
        tempfile.NamedTemporaryFile(dir=path.parent, prefix=start, suffix=end, delete=False) as draft,
    ):
        try:
            with _compressed(draft, path) as stream, tarfile.open(fileobj=stream, mode="w|", bufsize=_CHUNK) as tar:
                writer = ArchiveWriter(tar, sums)
                yield writer
                writer.add(SUMS, sums)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(path)
        finally:
            Path(draft.name).unlink(missing_ok=True)


def read_members(path: Path) -> Iterator[Member]:
    """The members of an archive in their order, each to be read before the next is asked for.

    Raises BackupError where the archive is damaged or something else; the hashes are compared at its end.
    """
    if not path.is_file():
        raise BackupError(f"The file {path} doesn’t exist.")
    member = None
    with _damage_reported(), path.open("rb") as file, tempfile.TemporaryFile() as sums:
        # Not tarfile's own decompression: it expands a whole buffer at once, however large that gets.
        stream: Any = gzip.GzipFile(fileobj=file) if file.peek(2).startswith(b"\x1f\x8b") else file
        with tarfile.open(fileobj=stream, mode="r|", bufsize=_CHUNK) as tar:
            while header := tar.next():
                cast("Any", tar).members = []  # or it would remember them all
                if not header.isreg() or header.issparse():
                    raise BackupError(f"This is not a Parley backup: “{header.name[:100]}” in it is no file.")
                before, member = member, Member(header.name, tar.extractfile(header), header.size)
                if before and member.place <= before.place:
                    raise BackupError(f"This backup is damaged: {member.name} is out of place.")
                if member.name == SUMS:
                    _compare_sums(sums, member)
                yield member
                sums.write(member.sum_line())
    if not member or member.name != SUMS:
        raise BackupError("This backup is damaged: its end is missing.")


def _compare_sums(sums: Any, listed: Member) -> None:
    """Raises BackupError that names the first member whose hash is not the one that the archive lists."""
    sums.seek(0)
    for line in sums:
        if listed.read(len(line)) != line:
            raise BackupError(f"This backup is damaged: {line[66:-1].decode()} has changed since it was made.")
    if listed.read(1):
        raise BackupError("This backup is damaged: it lists something that it doesn’t contain.")


def _compressed(draft: Any, path: Path) -> contextlib.AbstractContextManager[Any]:
    if not path.name.endswith("gz"):
        return contextlib.nullcontext(draft)
    return gzip.GzipFile(filename="", fileobj=draft, mode="wb", compresslevel=_COMPRESSION)


@contextlib.contextmanager
def _damage_reported() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as fault:
        raise BackupError(f"This backup is damaged, or not a backup at all ({fault}).") from fault
