"""Makes the environment that the Makefile's targets need. Runs on the system's Python, with nothing installed.

    python3 scripts/prepare.py run       what serving needs
    python3 scripts/prepare.py test      what the tests and linters need too, specifications, a browser, front servers

What is in place already is left alone: a lock file that has not changed since it was installed costs nothing.
The syntax is kept old on purpose, so that an old Python gets far enough to say that it is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
LOCKS = {
    "run": ["requirements.lock"],
    "test": ["requirements.lock", "requirements-dev.lock", "requirements-model.lock"],
}
SPECIFICATIONS = "requirements-specifications.lock"
FRONT_SERVERS = {"nginx": "nginx-light", "caddy": "caddy", "openssl": "openssl"}  # program: Debian's package
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else "run"
    if what not in LOCKS:
        sys.exit(f"Say what to prepare: {' or '.join(sorted(LOCKS))}.")
    use_a_new_enough_python()
    make_environment()
    for lock in LOCKS[what]:
        install(ROOT / lock)
    if what == "test":
        get_specifications()
        get_browser()
        get_front_servers()


def use_a_new_enough_python() -> None:
    """Go on in a Python that is new enough: this one, or another on the PATH."""
    if sys.version_info[:2] >= OLDEST:
        return
    for minor in (14, 13, 12, 11):
        other = shutil.which(f"python3.{minor}")
        if other and runs([other, "-c", ""]):
            os.execv(other, [other, *sys.argv])
    have = ".".join(str(part) for part in sys.version_info[:2])
    sys.exit(
        f"Parley needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {have}. "
        "Install a newer one, or say where one is: make run PYTHON=/path/to/python3"
    )


def make_environment() -> None:
    """Make .venv, unless a working one is there."""
    if PYTHON.exists() and runs([str(PYTHON), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]):
        return
    say("Creating the environment in .venv …")
    if not runs([sys.executable, "-c", "import ensurepip, venv"]) or not runs(
        [sys.executable, "-m", "venv", "--clear", str(VENV)]
    ):
        shutil.rmtree(str(VENV), ignore_errors=True)
        sys.exit(
            "This Python cannot make a virtual environment. On Debian and Ubuntu that part is a package of its own: "
            "sudo apt-get install python3-venv"
        )


def install(lock: Path) -> None:
    """Install exactly what the lock file names, checked by hash, unless that has been done."""
    get(lock, "install")


def get_specifications() -> None:
    """Get the source distribution whose own tests contain the examples of the Markdown specifications, to be read by
    ours. It stays packed, beside the environment's packages; nothing of it is installed."""
    folder = VENV / "specifications"
    if not folder.exists():
        (VENV / f"{SPECIFICATIONS}.installed").unlink(missing_ok=True)
    download = ["download", "--no-binary", ":all:", "--no-build-isolation", "--dest", str(folder)]
    get(ROOT / SPECIFICATIONS, *download, replaces=str(folder))


def get(lock: Path, *command: str, replaces: str = "") -> None:
    """Have pip do something with what the lock file names, checked by hash, unless that has been done; `replaces` is a
    folder that goes first."""
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = VENV / f"{lock.name}.installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Installing what {lock.name} names …")
    if replaces:
        shutil.rmtree(replaces, ignore_errors=True)
    pip = [str(PYTHON), "-m", "pip", *command, "--quiet", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.call([*pip, "--no-deps", "--require-hashes", "-r", str(lock)]) != 0:
        sys.exit("Some packages could not be installed; the lines above say why. Fix that, then run make again.")
    stamp.write_text(wanted)


def get_browser() -> None:
    """Make sure that the browser tests find a Chromium: on the PATH, from the system's packages, or Playwright's."""
    if os.environ.get("CHROMIUM") or any(shutil.which(name) for name in BROWSERS) or playwright_has_one():
        return
    say("Getting Chromium for the browser tests …")
    if apt_install("chromium-headless-shell") or apt_install("chromium"):
        return
    if subprocess.call([str(PYTHON), "-m", "playwright", "install", "chromium"]) == 0:
        return
    sys.exit("Chromium is missing and could not be installed. Install it, or say where it is: CHROMIUM=… make test")


def get_front_servers() -> None:
    """Make sure that the tests find the servers that stand in front of Parley, and what makes their certificate."""
    for program, package in FRONT_SERVERS.items():
        if finds_program(program):
            continue
        say(f"Getting {program} for the tests …")
        if not apt_install(package):
            sys.exit(f"{program} is missing and could not be installed. Install it, so that make test finds it.")


def finds_program(name: str) -> bool:
    """Whether the program is there; some systems keep servers where people's PATH does not lead."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin") is not None


def playwright_has_one() -> bool:
    """Whether Playwright has downloaded its own Chromium before."""
    look = (
        "import os, sys\n"
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright:\n"
        "    sys.exit(not os.path.exists(playwright.chromium.executable_path))"
    )
    return runs([str(PYTHON), "-c", look])


def apt_install(package: str) -> bool:
    """Install a Debian package where that asks for no password. Says whether it worked."""
    become_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (become_root and not shutil.which("sudo")):
        return False
    apt = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    runs([*apt, "update"])
    return runs([*apt, "install", "-y", package])


def runs(command: "list[str]") -> bool:
    """Whether the command ends well. What it prints is not shown."""
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    main()
