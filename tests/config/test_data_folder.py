"""What Parley stores is closed to every other account of the machine, whoever starts it and under whatever umask."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from config import data_folder
from config.checks.data_folder import check_data_folder
from tests.config.test_backup import attach
from tests.serving import COMMAND, Server, wait_for_answer
from tests.stores import ROOT, Store, operator_less

USUAL = 0o022  # the umask of systemd's services and of most shells
NOBODY = 65_534


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody on the machine may enter, as /var/lib and /srv are."""
    folder = Path(tempfile.mkdtemp(prefix="parley-place-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def old(template: Store, place: Path) -> Iterator[Store]:
    """A store of an earlier version: everybody may read everything in it, what SQLite keeps beside it too."""
    store = template.copy(place / "data")
    (store.folder / "static").unlink()
    for name in ("media/attachments/ab/file", "cache/agent-models.json", "parley.sqlite3.before-restore-1"):
        (store.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (store.folder / name).touch()
    opened(store.folder)
    yield store
    store.drop()


def opened(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def modes(folder: Path) -> dict[str, str]:
    """What is in the folder and is neither 0700 nor 0600, and the folder itself if it is not."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode != (0o700 if path.is_dir() else 0o600) and not path.is_symlink():
            found[str(path.relative_to(folder))] = f"{mode:o}"
    return found


def as_somebody_else(*command: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run it as another user. Only root can do that; everybody else has the modes to go by."""
    account = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {"user": None}
    return subprocess.run([*map(str, command)], capture_output=True, **account)  # type: ignore[call-overload]


@contextmanager
def running(store: Store) -> Iterator[Server]:
    """gunicorn under the usual umask. (How `make run` begins is in `test_commands`.)"""
    server = Server(store)
    environ = {**operator_less(), **store.environment(), "PORT": str(server.port)}
    log = store.folder.parent / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            COMMAND, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=output, stderr=output, umask=USUAL
        )
    try:
        wait_for_answer(server.url, process, log)
        yield server
    finally:
        server.release()
        process.terminate()
        process.wait(30)


def test_a_start_closes_what_an_earlier_version_left_open(old: Store) -> None:
    others = [old.folder / "secret_key", old.folder / "sessions.json"]
    if os.geteuid() == 0:
        assert as_somebody_else("cat", *others).returncode == 0, "nobody could get at it before either"

    with running(old) as server:
        alice = server.client("alice")
        assert alice.get(attach(alice)).status_code == 200

        assert modes(old.folder) == {}
        if not old.is_postgresql:
            others += sorted(old.folder.glob("parley.sqlite3*"))
            assert {path.name for path in others} >= {"parley.sqlite3", "parley.sqlite3-wal", "parley.sqlite3-shm"}
        if os.geteuid() == 0:
            for path in others:
                assert b"Permission denied" in as_somebody_else("cat", path).stderr
            assert as_somebody_else("ls", old.folder).returncode != 0


def test_a_command_closes_it_and_makes_nothing_that_is_open(old: Store, place: Path) -> None:
    """On SQLite with a database elsewhere: that is closed, and its folder is not Parley's."""
    environ = {**operator_less(), **old.environment()}
    database = place / "elsewhere.sqlite3"
    if not old.is_postgresql:
        (old.folder / "parley.sqlite3").rename(database)
        environ["DATABASE_URL"] = f"sqlite:///{database}"
    command = [sys.executable, "manage.py", "backup", str(place / "backup.tar")]

    done = subprocess.run(command, cwd=ROOT, env=environ, umask=USUAL, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert modes(old.folder) == {}
    assert set(modes(place)) == {"."}
    assert stat.S_IMODE(place.stat().st_mode) == 0o755


def test_what_stays_open_is_named_with_its_owner(settings: Settings, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    settings.DATA_DIR = tmp_path
    assert check_data_folder(None) == []

    (tmp_path / "copy").touch()
    (tmp_path / "copy").chmod(0o640)
    (said,) = check_data_folder(None)

    assert said.id == "parley.W010"
    assert f"have access to {tmp_path / 'copy'}" in str(said.msg)
    assert f"belongs to {tmp_path.owner()}" in str(said.msg)


def test_a_folder_of_somebody_else_is_said_at_the_start(template: Store, place: Path) -> None:
    """Root could close it, so it runs here as somebody else, who may only write there."""
    folder = place / "data"
    folder.mkdir()
    folder.chmod(0o777)
    look = (
        "import sys; from pathlib import Path; from config import data_folder; folder = Path(sys.argv[1]);"
        "data_folder.keep_private(folder); print(*data_folder.open_paths(folder))"
    )
    if os.geteuid() != 0:
        look = look.replace("data_folder.keep_private(folder); ", "")

    copied = place / "config"
    copied.mkdir()
    (copied / "data_folder.py").write_text((ROOT / "config" / "data_folder.py").read_text())
    opened(copied)
    done = as_somebody_else("env", f"PYTHONPATH={place}", "/usr/bin/python3", "-c", look, folder)

    assert done.stdout.decode().split() == [str(folder)], done.stderr.decode()


def test_a_folder_that_belongs_to_all_is_left_alone(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    (shared / "of another program").touch(mode=0o644)
    shared.chmod(0o1777)
    (shared / "of another program").chmod(0o644)

    data_folder.keep_private(shared, everywhere=True)

    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777
    assert stat.S_IMODE((shared / "of another program").stat().st_mode) == 0o644
    assert list(data_folder.open_paths(shared)) == [shared]


def test_links_are_not_followed_and_programs_stay_programs(tmp_path: Path) -> None:
    folder, outside = tmp_path / "data", tmp_path / "outside"
    (folder / "bin").mkdir(parents=True)
    outside.touch()
    outside.chmod(0o644)
    (folder / "bin" / "program").touch()
    (folder / "bin" / "program").chmod(0o755)
    (folder / "link").symlink_to(outside)
    opened_before = data_folder.open_paths(folder)
    folder.chmod(0o755)
    (folder / "bin").chmod(0o755)

    assert set(opened_before) == {folder, folder / "bin", folder / "bin" / "program"}
    data_folder.keep_private(folder)

    assert list(data_folder.open_paths(folder, everywhere=True)) == []
    assert stat.S_IMODE((folder / "bin" / "program").stat().st_mode) == 0o700
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644
