"""Another commit's tree, beside this one, with an environment that can serve it."""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.stores import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")


def name_of(commit: str) -> str:
    """The commit's short name. Raises SystemExit when there is no such commit."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "--verify", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"There is no commit {commit}.")
    return done.stdout.strip()


def is_changed() -> bool:
    """Whether files of this tree differ from its commit."""
    return bool(subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True).stdout)


@contextlib.contextmanager
def tree_of(commit: str) -> Iterator[Path]:
    """The folder of the commit's files, for as long as somebody is inside.

    Where it locks the same packages it shares this tree's environment; else it gets its own, which takes minutes.
    """
    folder = Path(tempfile.mkdtemp(prefix="parley-base-")) / "tree"
    _git("worktree", "add", "--detach", str(folder), commit)
    try:
        if all((folder / lock).read_bytes() == (ROOT / lock).read_bytes() for lock in LOCKS):
            (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
        else:
            subprocess.run(["python3", "scripts/prepare.py", "test"], cwd=folder, check=True)
        yield folder
    finally:
        _git("worktree", "remove", "--force", str(folder))
        folder.parent.rmdir()


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True)
