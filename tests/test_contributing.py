"""The map in CONTRIBUTING.md is the tree, and every file that it names is there."""

import re
import subprocess

from tests.stores import ROOT

PACKAGES = ("accounts", "api", "chat", "config", "core", "files", "imaging", "sharing", "upstream")
# What Django names the same everywhere, and folders whose files are shown by the line of the folder above.
UNSAID = {"commands", "management", "migrations"}
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LINE = re.compile(r"^    ([\w./]+/) {2,}\S", re.M)


def folders() -> set[str]:
    """The folders of the packages, and every other folder at the top."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = set()
    for path in filter(None, listed.split("\0")):
        *above, _name = path.split("/")
        if not above or not (ROOT / path).is_file():
            continue
        shown = above if above[0] in PACKAGES else above[:1]
        found |= {"/".join(shown[:depth]) + "/" for depth in range(1, len(shown) + 1) if shown[depth - 1] not in UNSAID}
    return {folder for folder in found if not UNSAID & set(folder.split("/"))}


def test_the_map_has_one_line_for_every_folder_and_no_other() -> None:
    lines = LINE.findall(TEXT)

    assert sorted(lines) == sorted(set(lines))
    assert set(lines) == folders()


def test_every_file_that_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:[\w.-]+/)+(?:[\w.-]+)?)`", TEXT))

    assert len(named) > 30
    assert [path for path in sorted(named) if not (ROOT / path).exists() and not path.startswith("locale/xx/")] == []


def test_no_room_has_more_than_anybody_can_overlook() -> None:
    counted: dict[str, set[str]] = {}
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for path in filter(None, listed.split("\0")):
        parts = path.split("/")
        if parts[0] in PACKAGES and (ROOT / path).is_file():
            for depth in range(1, len(parts)):
                if parts[depth - 1] == "migrations":  # there are as many as there are
                    break
                counted.setdefault("/".join(parts[:depth]), set()).add(parts[depth])

    unseen = {"__init__.py", "apps.py", "management", "migrations"}
    assert {room: len(found - unseen) for room, found in counted.items() if len(found - unseen) > 27} == {}
