"""Wide bounds on CPU time that a slow or crowded machine does not break: a second here is one of a usual machine."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_TURNS = 2_000_000
_USUAL = 0.03  # CPU seconds that so many turns of an empty loop take on a machine with a core of its own


@contextmanager
def at_most(seconds: float, clock: Callable[[], float] = time.thread_time) -> Iterator[None]:
    """What is done within takes so many CPU seconds of a usual machine at most, of this thread or by another clock.

    Raises AssertionError if it takes more. Only then is the speed of this machine looked at.
    """
    began = clock()
    yield
    taken = clock() - began
    if taken > seconds:
        slowness = _slowness()
        assert taken <= seconds * slowness, f"{taken:.2f} CPU seconds, where the machine takes {slowness:.1f} × as long"


def _slowness() -> float:
    """How many times as long this machine takes as a usual one, of what it shows right now. At least 1, at most 4."""
    began = time.thread_time()
    for _turn in range(_TURNS):
        pass
    return min(max((time.thread_time() - began) / _USUAL, 1), 4)
