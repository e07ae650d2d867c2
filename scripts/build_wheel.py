"""Builds the wheel of Parley: `python -m scripts.build_wheel [FOLDER]`, into dist/ where no folder is named.

From the files under version control alone, so that nothing else that lies around gets into it, and by the same back end
that any other front end of Python's would use. The same commit gives the same bytes, on any machine: times come from
SOURCE_DATE_EPOCH, names are sorted, and who may read a file is not asked of this machine.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGINNING_OF_2026 = "1767225600"


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist").resolve()
    with tempfile.TemporaryDirectory(prefix="parley-wheel-") as scratch:
        tree = Path(scratch) / "tree"
        for name in versioned_files():
            copy = tree / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy)
            copy.chmod(0o644)
        print(folder / build(tree, folder))


def versioned_files() -> list[str]:
    """What is under version control, or about to be, by its path."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file() and not left_out(name))


def left_out(name: str) -> bool:
    """Whether the file is needed neither by what is built nor for building it."""
    return name.startswith(("tests/", "benchmarks/", ".ci/"))


def build(tree: Path, folder: Path) -> str:
    """Have the back end build what is in the tree; returns the name of the file. In a process of its own: a back end
    works in the current folder and reads its time when it is imported."""
    folder.mkdir(parents=True, exist_ok=True)
    code = "import sys; from pdm import backend; print(backend.build_wheel(sys.argv[1]))"
    env = {"SOURCE_DATE_EPOCH": BEGINNING_OF_2026, **os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=tree, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip().splitlines()[-1]


if __name__ == "__main__":
    main()
