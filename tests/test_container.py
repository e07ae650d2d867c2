"""The Containerfile, the compose file and the unit of the README: well formed, and what they run runs so."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.config.test_data_folder import modes
from tests.config.test_scheduled_backups import archives
from tests.confined import confined
from tests.questions import ask, eventually, watch
from tests.serving import PATIENCE, Server, wait_for_answer
from tests.stores import ROOT, Store, operator_less
from tests.test_contributing import PACKAGES
from tests.walks import ALL, long_walk

Instruction = tuple[str, str]
NOBODYS = 10_001  # the user in the Containerfile
TEXT = (ROOT / "Containerfile").read_text()
README = (ROOT / "README.md").read_text()


def stages() -> list[list[Instruction]]:
    """The instructions of each stage."""
    found: list[list[Instruction]] = []
    for line in re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^#.*\n", "", TEXT)).splitlines():
        name, _, words = line.partition(" ")
        if name == "FROM":
            found.append([])
        if found and name:
            found[-1].append((name, words.strip()))
    return found


def unit() -> str:
    """The unit for systemd in the README."""
    lines = README[README.index("    [Service]\n") :].splitlines()
    end = next(number for number, line in enumerate(lines) if line and not line.startswith("    "))
    return "\n".join(line[4:] for line in lines[:end])


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody on the machine may enter."""
    folder = Path(tempfile.mkdtemp(prefix="parley-container-"))
    folder.chmod(0o755)
    yield folder
    subprocess.run(["chmod", "--recursive", "u+w", folder], check=True)
    shutil.rmtree(folder)


def test_the_linter_finds_nothing() -> None:
    linter = Path(sys.executable).with_name("hadolint")

    done = subprocess.run([linter, "--no-color", ROOT / "Containerfile"], capture_output=True, text=True)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_last_stage_has_no_tools_and_no_rights() -> None:
    last = stages()[-1]
    run = " ".join(words for name, words in last if name == "RUN")

    assert "pip uninstall" in run
    assert not re.search(r"\b(apt-get|pip install|gcc|make)\b", run)
    assert [words for name, words in last if name == "USER"] == [f"{NOBODYS}:{NOBODYS}"]
    assert {"HEALTHCHECK", "VOLUME", "CMD"} <= {name for name, _ in last}
    assert [name for name, _ in last].index("USER") > max(n for n, (name, _) in enumerate(last) if name == "RUN")


def laid_out(target: Path) -> None:
    """What the last stage copies, as git has it."""
    for name, words in stages()[-1]:
        if name != "COPY" or words.startswith("--from"):
            continue
        *sources, to = words.split()
        for source in sources:
            listed = subprocess.run(["git", "ls-files", "-z", source], cwd=ROOT, capture_output=True, text=True)
            files = [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]
            assert files, f"{source} is not there"
            for path in files:
                inside = Path(path).relative_to(source) if (ROOT / source).is_dir() else Path(path).name
                (target / to / inside).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, target / to / inside)


def installed(target: Path) -> Path:
    """The Python of an environment made as the first stage makes it, in `make test-all`; else the one of the tests."""
    if not ALL:
        return Path(sys.executable)
    python = target.parent / "bin" / "python"  # one that everybody may run
    python.parent.mkdir()
    python.parent.chmod(0o755)
    python.symlink_to("/usr/bin/python3")
    shutil.copy(ROOT / "requirements.lock", target)
    for name, words in stages()[0]:
        if name == "RUN":
            command = words.replace("python -m pip", f"{sys.executable} -m pip")  # Debian's has none
            environ = {**os.environ, "PATH": f"{python.parent}:{os.environ['PATH']}"}
            subprocess.run(["sh", "-ec", command], cwd=target, env=environ, check=True)
    return target / ".venv" / "bin" / "python"


