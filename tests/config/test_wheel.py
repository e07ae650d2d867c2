"""Parley as a package: a wheel with everything in it, which serves wherever it is installed."""

import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import django
import httpx
import pytest

from tests.serving import free_port, wait_for_answer
from tests.stores import ROOT, operator_less
from tests.walks import long_walk

TOKEN = "watch-the-installed-one"
BUILD = [sys.executable, "-m", "scripts.build_wheel"]
TOPS = {"accounts", "api", "chat", "config", "core", "files", "imaging", "sharing", "upstream"}


def build(folder: Path) -> Path:
    """Build the wheel of this tree into the folder."""
    done = subprocess.run([*BUILD, str(folder)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def parley(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a Parley that is installed in an environment of its own, with what it depends on found in ours."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    [packages] = home.glob("lib/python3*/site-packages")
    (packages / "what_it_depends_on.pth").write_text(str(Path(django.__file__).parent.parent))
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin/python"), "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return home / "bin/parley"


def run(parley: Path, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([parley, *words], cwd=home, env=environ(home), capture_output=True, text=True, check=False)


def environ(home: Path, **values: str) -> dict[str, str]:
    """Of somebody who has that home and has set nothing else."""
    mine = {name: value for name, value in operator_less().items() if name not in {"DATABASE_URL", "XDG_DATA_HOME"}}
    return {**mine, "HOME": str(home), **values}


def test_the_wheel_holds_what_serves_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()

    packed = {name.partition("/")[0] for name in names}
    assert packed - {"README.md", "CHANGELOG.md", "CONTRIBUTING.md"} == {
        *TOPS,
        "templates",
        "static",
        "locale",
        "docs",
        next(name for name in packed if name.endswith(".dist-info")),
    }
    translated = {path.parent.parent.name for path in ROOT.glob("locale/*/LC_MESSAGES/django.po")}
    assert {f"locale/{name}/LC_MESSAGES/django.mo" for name in translated} == {
        name for name in names if name.startswith("locale/")
    }
    assert {"config/gunicorn.conf.py", "templates/base.html", "static/css/app.css", "docs/operating.md"} <= set(names)
    assert not [name for name in names if re.search(r"\.(pyc|po|sqlite3|lock)$|secret_key", name)]
    assert "Requires-Dist: prometheus-client" in metadata
    assert "Requires-Dist: pytest" not in metadata


def test_the_same_tree_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    assert build(tmp_path).read_bytes() == wheel.read_bytes()


def test_the_installed_command_says_what_it_can_do(parley: Path, tmp_path: Path) -> None:
    version = run(parley, "--version", home=tmp_path)
    help_page = run(parley, home=tmp_path)
    mistake = run(parley, "sreve", home=tmp_path)

    assert version.stdout == "Parley 0.1.0\n"
    assert {"serve", "doctor", "backup", "restore", "manage"} <= set(re.findall(r"^  (\w+)", help_page.stdout, re.M))
    assert (help_page.returncode, mistake.returncode) == (0, 1)
    assert mistake.stderr.startswith("There is no command sreve.")
    assert list(tmp_path.iterdir()) == [], "asking what it can do leaves nothing behind"


@long_walk
def test_an_installed_parley_serves_pages_files_and_languages(parley: Path, tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            [parley, "serve"],
            cwd=tmp_path,
            env=environ(tmp_path, PORT=str(port), WEB_CONCURRENCY="2", METRICS_TOKEN=TOKEN, LOG_FORMAT="json"),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        wait_for_answer(f"http://127.0.0.1:{port}", server, log)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            page = client.get("/accounts/login/")
            style = next(iter(re.findall(r'href="(/static/css/app\.\w+\.css)"', page.text)))
            german = client.get("/accounts/login/", headers={"Accept-Language": "de"})
            figures = [client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text for _ in range(20)]

            assert page.status_code == 200
            assert client.get(style).headers["Content-Type"].startswith("text/css")
            assert "Anmelden" in german.text
            assert 'version="0.1.0"' in figures[0]
            counted = [float(re.findall(r'parley_responses_total\{status="2xx"\} (\S+)', text)[0]) for text in figures]
            assert counted == sorted(counted), "one of the processes told less than another one before"
            assert counted[-1] >= 22
        assert f"Everything is kept in {tmp_path}/.local/share/parley." in log.read_text()
        assert (tmp_path / ".local/share/parley/parley.sqlite3").stat().st_mode & 0o077 == 0
        made = run(parley, "backup", str(tmp_path / "all.tar.gz"), home=tmp_path)
        assert made.returncode == 0, made.stderr
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        assert server.wait(30) == 0
