"""How far the tests walk that make up their cases: a part of the way in `make test`, all of it in `make test-all`."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pytest

ALL = os.environ.get("WALKS") == "all"
PART = 4  # `make test` tries one in so many
FEWEST = 50

T = TypeVar("T")

long_walk = pytest.mark.long_walk
"""A test for `make test-all` alone: its subject has a shorter one in `make test`."""


def further_cases(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Of tests in a browser that differ in a value alone, all but the first: a page costs half a second of a core, and
    what a browser does with the first value it does with the next."""
    seen: set[tuple[Path, str]] = set()
    further = []
    for item in items:
        test = (item.path, getattr(item, "originalname", item.name))
        if "browser" in item.path.parts and test in seen:
            further.append(item)
        seen.add(test)
    return further


def some(cases: Iterable[T]) -> list[T]:
    """Of a long row of cases, one in PART in `make test`; all of them in `make test-all`."""
    return [*cases][:: 1 if ALL else PART]


def widths(narrow: int, *wider: int) -> list[int]:
    """Of the widths of a screen, in pixels, the narrow one in `make test`, where things stick out; all in
    `make test-all`."""
    return [narrow, *wider] if ALL else [narrow]


def examples(most: int) -> int:
    """How many cases to make up, of `most` in `make test-all`."""
    return most if ALL else min(most, max(FEWEST, most // PART))
