"""The examples of CommonMark's and GitHub's specifications, read from a package at the time of the test.

The package is the source distribution of marko, another parser, whose tests contain both texts; `scripts/prepare.py`
puts it where the environment is. Nothing of it is installed or run.
"""

import re
import sys
import tarfile
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(sys.prefix) / "specifications"
FILES = {"CommonMark": "commonmark.txt", "GFM": "gfm.txt"}

_EXAMPLE = re.compile(
    r"^(?P<fence>`{32}) example(?P<marks>[^\n]*)\n(?P<markdown>.*?)^\.\n(?P<html>.*?)^(?P=fence)$"
    r"|^#{1,6} +(?P<heading>[^\n]+)$",
    re.MULTILINE | re.DOTALL,
)


class Example(NamedTuple):
    """One example: its number counts from 1, as in the published text."""

    suite: str
    number: int
    section: str
    markdown: str
    html: str

    def __str__(self) -> str:
        return f"{self.suite} {self.number}, {self.section}: {self.markdown!r}"


@lru_cache
def examples(suite: str) -> tuple[Example, ...]:
    """All examples of a suite, in order."""
    section = ""
    found: list[Example] = []
    for match in _EXAMPLE.finditer(_text(FILES[suite])):
        if match["heading"]:
            section = match["heading"]
            continue
        markdown, html = (match[part].replace("\u2192", "\t") for part in ("markdown", "html"))
        found.append(Example(suite, len(found) + 1, section, markdown, html))
    return tuple(found)


def every_example() -> list[Example]:
    """The examples of all suites."""
    return [example for suite in FILES for example in examples(suite)]


def _text(name: str) -> str:
    archives = [*FOLDER.glob("marko-*.tar.gz")]
    assert len(archives) == 1, f"{FOLDER} holds no specifications: `python3 scripts/prepare.py test` gets them"
    with tarfile.open(archives[0]) as archive:
        member = next(member for member in archive.getmembers() if member.name.endswith(f"/tests/spec/{name}"))
        file = archive.extractfile(member)
        assert file
        return file.read().decode()
