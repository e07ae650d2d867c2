"""New files and folders beside the old ones, until they take their place all at once — or go, and nothing has changed.

The old ones are set aside and not removed: what is restored may turn out not to be what was wanted.
"""

import glob
import shutil
from pathlib import Path

OLD = ".before-restore-"
NEW = ".restoring-"


class Swap:
    """Lets new things take the place of the old ones. `stamp` is a part of their names."""

    def __init__(self, stamp: str) -> None:
        self._stamp = stamp
        self._keep: dict[Path, bool] = {}
        self._renamed: list[tuple[Path, Path]] = []

    def add(self, path: Path, *, keep: bool = True) -> Path:
        """A file or folder that is to be replaced; returns where its successor can be made.

        `keep` says that the old one may be wanted again. What an earlier try left there is removed.
        """
        self._keep[path] = keep
        _remove_new(path)
        return self._beside(path, NEW)

    def commit(self) -> None:
        """Set everything old aside, and put in its place what is new. Raises OSError, and then nothing has changed."""
        try:
            for path in self._keep:
                self._rename(path, self._beside(path, OLD))
                self._rename(self._beside(path, NEW), path)
        except OSError:
            self.undo()
            raise

    def undo(self) -> None:
        """Put everything back where it was."""
        while self._renamed:
            source, target = self._renamed.pop()
            target.rename(source)

    def discard_new(self) -> None:
        """Remove what was made and has taken no place."""
        for path in self._keep:
            _remove_new(path)

    def kept_paths(self) -> list[Path]:
        """Where the old things are now. Those that nobody wants again, or in which nothing is, are removed."""
        old = {path: self._beside(path, OLD) for path in self._keep}
        kept = [old[path] for path, keep in self._keep.items() if keep and _holds_something(old[path])]
        for path in old.values():
            if path not in kept:
                _remove(path)
        return kept

    def _beside(self, path: Path, kind: str) -> Path:
        return path.with_name(f"{path.name}{kind}{self._stamp}")

    def _rename(self, source: Path, target: Path) -> None:
        if source.exists():
            source.rename(target)
            self._renamed.append((source, target))


def _holds_something(path: Path) -> bool:
    return any(one.is_file() for one in path.rglob("*")) if path.is_dir() else path.exists()


def _remove_new(path: Path) -> None:
    for new in path.parent.glob(f"{glob.escape(path.name)}{NEW}*"):
        _remove(new)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
