"""New files and folders beside the old ones, until they take their place all at once — or go, and nothing has changed.

The old ones are set aside and not removed: what is restored may turn out not to be what was wanted.
"""

import glob
import shutil
from contextlib import ExitStack
from pathlib import Path

OLD = ".before-restore-"
NEW = ".restoring-"


class Swap:
    """Lets new things take the place of the old ones. `stamp` is a part of their names; `keep` says that old files may
    be wanted again, as folders always may."""

    def __init__(self, stamp: str, *, keep: bool = True) -> None:
        self._stamp = stamp
        self._keep = keep
        self._paths: list[Path] = []
        self._renamed = ExitStack()

    def add(self, path: Path) -> Path:
        """A file or folder that is to be replaced; returns where its successor can be made. What an earlier try left
        there is removed."""
        self._paths.append(path)
        _remove_new(path)
        return self._beside(path, NEW)

    def commit(self) -> None:
        """Set everything old aside, and put in its place what is new. Raises OSError, and then nothing has changed."""
        with ExitStack() as renamed:
            for path in self._paths:
                for source, target in ((path, self._beside(path, OLD)), (self._beside(path, NEW), path)):
                    if source.exists():
                        source.rename(target)
                        renamed.callback(target.rename, source)
            self._renamed = renamed.pop_all()

    def undo(self) -> None:
        """Put everything back where it was, and remove what was made."""
        self._renamed.close()
        for path in self._paths:
            _remove_new(path)

    def kept_paths(self) -> list[Path]:
        """Where the old things are now. Those that nobody wants again, or in which nothing is, are removed."""
        old = [self._beside(path, OLD) for path in self._paths]
        kept = [path for path in old if _holds_something(path) and (self._keep or path.is_dir())]
        for path in old:
            if path not in kept:
                _remove(path)
        return kept

    def _beside(self, path: Path, kind: str) -> Path:
        return path.with_name(f"{path.name}{kind}{self._stamp}")


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
