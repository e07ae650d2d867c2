"""A ZIP from outside: looked at before anything is unpacked. Nothing of it is ever written under its own name."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from core.sentences import sentence as _
from sharing.imports import limits
from sharing.imports.foreign import ForeignFile, ImportRefused

DAMAGED = (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, struct.error, zlib.error)
"""What reading a damaged archive raises."""

_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR = b"PK\x06\x07"
_LOCATOR_SIZE = 20
_LARGE_END_SIZE = 56
_LONGEST_COMMENT = 65_535
_ENCRYPTED = 1
_MOST_PICTURE = 50 * 1024 * 1024  # bytes, as one upload


class Archive:
    """An archive that is safe to read. Raises ImportRefused for any other."""

    def __init__(self, source: BinaryIO) -> None:
        try:
            if _directory_size(source) > limits.MOST_DIRECTORY:
                raise ImportRefused(_("This archive has more files in it than Parley reads."))
            source.seek(0)
            self._zip = zipfile.ZipFile(source)
        except DAMAGED as fault:
            raise ImportRefused(_("This archive is damaged or incomplete. Download it again.")) from fault
        self.entries = [one for one in self._zip.infolist() if not one.is_dir() and not _is_of_a_system(one.filename)]
        if len(self.entries) > limits.MOST_ENTRIES:
            raise ImportRefused(_("This archive has more files in it than Parley reads."))
        if any(one.flag_bits & _ENCRYPTED for one in self.entries):
            raise ImportRefused(_("This archive is encrypted. Unpack it and upload the file with the conversations."))
        if sum(one.file_size for one in self.entries) > limits.MOST_UNPACKED or any(map(_is_bomb, self.entries)):
            raise ImportRefused(_("This archive would be too large once unpacked."))
        self._by_id: dict[str, zipfile.ZipInfo] | None = None

    def open(self, entry: zipfile.ZipInfo) -> BinaryIO:
        """The bytes of an entry, as many as it said at most. Raises one of DAMAGED, also later."""
        return cast("BinaryIO", self._zip.open(entry))

    def named(self, name: str) -> zipfile.ZipInfo | None:
        """The entry with this very name."""
        return next((one for one in self.entries if one.filename == name), None)

    def ending_with(self, *endings: str) -> Iterator[zipfile.ZipInfo]:
        """The entries whose names end so, in the order of their names."""
        return iter(sorted((one for one in self.entries if one.filename.lower().endswith(endings)), key=_name))

    def file_of(self, id: str, name: str) -> ForeignFile | None:
        """The file whose own name is this id, or begins with it and a sign: services put people's names after it."""
        if self._by_id is None:
            self._by_id = {}
            for one in self.entries:
                for key in _ids_in(PurePosixPath(one.filename).name):
                    self._by_id.setdefault(key, one)
        found = self._by_id.get(id) if id else None
        if found is None or found.file_size > _MOST_PICTURE:
            return None
        return ForeignFile(name or PurePosixPath(found.filename).name, lambda: self._bytes_of(found))

    def _bytes_of(self, entry: zipfile.ZipInfo) -> bytes:
        try:
            with self.open(entry) as stream:
                return stream.read(_MOST_PICTURE + 1)
        except DAMAGED as fault:
            raise OSError("Damaged.") from fault


def _name(entry: zipfile.ZipInfo) -> str:
    return entry.filename


def _ids_in(name: str) -> set[str]:
    """What a service may call a file by: its whole name, the part before its kind, and ChatGPT's id before a name."""
    stem = name.partition(".")[0]
    ids = {name, stem}
    parts = stem.split("-")
    if parts[0] == "file" and len(parts) > 1:
        ids.add("-".join(parts[:2]))
    if stem.startswith("file_"):
        ids.add(parts[0])
    return ids


def _is_of_a_system(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    large = entry.file_size > limits.SUSPICIOUS_SIZE
    return large and entry.file_size > limits.SUSPICIOUS_RATIO * max(entry.compress_size, 1)


def _directory_size(source: BinaryIO) -> int:
    """How long the list of contents says that it is, in bytes, as whoever reads it will believe. Raises BadZipFile."""
    size = source.seek(0, 2)
    begins = max(0, size - _LONGEST_COMMENT - _END_SIZE)
    source.seek(begins)
    tail = source.read()
    at = len(tail) - _END_SIZE
    if at < 0 or tail[at : at + 4] != _END or tail[-2:] != b"\0\0":
        at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise zipfile.BadZipFile
    where = begins + at - _LOCATOR_SIZE
    if where >= _LARGE_END_SIZE:
        source.seek(where - _LARGE_END_SIZE)
        large = source.read(_LARGE_END_SIZE + 4)
        if large[_LARGE_END_SIZE:] == _LOCATOR:
            return int.from_bytes(large[40:48], "little")
    return int.from_bytes(tail[at + 12 : at + 16], "little")
