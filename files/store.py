"""Bytes under the hash of their content, through Django's default storage.

Each owner of bytes has an area of its own, so that tidying up one never touches another's. Nothing in here has a
public address: whoever may see bytes gets them from a view that looked.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from files.errors import FileMissing
from files.inspect import JudgedFile

THUMBNAIL = ".thumbnail"
TEXT = ".text"
BESIDE = (THUMBNAIL, TEXT)  # what stands beside the bytes, under the same hash
_AT_ONCE = 500

InUse = Callable[[Collection[str]], Collection[str]]
"""Tells those among some hashes under which bytes are to be kept."""


@dataclass(frozen=True, slots=True)
class Unused:
    """A file that nothing refers to any more. Its size is in bytes."""

    name: str
    size: int


class Store:
    """One area of the store."""

    def __init__(self, area: str) -> None:
        self.area = area

    def keep(self, judged: JudgedFile) -> str:
        """Keep what was found good; returns the SHA-256 of what is kept."""
        if judged.picture:
            return self.put(judged.picture.data, thumbnail=judged.picture.thumbnail)
        self.put_file(judged.source, sha256=judged.original_sha256)
        return judged.original_sha256

    def put(self, data: bytes, *, thumbnail: bytes = b"") -> str:
        """Keep the bytes, and a thumbnail beside them; returns their SHA-256.

        Bytes that are there already are written once more: that makes them new for `sweep`.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        if thumbnail:
            self.put_thumbnail(sha256, thumbnail)
        self._save(self._key(sha256), ContentFile(data))
        return sha256

    def put_file(self, source: BinaryIO, *, sha256: str) -> None:
        """Keep a file whose SHA-256 is known, piece by piece."""
        source.seek(0)
        self._save(self._key(sha256), File(source))

    def put_thumbnail(self, sha256: str, thumbnail: bytes) -> None:
        """Keep a thumbnail beside the bytes."""
        self._save(self._key(sha256) + THUMBNAIL, ContentFile(thumbnail))

    def put_text(self, sha256: str, text: bytes) -> None:
        """Keep the text that was read in the bytes beside them."""
        self._save(self._key(sha256) + TEXT, ContentFile(text))

    def read_text(self, sha256: str) -> bytes:
        """What `put_text` kept. Raises FileMissing."""
        with self._open(self._key(sha256) + TEXT) as found:
            return found.read()

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, to be read and closed. Raises Missing."""
        return self._open(self._key(sha256))

    def open_thumbnail(self, sha256: str) -> BinaryIO:
        """The thumbnail, to be read and closed. Raises Missing."""
        return self._open(self._key(sha256) + THUMBNAIL)

    def read(self, sha256: str) -> bytes:
        """The bytes, all at once. Raises Missing."""
        with self.open(sha256) as found:
            return found.read()

    def has(self, sha256: str) -> bool:
        """Whether there are bytes under this hash."""
        return default_storage.exists(self._key(sha256))

    def hashes_starting_with(self, start: str) -> set[str]:
        """The hashes with this start, of two characters, under which there are bytes."""
        return {name for name in self._listed(f"{self.area}/{start}")[1] if not name.endswith(BESIDE)}

    def sweep(self, *, before: datetime, kept: InUse) -> int:
        """Remove what was written before that time and is not among the `kept`; returns how many files that were.

        `kept` is asked for the hashes in use among some. Something put just now is never removed: it is new.
        """
        removed = 0
        for unused in self.unused(before=before, kept=kept):
            default_storage.delete(unused.name)
            removed += 1
        return removed

    def unused(self, *, before: datetime, kept: InUse) -> Iterator[Unused]:
        """What `sweep` removes. Whether it is new is looked up at the very last moment."""
        for names in self._folders():
            hashes = {_hash_in(name) for name in names}
            unused = hashes - set(kept(hashes))
            for name in names:
                if _hash_in(name) in unused and (found := self._old(name, before)):
                    yield found

    def _folders(self) -> Iterator[list[str]]:
        """The names of the files, some hundreds at a time."""
        for folder in self._listed(self.area)[0]:
            files = self._listed(f"{self.area}/{folder}")[1]
            for start in range(0, len(files), _AT_ONCE):
                yield [f"{self.area}/{folder}/{name}" for name in sorted(files)[start : start + _AT_ONCE]]

    def _listed(self, folder: str) -> tuple[list[str], list[str]]:
        """The folders and files in a folder. Without files there is no folder."""
        try:
            return default_storage.listdir(folder)
        except FileNotFoundError:
            return [], []

    def _old(self, name: str, moment: datetime) -> Unused | None:
        try:
            size = default_storage.size(name)
            return Unused(name, size) if default_storage.get_modified_time(name) < moment else None
        except FileNotFoundError:
            return None  # somebody else tidied up

    def _key(self, sha256: str) -> str:
        if len(sha256) != 64 or not sha256.isalnum():
            raise FileMissing(sha256)
        return f"{self.area}/{sha256[:2]}/{sha256}"

    def _save(self, name: str, content: "File[bytes]") -> None:
        default_storage.save(name, content)

    def _open(self, name: str) -> BinaryIO:
        try:
            return cast("BinaryIO", default_storage.open(name))
        except FileNotFoundError:
            raise FileMissing(name) from None


def _hash_in(name: str) -> str:
    """The hash under which this file stands, itself or beside the bytes."""
    return name.rpartition("/")[2].partition(".")[0]
