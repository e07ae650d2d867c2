"""How often one token may ask. Each process counts for itself."""

import threading
import time
from uuid import UUID

AT_ONCE = 60  # requests
EACH_SECOND = 5.0  # requests that a token gets back
MOST_KEPT = 10_000  # tokens


class Throttle:
    """A bucket for each token: `AT_ONCE` requests, of which `EACH_SECOND` come back."""

    def __init__(self, *, at_once: int = AT_ONCE, each_second: float = EACH_SECOND) -> None:
        self._at_once = at_once
        self._each_second = each_second
        self._left: dict[UUID, tuple[float, float]] = {}  # what is left, and when
        self._lock = threading.Lock()

    def take(self, token_id: UUID) -> float:
        """Count one request. Seconds that the program has to wait first; 0 where it need not."""
        now = time.monotonic()
        with self._lock:
            left, at = self._left.pop(token_id, (float(self._at_once), now))
            left = min(float(self._at_once), left + (now - at) * self._each_second)
            wait = 0.0 if left >= 1 else (1 - left) / self._each_second
            self._left[token_id] = (left if wait else left - 1), now
            if len(self._left) > MOST_KEPT:
                self._left.pop(next(iter(self._left)))
        return wait


throttle = Throttle()
