"""The rules that hold for the whole tree: which way imports point, what pages may contain, what files may name."""

import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from html5lib import HTMLParser
from html5lib.treebuilders import getTreeBuilder

from tests.environment import forget_the_operator
from tests.stores import ROOT

LONGEST_FILE = 400
PACKAGES = ("accounts", "api", "chat", "config", "core", "files", "imaging", "sharing", "upstream")
OF_DJANGO = {"migrations", "management"}  # their places are given by Django
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-model.lock")
# A home folder, or the place where some machine keeps its work; written so that this line is not one itself.
HOME_OF_A_MACHINE = re.compile(r"(?<![\w.~:/-])/(?:home|Users|root|work|farm)/[a-z]", re.IGNORECASE)
TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
NAMESPACES = re.compile(r"https?://www\.w3\.org/[\w/#.-]*")


@cache
def files() -> list[Path]:
    """Everything that is, or is about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def named(*endings: str, under: str = "") -> list[Path]:
    """The files with one of the endings."""
    return [path for path in files() if path.suffix in endings and path.is_relative_to(ROOT / under)]


def test_imports_point_downwards_only() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"

    done = subprocess.run([sys.executable, "-c", command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_every_package_has_a_contract_that_names_all_its_modules() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    held = {contract["containers"][0] for contract in contracts if contract.get("exhaustive")}
    rooms: dict[str, set[str]] = {}
    for path in named(".py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] in PACKAGES and not OF_DJANGO & set(parts):
            for depth in range(1, len(parts)):
                rooms.setdefault(".".join(parts[:depth]), set()).add(parts[depth])

    assert held >= {room for room, inside in rooms.items() if len(inside - {"__init__"}) > 1}


def test_files_are_short_enough_to_be_read() -> None:
    written = [path for path in named(".py", ".js", ".css", ".html") if "migrations" not in path.parts]

    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in written
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }

    assert not too_long


def test_a_class_is_styled_in_one_file() -> None:
    # On paper, on small screens, in forced colours, and by the direction of their script, many things are styled alike;
    # the administration is Django’s.
    shared = {"base/contrast.css", "base/direction.css", "base/print.css", "layout/small.css", "review.css"}
    homes: dict[str, set[str]] = {}
    for path in named(".css", under="static"):
        name = str(path.relative_to(ROOT / "static/css"))
        for style in re.findall(r"^ +\.([\w-]+)(?:\.[\w-]+|\[[^\]]*\])*(?:,| \{)$", path.read_text(), re.MULTILINE):
            homes.setdefault(style, set()).add(name)

    assert homes
    assert not {style: files for style, files in homes.items() if len(files - shared) > 1}


def test_templates_hold_no_code_and_no_style() -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {fault}"
        for path in named(".html", under="templates")
        for fault in inline_code(path.read_text())
    ]

    assert not faults


@pytest.mark.parametrize(
    "html",
    [
        "<p style='color: red'>",
        "<button ONCLICK=go()>",
        "<script>go()</script>",
        "<style>p { color: red }</style>",
        "<a href=' javascript:go()'>",
        "<a {% if x %}onclick='go()'{% endif %}>",
    ],
)
def test_inline_code_would_be_found(html: str) -> None:
    assert inline_code(html)


def test_pages_name_no_other_host() -> None:
    written = [*named(".html", under="templates"), *named(".js", ".css", ".svg", ".webmanifest", under="static")]

    faults = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in written
        for found in re.finditer(r"\w+://[\w{]|[\"'(]//[\w{]", NAMESPACES.sub("", path.read_text()))
    ]

    assert not faults


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_a_hash_for_everything_and_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ")
    requirements = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]

    assert requirements
    assert all(re.match(r"[\w.-]+==\S+ ", line) for line in requirements), "something is not pinned"
    assert all(" --hash=sha256:" in line for line in requirements), "something has no hash"
    assert "://" not in text
    assert "index-url" not in text


def test_what_serving_needs_is_pinned_alike_for_tests() -> None:
    serving, testing = (
        set(re.findall(r"^([\w.-]+==[^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS[:2]
    )

    assert serving
    assert serving <= testing


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    texts = [path for path in files() if path.suffix not in {".png", ".jpg", ".lock", ".gif", ".webp"}]

    faults = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in texts
        for found in HOME_OF_A_MACHINE.finditer(path.read_text(errors="replace"))
    ]

    assert not faults


def test_the_readme_lists_exactly_the_settings_that_are_read() -> None:
    read = {
        name
        for path in named(".py", under="config")
        for name in re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"", path.read_text())
    }

    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))

    assert read == listed


def test_the_settings_tests_forget_are_the_settings_that_are_read() -> None:
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))

    forgotten = dict.fromkeys(listed, "set")
    forget_the_operator(forgotten)

    assert set(forgotten) == {"DATABASE_URL"}


def inline_code(html: str) -> list[str]:
    """What a strict content policy would refuse in the template: scripts, styles, event handlers."""
    plain = TEMPLATE_TAG.sub(" ", html)
    tree = HTMLParser(tree=getTreeBuilder("etree"), namespaceHTMLElements=False).parseFragment(plain)
    faults = []
    for element in tree.iter():
        if element.tag in {"script", "style"} and (element.text or "").strip():
            faults.append(f"<{element.tag}> with something in it")
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:"):
                faults.append(f'{name}="{value}"')
    return faults
