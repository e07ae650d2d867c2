"""Refused requests in the log: a line for each, without a traceback, and only so many a minute.

Anybody can cause them, with a Host that is not ours or a body that nobody can read, and what happened is nothing that
somebody has to mend. A flood of them must neither hide what is nor fill the disk.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError

REFUSALS = (
    BadRequest,
    MultiPartParserError,
    PermissionDenied,
    SuspiciousOperation,
    UnicodeDecodeError,
    UnreadablePostError,
)
MINUTE = 60.0  # seconds
MOST_A_MINUTE = 60
LONGEST_MESSAGE = 500  # characters
_LOGGERS = ("django.security", "axes", "config.serving.connections")


class RefusalFilter(logging.Filter):
    """Makes one line of a refused request, and leaves out those beyond `most` in a minute, of each kind of logger.

    The last line before that says so; the first one of a later minute says how many there were. `clock` tells seconds.
    """

    def __init__(self, *, most: int = MOST_A_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._minutes: dict[str, tuple[float, int]] = {}  # when the kind's minute began, and how many came in it

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written. Everything but refusals is, unchanged."""
        if not _is_refusal(record):
            return True
        remark = self._counted(".".join(record.name.split(".")[:2]))
        if remark is None:
            return False
        record.levelno = min(record.levelno, logging.WARNING)
        record.levelname = logging.getLevelName(record.levelno)
        message = record.getMessage()[:LONGEST_MESSAGE].replace("\n", "\\n").replace("\r", "\\r")
        record.msg, record.args = message + remark, None
        record.exc_info = record.exc_text = record.stack_info = None
        return True

    def _counted(self, kind: str) -> str | None:
        """What stands behind the line; None for a line that is left out."""
        now = self._clock()
        with self._lock:
            began, count = self._minutes.get(kind, (now, 0))
            if now - began >= MINUTE:
                self._minutes[kind] = now, 1
                return f" … and {count - self._most:,} more before it" if count > self._most else ""
            self._minutes[kind] = began, count + 1
        if count + 1 > self._most:
            return None
        return " … more of these are left out for a minute" if count + 1 == self._most else ""


def _is_refusal(record: logging.LogRecord) -> bool:
    """Whether the record tells of a request that was refused, for a reason that lies in the request."""
    raised = record.exc_info[1] if record.exc_info else None
    if raised is not None:
        is_answered = getattr(record, "status_code", 400) < 500
        return is_answered and isinstance(raised, REFUSALS) and record.name.startswith("django.")
    if record.name.startswith(_LOGGERS):
        return record.levelno <= logging.WARNING
    return record.name == "django.request" and 400 <= getattr(record, "status_code", 0) < 500
