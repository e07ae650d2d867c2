"""The two commands as a person meets them: what is printed, what a second start keeps, what each refusal says."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.config.test_data_folder import modes
from tests.serving import PATIENCE, PLAIN, free_port, wait_for_answer
from tests.stores import ROOT, Store, operator_less
from tests.walks import long_walk

LINK = re.compile(r"http://127\.0\.0\.1:\d+/accounts/\S+")


class Run:
    """`make run` on a data folder and port of its own."""

    def __init__(self, folder: Path, *, env: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / f"run-{self.port}.log"
        place = {"DATA_DIR": str(folder / "data"), "PORT": str(self.port), "PYTHON": sys.executable}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["make", "--silent", "run"],
                cwd=ROOT,
                env={**operator_less(), **place, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o022,
            )

    def up(self) -> "Run":
        """Wait until it answers."""
        try:
            wait_for_answer(self.url, self._process, self._log)
        except AssertionError:
            self.end()
            raise
        return self

    def printed(self) -> str:
        """Everything printed so far."""
        return self._log.read_text(errors="replace")

    def interrupt(self) -> str:
        """Press Ctrl-C, which reaches every process of the terminal. Returns everything printed."""
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.wait(PATIENCE)
        return self.printed()

    def end(self) -> None:
        """Leave nothing running."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an empty database of one's own."""
    store = Store.empty(tmp_path / "empty")
    yield dict(store.environment())
    store.drop()


def test_the_first_run_prints_the_address_and_a_link_that_works(tmp_path: Path, empty: dict[str, str]) -> None:
    run = Run(tmp_path, env=empty).up()
    try:
        assert f"Parley is at {run.url}" in run.printed()
        link = LINK.search(run.printed())
        assert link, run.printed()
        assert httpx.get(link.group(), **PLAIN).status_code == 200
        assert modes(Path(empty["DATA_DIR"])) == {}, "others can see what is stored"
        said = run.interrupt()
    finally:
        run.end()

    assert said.rindex(link.group()) > said.index("Parley is at")
    assert "Traceback" not in said


@long_walk
def test_a_second_run_keeps_the_team_and_says_where_to_sign_in(template: Store, tmp_path: Path) -> None:
    store = template.copy(tmp_path / "data")
    secret = (store.folder / "secret_key").read_text()
    try:
        for _ in range(2):
            run = Run(tmp_path, env=dict(store.environment())).up()
            try:
                signed_in = httpx.get(run.url, cookies={"sessionid": store.sessions()["alice"]}, **PLAIN)
                assert signed_in.status_code == 200, "the session did not survive"
                assert f"Sign in at {run.url}/" in run.printed()
                run.interrupt()
            finally:
                run.end()
        assert (store.folder / "secret_key").read_text() == secret
        assert store.rows("SELECT count(*) FROM accounts_user") == [(4,)]
    finally:
        store.drop()


@long_walk
def test_two_first_starts_at_once_do_not_get_in_each_others_way(tmp_path: Path, empty: dict[str, str]) -> None:
    runs = [Run(tmp_path, env=empty), Run(tmp_path, env=empty)]
    try:
        assert all("Traceback" not in run.up().printed() for run in runs)
    finally:
        for run in runs:
            run.end()


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environ = {**operator_less(), "DATA_DIR": str(tmp_path), "PORT": str(port), "PYTHON": sys.executable}

        done = subprocess.run(["make", "run"], cwd=ROOT, env=environ, capture_output=True, text=True)

    assert done.returncode != 0
    assert f"Port {port} is used by another program." in done.stderr
    assert "Traceback" not in done.stderr


def test_an_old_python_is_said_in_a_sentence(tmp_path: Path) -> None:
    pretend = (
        "import runpy, sys; sys.version_info = (3, 9, 1); sys.argv = ['prepare.py', 'run']; "
        "runpy.run_path('scripts/prepare.py', run_name='__main__')"
    )

    done = subprocess.run(
        [sys.executable, "-c", pretend],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Parley needs Python 3.11 or newer; this is 3.9.")
    assert len(done.stderr.splitlines()) == 1


def test_a_python_without_venv_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "prepare.py", tmp_path / "scripts")
    (tmp_path / "ensurepip.py").write_text("raise ImportError")

    done = subprocess.run(
        [sys.executable, "scripts/prepare.py", "run"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("This Python cannot make a virtual environment.")
    assert "sudo apt-get install python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_no_python_at_all_is_said_in_a_sentence() -> None:
    done = subprocess.run(["make", "run", "PYTHON=python9"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode != 0
    assert "Parley needs Python 3.11 or newer, and there is no python9 here." in done.stdout


def test_help_names_the_targets() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True)

    assert all(f"make {target} " in done.stdout for target in ("run", "test", "lint", "format", "bench"))
