"""A bound on the CPU time of one piece of work, such as a rendering, however many steps and threads it goes through.

The clock is the thread's own CPU clock: a busy machine takes nothing from the budget, and neither does waiting. It is
looked at between steps, so what keeps to a budget must have steps that are short each.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time


class OverBudget(Exception):
    """The CPU time is used up."""


class CpuBudget:
    """CPU seconds that are left for one piece of work. It counts while somebody is inside `counted`."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._deadline: float | None = None

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the CPU time of this thread from here to the end of the block. May be entered again within itself."""
        if self._deadline is not None:
            yield
            return
        self._deadline = thread_time() + self._left
        try:
            yield
        finally:
            self._left, self._deadline = self._deadline - thread_time(), None

    def part(self, seconds: float) -> "CpuBudget":
        """A budget of its own for a first part of the work, of at most what is left. This one goes on counting."""
        return CpuBudget(min(seconds, self.left))

    @property
    def left(self) -> float:
        """CPU seconds that are left; zero or less when there are none."""
        return self._left if self._deadline is None else self._deadline - thread_time()

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0

    def check(self) -> None:
        """Raise OverBudget when nothing is left."""
        if self.left <= 0:
            raise OverBudget
