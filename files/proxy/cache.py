"""Pictures kept on this machine's disk: an address leads to a hash, and the hash to the bytes.

It is a cache: what is missing, torn or removed is fetched again. Several processes share it without asking each other,
since a file appears whole or not at all and its name says what is in it.
"""

import contextlib
import hashlib
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from files.proxy.previews import Size

_TOUCHED_EVERY = 3600.0  # seconds; how exactly the last use of a picture is known
_DRAFTS_KEPT = 3600.0  # seconds; an older draft is what a crash left behind
_DRAFT = ".draft-"


class PictureCache:
    """The pictures in one folder. Whatever the disk refuses counts as not there; nothing here raises for it."""

    def __init__(self, folder: Path) -> None:
        self._addresses = folder / "addresses"
        self._pictures = folder / "pictures"

    def find(self, url: str, size: Size) -> bytes | None:
        """The picture at this address as it was when it was fetched."""
        try:
            digest = self._address(url).read_text("ascii")
            path = self._picture(digest, size)
            data = path.read_bytes()
        except (OSError, ValueError):
            return None
        self._touch(digest, path)
        return data or None

    def keep(self, url: str, pictures: Mapping[Size, bytes]) -> bool:
        """Keep both sizes of the picture at this address. False where the disk does not take them."""
        digest = hashlib.sha256(pictures[Size.LARGE]).hexdigest()
        try:
            for size, data in pictures.items():
                _write(self._picture(digest, size), data)
            _write(self._address(url), digest.encode("ascii"))
        except OSError:
            return False
        return True

    def prune(
        self,
        *,
        most_bytes: int,
        unused_for: float,
        refetched_after: float,
        now: float | None = None,
        dry_run: bool = False,
    ) -> int:
        """Remove pictures that nobody saw for `unused_for` seconds, and the longest unseen ones beyond `most_bytes`.

        Addresses are forgotten after `refetched_after` seconds, so that what changed there is seen at last. Returns how
        many pictures went, or with `dry_run` would go.
        """
        now = time.time() if now is None else now
        remove = _leave if dry_run else _remove
        for path, found in _files(self._addresses):
            if found.st_mtime < now - (_DRAFTS_KEPT if path.name.startswith(_DRAFT) else refetched_after):
                remove(path)
        together: dict[str, list[Path]] = defaultdict(list)
        weight: dict[str, int] = defaultdict(int)
        used: dict[str, float] = defaultdict(float)
        for path, found in _files(self._pictures):
            if path.name.startswith(_DRAFT):
                if found.st_mtime < now - _DRAFTS_KEPT:
                    remove(path)
                continue
            digest = path.name.partition(".")[0]
            together[digest].append(path)
            weight[digest] += found.st_size
            used[digest] = max(used[digest], found.st_mtime)
        total, removed = sum(weight.values()), 0
        for digest in sorted(used, key=used.__getitem__):
            if total <= most_bytes and used[digest] >= now - unused_for:
                break
            for path in together[digest]:
                remove(path)
            total, removed = total - weight[digest], removed + 1
        return removed

    def _address(self, url: str) -> Path:
        name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        return self._addresses / name[:2] / name

    def _picture(self, digest: str, size: Size) -> Path:
        if len(digest) != 64 or not digest.isalnum():
            raise ValueError("not a hash")
        return self._pictures / digest[:2] / f"{digest}.{size}.webp"

    def _touch(self, digest: str, path: Path) -> None:
        """Note that the picture is used. Reading it matters more."""
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < time.time() - _TOUCHED_EVERY:
                for size in Size:
                    os.utime(self._picture(digest, size))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=_DRAFT)  # a name that no other process has
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(draft).replace(path)
    except BaseException:
        _remove(Path(draft))
        raise


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in folder.glob("*/*"):
        with contextlib.suppress(OSError):
            yield path, path.stat()


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _leave(_path: Path) -> None:
    """For a dry run."""
