"""How far the tests walk that make up their cases: a part of the way in `make test`, all of it in `make test-all`."""

import os

ALL = os.environ.get("WALKS") == "all"
PART = 4  # `make test` tries one in so many
FEWEST = 50


def examples(most: int) -> int:
    """How many cases to make up, of `most` in `make test-all`."""
    return most if ALL else min(most, max(FEWEST, most // PART))
