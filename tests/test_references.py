"""Code that names a page of our documentation finds it there, and names none that only its authors have."""

import re
import subprocess
from functools import cache

import pytest

from tests.stores import ROOT

PAGE = r"(?<![\w/])docs/[\w-]+\.md"  # not an address such as /docs/README.md
# A page and the headings in quotes behind it: docs/sonar.md, "Errors" and "Messages".
REFERENCE = re.compile(rf"({PAGE})`?((?:,? (?:and )?\"[^\"\n]{{1,60}}\")*)")
HEADING = re.compile(r"^#+ (.+?)\s*$", re.M)
# A line break, with what an indented or commented line begins with, is one space.
LINE_BREAK = re.compile(r"\s*\n[ \t]*(?:#:? |// |\* )?[ \t]*")
ELSEWHERE = re.compile(
    r"\b[Cc]ontract (?:part )?[A-I]\d?\b|\bcontract_[a-z]\d|\b(?:agent|upstream)-contract\b"
    r"|\b(?:design|ux|findings|goals|style-examples)\.md\b|\bfindings/"
)
BINARY = (".png", ".ico", ".woff2", ".gz", ".pdf", ".mo")


@cache
def texts() -> dict[str, str]:
    """What is under version control and can be read, by its path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [path for path in listed.split("\0") if path and not path.endswith((*BINARY, ".lock"))]
    here = f"tests/{__name__.rpartition('.')[2]}.py"
    kept = [path for path in paths if path != here and (ROOT / path).is_file()]
    return {path: (ROOT / path).read_text(encoding="utf-8", errors="replace") for path in kept}


def headings(page: str) -> set[str]:
    return set(HEADING.findall((ROOT / page).read_text(encoding="utf-8")))


def references(text: str) -> list[tuple[str, list[str]]]:
    """Each page that the text names, with the headings named behind it."""
    found = REFERENCE.findall(LINE_BREAK.sub(" ", text))
    return [(page, re.findall(r"\"([^\"]+)\"", quoted)) for page, quoted in found]


def test_every_page_and_heading_that_is_named_exists() -> None:
    lost = [
        f"{path}: {page} {heading}".rstrip()
        for path, text in texts().items()
        for page, named in references(text)
        for heading in named or [""]
        if not (ROOT / page).is_file() or (heading and heading not in headings(page))
    ]
    assert lost == []


@pytest.mark.parametrize("service", ["sonar", "agent", "gateway", "images"])
def test_code_names_the_facts_of_each_service(service: str) -> None:
    """Or the test above would hold for an empty set."""
    found = [path for path, text in texts().items() if path.endswith(".py") and f'docs/{service}.md, "' in text]
    assert found != []


def test_nothing_points_to_a_document_that_is_not_here() -> None:
    lost = {path: found.group() for path, text in texts().items() if (found := ELSEWHERE.search(text))}
    assert lost == {}


def test_references_are_found_over_the_end_of_a_line_and_several_headings() -> None:
    text = 'x  # docs/a.md,\n    # "One two" and "Three"\ny = """As `docs/b-c.md` says, "no"."""'
    assert references(text) == [("docs/a.md", ["One two", "Three"]), ("docs/b-c.md", [])]