@long_walk
def test_it_serves_without_rights_on_a_system_that_cannot_be_written(template: Store, place: Path) -> None:
    program, temporary = place / "parley", place / "tmp"
    folders = [place / "data", place / "backups"]
    store = template.copy(folders[0])
    (store.folder / "static").unlink()
    for folder in (program, temporary, folders[1]):
        folder.mkdir()
    laid_out(program)
    assert {path.name for path in program.iterdir()} >= {*PACKAGES, "static", "templates", "manage.py"}
    python = installed(program)
    (compiled,) = (words for name, words in stages()[-1] if name == "RUN" and "compileall" in words)
    subprocess.run(["sh", "-ec", compiled.replace(".venv/bin/python", str(python))], cwd=program, check=True)
    if ALL and os.geteuid() == 0:
        for path in (*folders, *folders[0].rglob("*")):
            os.chown(path, NOBODYS, NOBODYS)
    subprocess.run(["chmod", "--recursive", "u=rX,go=rX", program], check=True)
    server = Server(store, env={"SITE_URL": "https://parley.example"})
    settings = {name: words for name, words in operator_less().items() if name != "DJANGO_SETTINGS_MODULE"}
    settings |= {**store.environment(), "BIND": f"0.0.0.0:{server.port}", "SITE_URL": "https://parley.example"}
    settings |= {"ALLOWED_HOSTS": "parley.example,127.0.0.1", "BACKUP_EVERY": "24h", "BACKUP_DIR": str(folders[1])}
    settings |= {"TMPDIR": str(temporary)}
    (start,) = (json.loads(words) for name, words in stages()[-1] if name == "CMD")
    (probe,) = (re.findall(r"CMD (\[.*\])", words)[0] for name, words in stages()[-1] if name == "HEALTHCHECK")
    command = confined([python, *start[1:]], writable=folders, temporary=temporary, user=NOBODYS if ALL else 0)

    log = place / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=program, env=settings, stdin=subprocess.DEVNULL, stdout=output, stderr=output, umask=0o022
        )
    try:
        wait_for_answer(server.url, process, log)
        alice = httpx.Client(
            base_url=server.url,
            cookies=server.cookies("alice"),
            headers={**server.client().headers, "X-Forwarded-Proto": "https", "Referer": "https://parley.example/"},
            trust_env=False,
        )
        assert watch(alice, ask(alice, "What is a lighthouse?")).state == "finished"
        alive = subprocess.run([sys.executable, *json.loads(probe)[1:]], cwd=program, env=settings)
        assert alive.returncode == 0
        eventually(lambda: archives(folders[1]))
        assert [modes(folder) for folder in folders] == [{}, {}]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0, log.read_text()
        store.drop()
    dead = subprocess.run([sys.executable, *json.loads(probe)[1:]], cwd=program, env=settings)
    assert dead.returncode == 1
    assert "Read-only" not in log.read_text()
    assert "Traceback" not in log.read_text()


def test_the_unit_of_the_readme_is_one_that_shuts_others_out(tmp_path: Path) -> None:
    path = tmp_path / "parley.service"
    path.write_text(unit().replace("/srv/parley", str(ROOT)))

    verified = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True)
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=20", path], capture_output=True, text=True
    )

    assert (verified.returncode, verified.stderr) == (0, "")
    assert exposed.returncode == 0, exposed.stdout
    for line in ("UMask=0077", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes"):
        assert line in unit().splitlines()


def settings_read() -> set[str]:
    """The names of all settings that come from the environment."""
    files = [ROOT / "config" / name for name in ("settings.py", "serve.py", "gunicorn.conf.py")]
    return {name for path in files for name in re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', path.read_text())}


def test_the_compose_file_names_what_is_there() -> None:
    compose: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    parley, database = compose["services"]["parley"], compose["services"]["database"]

    assert (ROOT / parley["build"]["dockerfile"]).is_file()
    assert set(parley["environment"]) <= settings_read()
    assert parley["read_only"]
    assert parley["cap_drop"] == ["ALL"]
    assert parley["security_opt"] == ["no-new-privileges:true"]
    assert parley["depends_on"]["database"]["condition"] == "service_healthy"
    assert [port.partition(":")[0] for port in parley["ports"]] == ["127.0.0.1"]
    assert "ports" not in database
    used = {volume.partition(":")[0] for service in (parley, database) for volume in service["volumes"]}
    assert used == set(compose["volumes"])
    declared = json.loads(next(words for name, words in stages()[-1] if name == "VOLUME"))
    assert {volume.partition(":")[2] for volume in parley["volumes"]} == set(declared)
    # One password on both sides, and none in the file.
    asked_for = re.findall(r"\$\{POSTGRES_PASSWORD:\?", (ROOT / "compose.yaml").read_text())
    assert len(asked_for) == 2


@long_walk
def test_the_bill_of_materials_lists_what_is_locked(tmp_path: Path) -> None:
    target = tmp_path / "sbom.json"
    recipe = subprocess.run(
        ["make", "--silent", "--dry-run", "sbom", f"SBOM={target}"], cwd=ROOT, capture_output=True, text=True
    )
    command = recipe.stdout.strip().splitlines()[-1].replace(".venv/bin/python", sys.executable)

    subprocess.run(["sh", "-ec", command], cwd=ROOT, check=True, capture_output=True)

    listed = json.loads(target.read_text())
    locked = re.findall(r"(?m)^([a-z0-9-]+)==([^ ;\\]+)", (ROOT / "requirements.lock").read_text())
    assert listed["bomFormat"] == "CycloneDX"
    assert listed["metadata"]["component"]["name"] == "parley"
    assert sorted((one["name"], one["version"]) for one in listed["components"]) == sorted(locked)
    assert all(one["externalReferences"][0]["hashes"] for one in listed["components"])
