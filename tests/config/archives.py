"""Backups for tests: made and restored by the commands, and rewritten as an attacker or a bad disk would."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from config.backup.archive import SUMS, create_archive, read_members
from tests.stores import ROOT, Store, operator_less

Members = dict[str, bytes]


def manage(store: Store, *words: str | Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run manage.py on the store."""
    environ = {name: value for name, value in operator_less().items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, words)],
        cwd=ROOT,
        env={**environ, **store.environment(), **(env or {})},
        capture_output=True,
        text=True,
    )


def backed_up(store: Store, path: Path, *, env: Mapping[str, str] | None = None) -> Path:
    """A backup of the store in this file."""
    done = manage(store, "backup", path, env=env)
    assert done.returncode == 0, done.stderr[-2000:]
    return path


def restored(store: Store, path: Path, *options: str, env: Mapping[str, str] | None = None) -> str:
    """Restore the backup into the store; returns what was said."""
    done = manage(store, "restore", path, *options, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def contents(path: Path) -> Members:
    """Every member but the list of hashes."""
    return {member.name: member.read() for member in read_members(path) if member.name != SUMS}


def rewritten(path: Path, target: Path, change: Callable[[Members], None]) -> Path:
    """The same archive with other members, and with hashes that are right for them."""
    found = contents(path)
    change(found)
    with create_archive(target) as archive:
        for name, data in found.items():
            archive.add(name, data)
    return target
