"""How often what came is shown: as often as people can see it, and less often while there is no time for that.

Whoever shows too often on a busy machine makes everything late. To show less often costs less, since what comes in
between is shown together: the pause grows before the delay does.
"""

import time
from collections.abc import Callable

LONGEST_PAUSE = 1.0  # seconds between two showings of one answer, unless a single one takes longer
SHARE_FOR_SHOWING = 0.7  # of one core, for all answers together that are watched in this process
FAIR_COST = 0.002  # CPU seconds; an answer that takes longer to show waits longer than the others
LATENESS = 2.0  # pauses are this many times as long as a showing has to wait for its turn in the event loop
RECKON_EVERY = 0.05  # seconds


class Pace:
    """The pause between two showings, the same for all answers of a process.

    `cost_of_all` sums up the CPU seconds that one showing of each takes, none of them with more than FAIR_COST.
    `tell` hears of the pause, in seconds, whenever it was reckoned anew.
    """

    def __init__(self, *, cost_of_all: Callable[[], float], tell: Callable[[float], object] = lambda _: None) -> None:
        self._cost_of_all = cost_of_all
        self._tell = tell
        self._at_least = 0.0
        self._for_fair_cost = 0.0
        self._late: list[float] = []  # since the last reckoning
        self._lateness = 0.0  # on the average, smoothed over about half a second
        self._reckoned_at = 0.0

    def pause_for(self, cost: float) -> float:
        """Seconds from one showing to the next of an answer of which one takes `cost` CPU seconds.

        A list takes longer than a line, and its readers shall not wait longer. Only an answer that takes more than is
        fair pays for that itself.
        """
        now = time.monotonic()
        if now - self._reckoned_at > RECKON_EVERY:
            self._reckoned_at = now
            self._reckon()
        pause = max(self._at_least, self._for_fair_cost * max(1.0, cost / FAIR_COST))
        return min(max(LONGEST_PAUSE, cost), pause)

    def was_late(self, seconds: float) -> None:
        """Something had to wait this long for its turn."""
        self._late.append(seconds)

    def _reckon(self) -> None:
        if self._late:
            self._lateness += 0.1 * (sum(self._late) / len(self._late) - self._lateness)
            self._late.clear()
        self._at_least = self._lateness * LATENESS
        self._for_fair_cost = self._cost_of_all() / SHARE_FOR_SHOWING
        self._tell(min(LONGEST_PAUSE, max(self._at_least, self._for_fair_cost)))
