"""The file: a tar, compressed or not, whose members come in a fixed order and whose last one has a hash of each.

    tables/<model>/<number>.jsonl    rows
    files/<area>/<xx>/<hash>         files, thumbnails beside them
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
SECRET = "secret_key"  # noqa: S105 - the name of a member
SUMS = "SHA256SUMS"
ENDINGS = (".tar", ".tar.gz", ".tgz")
LARGEST_IN_MEMORY = 256 * 1024 * 1024  # bytes of any member but files

_TABLE = re.compile(r"tables/([a-z0-9_]+\.[a-z0-9_]+)/\d{6}\.jsonl")
_FILE = re.compile(r"files/([a-z]+/([0-9a-f]{2})/(?:\2[0-9a-f]{62})(?:\.thumbnail)?)")
_KINDS = ("tables/", "files/", SECRET, MANIFEST, SUMS)
_BROKEN = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeError, ValueError, OverflowError)
_AT_ONCE = 1024 * 1024
_COMPRESSION = 6


class Unusable(Exception):
    """A backup cannot be made or used. `str` is a sentence that says why."""


class Writer:
    """Writes an archive beside its name, and gives it the name when it is complete. To be used as a context."""

    def __init__(self, path: Path) -> None:
        if not path.name.endswith(ENDINGS):
            raise Unusable(f"A backup’s name ends with .tar, or with .tar.gz to be compressed; {path.name} does not.")
        if not path.parent.is_dir():
            raise Unusable(f"There is no folder {path.parent}.")
        self._path = path
        self._sums = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115 - closed with the archive
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.part")
        handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")
        packed = path.name.endswith("gz")
        self._stream: Any = self._file
        if packed:
            self._stream = gzip.GzipFile(filename="", fileobj=self._file, mode="wb", compresslevel=_COMPRESSION)
        self._tar: Any = tarfile.open(fileobj=self._stream, mode="w|", bufsize=_AT_ONCE)  # noqa: SIM115

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        try:
            if failed is None:
                self._finish()
        finally:
            for part in (self._tar, self._stream):  # once more is no harm, and never would be told later
                with contextlib.suppress(OSError, ValueError):
                    part.close()
            self._sums.close()
            self._file.close()
            self._draft.unlink(missing_ok=True)

    def add(self, name: str, data: bytes) -> None:
        """Add a member."""
        self.add_file(name, io.BytesIO(data), size=len(data))

    def add_file(self, name: str, source: BinaryIO, *, size: int) -> str:
        """Add a member of `size` bytes, read piece by piece; returns their SHA-256."""
        about = tarfile.TarInfo(name)
        about.size, about.mode, about.mtime = size, 0o600, int(time.time())
        hashed = Hashed(source)
        self._tar.addfile(about, hashed)
        self._tar.members = []  # or it would remember them all
        self._sums.write(_line(hashed.hexdigest(), name))
        return hashed.hexdigest()

    def _finish(self) -> None:
        size = self._sums.tell()
        self._sums.seek(0)
        about = tarfile.TarInfo(SUMS)
        about.size, about.mode, about.mtime = size, 0o600, int(time.time())
        self._tar.addfile(about, self._sums)
        self._tar.close()
        if self._stream is not self._file:
            self._stream.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._draft.replace(self._path)


class Hashed:
    """Something to be read, with the hash of what was read so far."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        """The SHA-256 of everything read so far."""
        return self._hash.hexdigest()


class _Checked(Hashed):
    """The same of an archive that may be damaged. Raises Unusable."""

    def read(self, size: int = -1) -> bytes:
        with _told():
            return super().read(size)


class Member:
    """One member. It is read before the next one is asked for."""

    def __init__(self, name: str, size: int, source: BinaryIO) -> None:
        self.name = name
        self.size = size
        self.source = _Checked(source)

    @property
    def table(self) -> str:
        """The label of the model whose rows these are; empty for everything else."""
        found = _TABLE.fullmatch(self.name)
        return found[1] if found else ""

    @property
    def file(self) -> str:
        """The name in the storage; empty for what is no file."""
        found = _FILE.fullmatch(self.name)
        return found[1] if found else ""

    def read(self) -> bytes:
        """All bytes. Raises Unusable for more than anybody wrote."""
        if self.size > LARGEST_IN_MEMORY:
            raise Unusable(f"This is no backup of Parley: {self.name} is too large.")
        return self.source.read()

    def drain(self) -> str:
        """Read the rest; returns the hash of the whole."""
        while self.source.read(_AT_ONCE):
            pass
        return self.source.hexdigest()


def members(path: Path) -> Iterator[Member]:
    """The members of the archive, in their order. Raises Unusable where it is damaged or something else."""
    if not path.is_file():
        raise Unusable(f"There is no file {path}.")
    rank, last = -1, ""
    with _open(path) as tar:
        for about in _listed(tar):
            if not about.isreg() or about.issparse() or not _is_known(about.name):
                raise Unusable(f"This is no backup of Parley: it holds “{about.name[:100]}”.")
            now = next(number for number, kind in enumerate(_KINDS) if about.name.startswith(kind))
            if (now, about.name) <= (rank, last):
                raise Unusable(f"This backup is damaged: {about.name} is not in its place.")
            rank, last = now, about.name
            with _told():
                source = tar.extractfile(about)
            if source is None:
                raise Unusable(f"This backup is damaged: {about.name} cannot be read.")
            member = Member(about.name, about.size, cast("BinaryIO", source))
            yield member
            member.drain()
    if last != SUMS:
        raise Unusable("This backup is damaged: its end is missing.")


def _is_known(name: str) -> bool:
    return name in {MANIFEST, SECRET, SUMS} or bool(_TABLE.fullmatch(name) or _FILE.fullmatch(name))


def _listed(tar: Any) -> Iterator[tarfile.TarInfo]:
    while True:
        with _told():
            about = tar.next()
        if about is None:
            return
        tar.members = []  # or it would remember them all
        yield about


@contextlib.contextmanager
def _open(path: Path) -> Iterator[tarfile.TarFile]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        stream: Any = gzip.GzipFile(fileobj=file) if packed else file
        with _told():
            tar = tarfile.open(fileobj=stream, mode="r|", bufsize=_AT_ONCE)  # noqa: SIM115
        with tar:
            yield tar


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except _BROKEN as fault:
        raise Unusable(f"This backup is damaged, or no backup at all ({fault}).") from fault


def _line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


class Sums:
    """The hashes of what was read, to be compared with what the archive says of itself."""

    def __init__(self) -> None:
        self._own = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the object

    def note(self, member: Member) -> None:
        """Note a member's hash. It is read to its end."""
        self._own.write(_line(member.drain(), member.name))

    def compare(self, member: Member) -> None:
        """Compare with the archive's own list. Raises Unusable that names the first member that differs."""
        self._own.seek(0)
        rest = b""
        while data := member.source.read(_AT_ONCE):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                own = self._own.readline().rstrip(b"\n")
                if line != own:
                    name = (own or line)[66:].decode(errors="replace") or "something"
                    raise Unusable(f"This backup is damaged: {name} is not what it was when it was made.")
        if rest or self._own.readline():
            raise Unusable("This backup is damaged: it holds something that nobody put there.")
