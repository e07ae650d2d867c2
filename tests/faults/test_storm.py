"""A moment of the storm (`make storm` has ten): people use Parley while everything under it breaks."""

import subprocess

import pytest

from tests.stores import ROOT
from tests.storm.__main__ import storm_command
from tests.walks import long_walk


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=long_walk)])
def test_nothing_is_lost_doubled_or_left_behind(database: str) -> None:
    storm = storm_command(database, minutes=0.3, seed=7)
    done = subprocess.run(storm, cwd=ROOT, capture_output=True, text=True)
    print(done.stderr, done.stdout)
    assert done.returncode == 0, done.stdout
