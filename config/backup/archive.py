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
from typing import Any, BinaryIO, cast

MANIFEST = "manifest.json"
SECRET_KEY = "secret_key"  # noqa: S105 - the name of a member
SUMS = "SHA256SUMS"
SUFFIXES = (".tar", ".tar.gz", ".tgz")
DRAFT = ".backup-*.part"
"""What a backup is called until it is complete."""
MAX_IN_MEMORY = 256 * 1024 * 1024  # bytes of any member but files

_NAME = re.compile(  # the groups in the order of the members
    r"tables/(?P<model>[a-z0-9_]+\.[a-z0-9_]+)/\d{6}\.jsonl"
    r"|files/(?P<file>[a-z]+/(?P<start>[0-9a-f]{2})/(?:(?P=start)[0-9a-f]{62})(?:\.(?:thumbnail|text))?)"
    r"|(secret_key)|(manifest\.json)|(SHA256SUMS)"
)
_DAMAGE = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeError, ValueError, OverflowError)
_CHUNK = 1024 * 1024  # bytes
_COMPRESSION = 6


class BackupError(Exception):
    """A backup cannot be made or used. `str` is a sentence that says why."""


class HashingReader:
    """Reads from a source, and hashes what was read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes, all that are left without a size."""
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        """The SHA-256 of everything read so far."""
        return self._hash.hexdigest()


class ArchiveWriter:
    """Adds members to an archive that is being created, in the order of the format."""

    def __init__(self, tar: tarfile.TarFile, sums: BinaryIO) -> None:
        self._tar: Any = tar
        self._sums = sums

    def add(self, name: str, data: bytes) -> None:
        """Add a member."""
        self.add_file(name, io.BytesIO(data), size=len(data))

    def add_file(self, name: str, source: BinaryIO, *, size: int) -> str:
        """Add a member of `size` bytes, read piece by piece; returns their SHA-256."""
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = size, 0o600, int(time.time())
        reader = HashingReader(source)
        self._tar.addfile(header, reader)
        self._tar.members = []  # or it would remember them all
        self._sums.write(_sum_line(reader.hexdigest(), name))
        return reader.hexdigest()


@contextlib.contextmanager
def create_archive(path: Path) -> Iterator[ArchiveWriter]:
    """An archive that has its name once it is complete; its owner alone can read it. Raises BackupError or OSError."""
    if not path.name.endswith(SUFFIXES):
        raise BackupError(f"The name of a backup must end with .tar, or .tar.gz to compress it; {path.name} doesn’t.")
    if not path.parent.is_dir():
        raise BackupError(f"The folder {path.parent} doesn’t exist.")
    with (
        tempfile.TemporaryFile(dir=path.parent) as sums,
        tempfile.NamedTemporaryFile(dir=path.parent, prefix=".backup-", suffix=".part", delete=False) as draft,
    ):
        try:
            with _compressed(draft, path) as stream, tarfile.open(fileobj=stream, mode="w|", bufsize=_CHUNK) as tar:
                writer = ArchiveWriter(tar, cast("BinaryIO", sums))
                yield writer
                size = sums.tell()
                sums.seek(0)
                writer.add_file(SUMS, cast("BinaryIO", sums), size=size)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(path)
        finally:
            Path(draft.name).unlink(missing_ok=True)


def _compressed(draft: Any, path: Path) -> contextlib.AbstractContextManager[Any]:
    if not path.name.endswith("gz"):
        return contextlib.nullcontext(draft)
    return gzip.GzipFile(filename="", fileobj=draft, mode="wb", compresslevel=_COMPRESSION)


class Member(HashingReader):
    """One member of an archive that may be damaged: to read it raises BackupError then.

    `model` is the label of the model whose rows these are, `file` the name of a file in the storage; else empty.
    `content_hash` is what the content of a file has to hash to; empty for all else, and for what stands beside a file.
    """

    def __init__(self, name: "re.Match[str]", size: int, source: BinaryIO) -> None:
        super().__init__(source)
        self.name = name[0]
        self.model = name["model"] or ""
        self.file = name["file"] or ""
        self.content_hash = self.file.rpartition("/")[2] if self.file and "." not in self.file else ""
        self._size = size

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises BackupError for all of more than a backup ever holds in one piece."""
        if size < 0 and self._size > MAX_IN_MEMORY:
            raise BackupError(f"This is not a Parley backup: {self.name} is too large.")
        with _damage_reported():
            return super().read(size)

    def is_what_it_says(self) -> bool:
        """Whether the content, whose rest is read for that, is the one after which the file is named."""
        while self.read(_CHUNK):
            pass
        return not self.content_hash or self.hexdigest() == self.content_hash


def read_members(path: Path) -> Iterator[Member]:
    """The members of an archive in their order, each to be read before the next is asked for.

    Raises BackupError where the archive is damaged or something else; the hashes are compared at its end.
    """
    if not path.is_file():
        raise BackupError(f"The file {path} doesn’t exist.")
    position = (0, "")
    with _damage_reported(), path.open("rb") as file, tempfile.TemporaryFile() as sums:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        # Not tarfile's own decompression: it expands a whole buffer at once, however large that gets.
        stream: Any = gzip.GzipFile(fileobj=file) if packed else file
        with tarfile.open(fileobj=stream, mode="r|", bufsize=_CHUNK) as tar:
            while header := tar.next():
                cast("Any", tar).members = []  # or it would remember them all
                name = _NAME.fullmatch(header.name)
                if not name or not header.isreg() or header.issparse():
                    raise BackupError(f"This is not a Parley backup: it contains “{header.name[:100]}”.")
                before, position = position, (name.lastindex or 0, name[0])
                if position <= before:
                    raise BackupError(f"This backup is damaged: {name[0]} is out of place.")
                member = Member(name, header.size, cast("BinaryIO", tar.extractfile(header)))
                if member.name == SUMS:
                    _compare_sums(cast("BinaryIO", sums), member)
                yield member
                member.is_what_it_says()
                sums.write(_sum_line(member.hexdigest(), member.name))
    if position[1] != SUMS:
        raise BackupError("This backup is damaged: its end is missing.")


def _compare_sums(sums: BinaryIO, listed: Member) -> None:
    """Raises BackupError that names the first member whose hash is not the one that the archive lists."""
    sums.seek(0)
    for line in sums:
        if listed.read(len(line)) != line:
            raise BackupError(f"This backup is damaged: {line[66:-1].decode()} has changed since it was made.")
    if listed.read(1):
        raise BackupError("This backup is damaged: it lists something that it doesn’t contain.")


def _sum_line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


@contextlib.contextmanager
def _damage_reported() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as fault:
        raise BackupError(f"This backup is damaged, or not a backup at all ({fault}).") from fault
