"""Which process of a test run gets what, and when, so that two cores have something to compute all the time.

A test with a browser computes nearly all the time, one of `tests/faults` mostly waits for a lease or a deadline, and
the others do one or the other. All browser tests at once would wait for each other, and after them those that wait.
"""

from collections.abc import Sequence
from itertools import chain, groupby

import pytest
from xdist.scheduler import LoadFileScheduling

ROWS = 2
"""Processes that go through the browser tests, each with one browser and one server from beginning to end."""


def arranged(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The browser tests first: they last longest. Files of tests/faults evenly among the others, and none at the end:
    while one process waits for a lease, others have the cores."""
    files = [list(group) for _file, group in groupby(items, key=lambda item: item.path)]
    browser: list[list[pytest.Item]] = []
    waiting: list[list[pytest.Item]] = []
    others: list[list[pytest.Item]] = []
    for file in files:
        folder = file[0].path.parent.name
        (browser if folder == "browser" else waiting if folder == "faults" else others).append(file)
    places = [(len(others) * 4 // 5) * at // len(waiting) for at in range(len(waiting))]
    for place, file in reversed(list(zip(places, waiting, strict=True))):
        others.insert(place, file)
    return list(chain.from_iterable((*browser, *others)))


class Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A file at a time to whoever is free, but the browser tests in a few rows, beside which others go on."""

    def schedule(self) -> None:
        """Hand out what there is."""
        if not hasattr(self, "_rows"):
            asked = next(iter(self.registered_collections.values()))
            files = dict.fromkeys(super(Scheduling, self)._split_scope(test) for test in asked)
            browser = [file for file in files if "/browser/" in file]
            self._rows = {file: f"browser {at % ROWS}" for at, file in enumerate(browser)}
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return self._rows.get(file, file)
