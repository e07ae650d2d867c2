"""Writes into a server's database what a test wishes to find there, through the product's own code.

That needs a process with the server's settings: `python -m tests.writing`, a line of JSON in, a line out. It stays for
the next wish, and what it takes to start is paid for once.
"""

import atexit
import json
import os
import subprocess
import sys
from importlib import import_module
from typing import Any

from tests.stores import ROOT, Store, operator_less

_processes: dict[str, subprocess.Popen[str]] = {}  # by data folder, and one at a time


def written(store: Store, module: str, wish: Any) -> Any:
    """What `write` of that module returns, given the wish, in a process on this store. Its server may be running."""
    process = _process_on(store)
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps([module, wish]) + "\n")
    process.stdin.flush()
    told = process.stdout.readline()
    if not told:
        _end_all()
        raise AssertionError(f"{module} could not write this; stderr says why")
    return json.loads(told)


def _process_on(store: Store) -> subprocess.Popen[str]:
    key = str(store.folder)
    if key not in _processes:
        _end_all()
        _processes[key] = subprocess.Popen(
            [sys.executable, "-m", "tests.writing"],
            cwd=ROOT,
            env={**operator_less(), **store.environment()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    return _processes[key]


@atexit.register
def _end_all() -> None:
    while _processes:
        _, process = _processes.popitem()
        process.communicate()


def main() -> None:
    """Read wishes, fulfil them, tell what came of it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    for line in sys.stdin:
        module, wish = json.loads(line)
        made = import_module(module).write(wish)
        connection.close()  # whoever copies the database, or puts it back, must find it let go
        print(json.dumps(made), flush=True)


if __name__ == "__main__":
    main()
