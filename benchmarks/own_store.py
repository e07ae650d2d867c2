"""Measures that need a full database: a module of this folder fills a store of its own, in a process of its own."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.stores import Store, operator_less


def measured_inside(name: str, count: int, *, tree: Path) -> list[tuple[str, str, str]]:
    """What the tree's own copy of the module measured with so many of what it fills in: what, the figure, its goal."""
    folder = Path(tempfile.mkdtemp(prefix=f"parley-{name}-"))
    store = Store.empty(folder / "data", tree=tree)
    try:
        done = subprocess.run(
            [store.python, "-m", f"benchmarks.{name}", str(count), "inside"],
            cwd=tree,
            env={**operator_less(), **store.environment(), "LOG_LEVEL": "ERROR"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return [(what, figure, goal) for what, figure, goal in json.loads(done.stdout.splitlines()[-1])]
    finally:
        store.drop()
        shutil.rmtree(folder, ignore_errors=True)
