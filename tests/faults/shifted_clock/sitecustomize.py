"""A process whose clock is wrong by SHIFTED_BY seconds: put this folder on its PYTHONPATH."""

import os
import time
from datetime import datetime, timedelta

from django.utils import timezone

SHIFT = float(os.environ["SHIFTED_BY"])
right_time, right_now = time.time, timezone.now


def shifted_time() -> float:
    """Seconds since the epoch, as this host sees it."""
    return right_time() + SHIFT


def shifted_now() -> datetime:
    """The moment, as this host sees it."""
    return right_now() + timedelta(seconds=SHIFT)


time.time, timezone.now = shifted_time, shifted_now
