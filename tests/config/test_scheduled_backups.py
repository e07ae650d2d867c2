"""Backups that a running Parley makes by itself, and the drill: what they hold comes back whole somewhere else."""

import os
import shutil
import stat
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from pytest_django import Settings

from config.backup.archive import DRAFT
from config.backup.schedule import claim, give_back, record, renew
from config.checks.backups import check_backups
from config.models import BackupSchedule
from tests.config.archives import backed_up, contents, manage, restored
from tests.hard_rows import hold_hard_rows
from tests.questions import eventually
from tests.serving import Server
from tests.stores import Store
from tests.walks import long_walk

ROW = "SELECT lease_holder, tried_at, succeeded_at, error FROM config_backupschedule"


@pytest.fixture
def filled(template: Store, tmp_path: Path) -> Iterator[Store]:
    """A store with rows that are hard to keep, and their files."""
    store = template.copy(tmp_path / "filled")
    hold_hard_rows(store)
    yield store
    store.drop()


@pytest.fixture
def elsewhere_empty(tmp_path: Path) -> Iterator[Store]:
    """A store in which nothing is, as on another machine."""
    store = Store.empty(tmp_path / "elsewhere")
    yield store
    store.drop()


def server_on(store: Store, folder: Path, *, keep: int = 7, workers: int = 1) -> Server:
    settings = {"BACKUP_EVERY": "24h", "BACKUP_DIR": str(folder), "BACKUP_KEEP": str(keep)}
    return Server(store, env=settings, workers=workers)


def archives(folder: Path) -> list[Path]:
    return sorted(folder.glob("parley-*.tar.gz"))


def has_succeeded(store: Store) -> bool:
    return bool(
        store.rows("SELECT 1 FROM config_backupschedule WHERE succeeded_at = tried_at AND lease_holder IS NULL")
    )


def compared(archive: Path) -> dict[str, bytes]:
    """Every row, every file and the key; the manifest has the time in it."""
    return {name: data for name, data in contents(archive).items() if name != "manifest.json"}


