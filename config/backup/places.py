"""New things beside the old ones, until they take their place all at once — or go, and nothing has changed.

The old ones are set aside and not removed: what is restored may turn out not to be what was wanted.
"""

import contextlib
import glob
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ASIDE = ".before-restore-"
MAKING = ".restoring-"


@dataclass(slots=True)
class Place:
    """A file or folder. `beside` are files that go with the old one, such as a write-ahead log."""

    path: Path
    stamp: str
    beside: Sequence[str] = ()

    @property
    def new(self) -> Path:
        """Where the new one is made."""
        return self.path.with_name(f"{self.path.name}{MAKING}{self.stamp}")

    @property
    def old(self) -> Path:
        """Where the old one goes."""
        return self.path.with_name(f"{self.path.name}{ASIDE}{self.stamp}")


class Swap:
    """Lets the new things take the place of the old ones. `stamp` is a part of the names."""

    def __init__(self, stamp: str) -> None:
        self._stamp = stamp
        self._places: list[Place] = []
        self._done: list[tuple[Path, Path]] = []

    def add(self, path: Path, *, beside: Sequence[str] = ()) -> Path:
        """One thing that is to be replaced; returns where its successor is to be made.

        What an earlier try left there is removed.
        """
        for leftover in path.parent.glob(f"{glob.escape(path.name)}{MAKING}*"):
            _remove(leftover)
        place = Place(path, self._stamp, beside)
        self._places.append(place)
        return place.new

    def commit(self) -> None:
        """Replace everything of which there is something new. Raises OSError, and then nothing has changed."""
        try:
            for place in self._places:
                if not place.new.exists():
                    continue
                for ending in ("", *place.beside):
                    self._rename(_with(place.path, ending), _with(place.old, ending))
                self._rename(place.new, place.path)
        except OSError:
            self.undo()
            raise

    def undo(self) -> None:
        """Put everything back where it was."""
        while self._done:
            source, target = self._done.pop()
            target.rename(source)

    def discard(self) -> None:
        """Remove what was made and has taken no place."""
        for place in self._places:
            _remove(place.new)
            for ending in place.beside:
                _remove(_with(place.new, ending))

    def settle(self, *, worthless: Sequence[Path] = ()) -> list[Path]:
        """Remove those of the old things in which nothing is, and the worthless ones; returns where the others are."""
        kept = []
        for place in self._places:
            if place.path in worthless or not _holds_something(place.old):
                for ending in ("", *place.beside):
                    _remove(_with(place.old, ending))
            else:
                kept.append(place.old)
        return kept

    def _rename(self, source: Path, target: Path) -> None:
        if source.exists():
            source.rename(target)
            self._done.append((source, target))


def _with(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _holds_something(path: Path) -> bool:
    return any(one.is_file() for one in path.rglob("*")) if path.is_dir() else path.exists()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
