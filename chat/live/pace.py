"""How often what came is shown: as often as people can see it, and less often while there is no time for that.

Whoever shows too often on a busy machine makes everything late. To show less often costs less, since what comes in
between is shown together: the pause grows before the delay does.
"""

import time
from collections.abc import Callable

SHARE_FOR_SHOWING = 0.35  # of one core, for all answers together that are watched in this process
FAIR_COST = 0.002  # CPU seconds; an answer that takes longer to show waits longer than the others
LONGEST_PAUSE = 1.0  # seconds between two showings of one answer, unless a single one takes longer
LATENESS = 2.0  # pauses are this many times as long as things have to wait for their turn in the event loop
SUM_EVERY = 0.05  # seconds


class Pace:
    """The pause between two showings, the same for all answers of a process.

    `cost_of_all` sums up the CPU seconds that one showing of each takes, none of them with more than FAIR_COST.
    `tell` hears of the pause now and then, in seconds.
    """

    def __init__(self, *, cost_of_all: Callable[[], float], tell: Callable[[float], object] = lambda _: None) -> None:
        self._cost_of_all = cost_of_all
        self._tell = tell
        self._pause = 0.0
        self._latest = 0.0  # since the last sum
        self._lateness = 0.0  # smoothed
        self._summed_at = 0.0

    def pause_for(self, cost: float) -> float:
        """Seconds from one showing to the next of an answer of which one takes `cost` CPU seconds.

        A list takes longer than a line, and its readers shall not wait longer. Only an answer that takes more than is
        fair pays for that itself.
        """
        now = time.monotonic()
        if now - self._summed_at > SUM_EVERY:
            self._summed_at = now
            self._lateness += 0.3 * (self._latest - self._lateness)  # one late time says little
            self._latest = 0.0
            self._pause = max(self._cost_of_all() / SHARE_FOR_SHOWING, self._lateness * LATENESS)
            self._tell(min(self._pause, LONGEST_PAUSE))
        return min(max(LONGEST_PAUSE, cost), self._pause * max(1.0, cost / FAIR_COST))

    def was_late(self, seconds: float) -> None:
        """Something had to wait this long for its turn."""
        self._latest = max(self._latest, seconds)