@long_walk
def test_one_of_many_processes_makes_it_and_everything_comes_back_elsewhere(
    filled: Store, elsewhere_empty: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    first = server_on(filled, folder, workers=2).start()
    try:
        twin = first.twin()
        eventually(lambda: has_succeeded(filled), within=60)
        (made,) = archives(folder)
        said = first.log() + twin.log()
        assert said.count("A backup was made.") == 1, said
        assert first.client().get("/readyz").json()["backup"] == "ok"
    finally:
        first.release()
        first.kill()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert {path.name for path in folder.iterdir()} == {".making", made.name}
    assert "4 people" in restored(elsewhere_empty, made)
    again = backed_up(elsewhere_empty, tmp_path / "again.tar.gz")
    assert compared(again) == compared(made)
    kept = {str(path.relative_to(filled.folder / "media")) for path in (filled.folder / "media").rglob("*/*/*")}
    assert kept == {name.removeprefix("files/") for name in compared(made) if name.startswith("files/")}
    assert "tables/chat.answer/000001.jsonl" in compared(made)


@long_walk
def test_the_last_ones_are_kept_and_other_files_are_left_alone(filled: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [folder / f"parley-2026010{day}-000000.tar.gz" for day in range(1, 4)]
    others = [folder / "parley-notes.tar.gz", folder / "parley.tar", folder / "parley-20260101-000000.tar.gz.sig"]
    left_over = folder / DRAFT.replace("*", "killed")
    for path in (*old, *others, left_over):
        path.touch()

    done = manage(filled, "backup", env={"BACKUP_DIR": str(folder), "BACKUP_KEEP": "2"})

    assert done.returncode == 0, done.stderr
    made = next(path for path in archives(folder) if path not in [*old, *others])
    assert set(folder.iterdir()) == {made, old[2], *others, folder / ".making"}
    assert f"{made}: " in done.stdout


def test_a_failure_is_told_and_leaves_what_was_there(filled: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    before = folder / "parley-20260101-000000.tar.gz"
    before.touch()
    os.truncate(before, shutil.disk_usage(folder).free)  # sparse: the next one would not fit
    server = server_on(filled, folder).start()
    try:
        error = eventually(lambda: filled.rows("SELECT error FROM config_backupschedule WHERE error <> ''"), within=60)
        ready = server.client().get("/readyz")
        said = server.log()
    finally:
        server.kill()
    doctor = manage(filled, "doctor", "--no-address", env=server.env)

    assert (ready.status_code, ready.json()["backup"]) == (200, "The last backup failed.")
    assert "No backup was made. A backup takes about" in error[0][0]
    assert "The scheduled backup failed. No backup was made. A backup takes about" in said
    assert "Traceback" not in said
    assert f"problem backups: The last one failed. {error[0][0]}" in doctor.stdout
    assert {path.name for path in folder.iterdir()} == {".making", before.name}
    assert filled.rows(ROW)[0][2] is None


@long_walk
def test_one_that_is_broken_off_leaves_nothing_and_is_made_by_whoever_comes_next(filled: Store, tmp_path: Path) -> None:
    """A pipe in the place of a file that was attached: who reads it waits until somebody writes."""
    folder = tmp_path / "backups"
    attached = next(path for path in (filled.folder / "media" / "attachments").rglob("*/*") if not path.suffix)
    data = attached.read_bytes()
    attached.unlink()
    os.mkfifo(attached)
    server = server_on(filled, folder).start()
    try:
        eventually(lambda: list(folder.glob(DRAFT)), within=60)
        (child,) = (one for one in psutil.Process(server.pid).children(recursive=True) if "--gently" in one.cmdline())
        assert child.nice() == 19
        refused = manage(filled, "backup", env=server.env)
        server.stop()
        assert not child.is_running()
        assert not list(folder.glob(DRAFT))
        assert [row[:2] for row in filled.rows(ROW)] == [(None, None)]

        server.start()
        eventually(lambda: list(folder.glob(DRAFT)), within=60)
    finally:
        server.kill()
    assert "Another backup is being made" in refused.stderr
    assert filled.rows(ROW)[0][0] is not None
    attached.unlink()
    attached.write_bytes(data)
    eventually(lambda: "Another backup" not in manage(filled, "backup", env={"BACKUP_DIR": str(folder)}).stderr)
    for path in archives(folder):
        path.unlink()

    filled.rows("UPDATE config_backupschedule SET lease_expires_at = '2026-01-01 00:00:00+00:00'")
    server.start()
    try:
        eventually(lambda: has_succeeded(filled), within=60)
    finally:
        server.kill()

    assert not list(folder.glob(DRAFT))
    assert len(archives(folder)) == 1


def test_it_is_due_when_the_time_has_passed_and_for_one_process_alone(db: None) -> None:
    day = timedelta(days=1)
    first, second = uuid.uuid4(), uuid.uuid4()

    def hours_later(hours: int) -> None:
        for row in BackupSchedule.objects.all():
            for name in ("tried_at", "lease_expires_at"):
                setattr(row, name, getattr(row, name) - timedelta(hours=hours))
            row.save()

    assert claim(holder=first, every=day)
    assert not claim(holder=second, every=day), "two at once"
    record(holder=second, error="of somebody who has no say")
    record(holder=first, error="")
    assert not claim(holder=second, every=day), "before a day has passed"
    hours_later(23)
    assert not claim(holder=second, every=day)
    hours_later(1)
    assert claim(holder=second, every=day)

    record(holder=second, error="The disk is full.")
    assert not claim(holder=first, every=day)
    hours_later(1)
    assert claim(holder=first, every=day), "a failure waits for a day"
    renew(holder=first)
    assert not claim(holder=second, every=day)
    hours_later(1)
    assert claim(holder=second, every=day), "a process that is gone keeps the lease"
    give_back(holder=second)
    assert claim(holder=first, every=day), "what was broken off waits for a day"
    record(holder=first, error="")
    only = BackupSchedule.objects.get()
    assert (only.error, only.succeeded_at) == ("", only.tried_at)


def test_a_folder_that_cannot_be_written_is_refused_at_the_start(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_DIR = Path("/proc/backups")
    assert check_backups(None) == []

    settings.BACKUP_EVERY = timedelta(hours=24)
    (tmp_path / "file").touch()
    for folder in (Path("/proc/1/backups"), tmp_path / "file" / "backups"):
        settings.BACKUP_DIR = folder
        (said,) = check_backups(None)
        assert said.id == "parley.E060"
    settings.BACKUP_DIR = tmp_path / "to" / "be" / "made"
    assert check_backups(None) == []
