"""Backups that Parley makes by itself: one of all its processes, on however many servers, makes each.

Every process looks now and then whether a backup is due. Whoever takes the lease of the one row has a child process
make it (`manage.py backup`), so that it costs the pages and streams of this one nothing, and renews the lease until
that is done. The child ends itself when its parent is gone, and leaves nothing unfinished behind.
"""

import asyncio
import contextlib
import logging
import subprocess
import sys
import tempfile
import threading
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from config.models import BackupSchedule

logger = logging.getLogger(__name__)

LOOK_EVERY = 30.0  # seconds
LASTS = timedelta(seconds=90)  # a lease that is not renewed
RETRY_AFTER = timedelta(hours=1)  # after a failure, or sooner where backups are made more often
LEAVES_WITHIN = 5.0  # seconds that the child gets to clean up when it has to end
MOST_SAID = 500  # characters of an error


class BackupScheduler(threading.Thread):
    """Looks after the schedule in this process, as long as it runs, which is until `close`."""

    def __init__(self, *, every: timedelta) -> None:
        super().__init__(name="backups", daemon=True)
        self._every = every
        self._holder = uuid.uuid4()
        self._closing = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Look again and again whether a backup is due."""
        while not self._closing.is_set():
            try:
                if claim(holder=self._holder, every=self._every):
                    self._make_backup()
            except DatabaseError as fault:
                logger.warning("Cannot tell right now whether a backup is due: %s", fault)
            except Exception:
                logger.exception("The backup schedule failed; it will be checked again.")
            finally:
                connection.close()  # it would be idle nearly all the time
            self._closing.wait(LOOK_EVERY)

    async def close(self) -> None:
        """Stop. A backup that is being made is given up, and left to the next process that looks."""
        self._closing.set()
        if self._child:
            self._child.terminate()  # it cleans up behind itself
        await asyncio.to_thread(self.join, LEAVES_WITHIN)
        if self.is_alive() and self._child:
            self._child.kill()
            await asyncio.to_thread(self.join, LEAVES_WITHIN)

    def _make_backup(self) -> None:
        """Have it made, and put on record what became of it. Raises DatabaseError."""
        try:
            with (
                tempfile.TemporaryFile() as output,
                subprocess.Popen(
                    [sys.executable, "-m", "config.cli", "backup", "--gently"],
                    cwd=settings.BASE_DIR,
                    stdin=subprocess.PIPE,  # stays open, for the child ends when it is closed
                    stdout=output,
                    stderr=subprocess.STDOUT,
                ) as child,
            ):
                self._child = child
                while child.poll() is None:
                    if self._closing.is_set():
                        child.terminate()
                    with contextlib.suppress(DatabaseError):  # the backup goes on; another attempt follows
                        renew(holder=self._holder)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        child.wait(timeout=LASTS.total_seconds() / 3)
                output.seek(0)
                said = output.read().decode(errors="replace").strip().splitlines() or ["It ended without a message."]
        except OSError as fault:
            self._record(f"No process could be started for it: {fault}")
            return
        if child.returncode == 0:
            logger.info("A backup was made. %s", said[0])
            self._record("")
        elif self._closing.is_set():
            give_back(holder=self._holder)
        else:
            self._record(said[-1].removeprefix("CommandError: "))

    def _record(self, error: str) -> None:
        if error:
            logger.error("The scheduled backup failed. %s", error)
        record(holder=self._holder, error=error[:MOST_SAID])


def claim(*, holder: uuid.UUID, every: timedelta) -> bool:
    """Take the lease if a backup is due, or was broken off, and nobody makes one. Whether this process has to."""
    BackupSchedule.objects.get_or_create(pk=BackupSchedule.ONLY)
    due = Q(tried_at=None) | Q(tried_at__lte=_ago(every))
    due |= ~Q(error="") & Q(tried_at__lte=_ago(min(every, RETRY_AFTER)))
    free = Q(lease_holder=None) & due
    abandoned = Q(lease_holder__isnull=False, lease_expires_at__lt=Now())
    return bool(
        BackupSchedule.objects.filter(free | abandoned).update(
            lease_holder=holder, lease_expires_at=_ago(-LASTS), tried_at=Now()
        )
    )


def renew(*, holder: uuid.UUID) -> None:
    """Go on holding the lease."""
    BackupSchedule.objects.filter(lease_holder=holder).update(lease_expires_at=_ago(-LASTS))


def give_back(*, holder: uuid.UUID) -> None:
    """Leave it to the next process that looks."""
    BackupSchedule.objects.filter(lease_holder=holder).update(lease_holder=None, tried_at=None)


def record(*, holder: uuid.UUID, error: str) -> None:
    """Put on record how it went; `error` is empty for a backup that was made. Gives the lease back."""
    ours = BackupSchedule.objects.filter(lease_holder=holder)
    if error:
        ours.update(lease_holder=None, error=error)
    else:
        ours.update(lease_holder=None, error="", succeeded_at=F("tried_at"))


def _ago(time: timedelta) -> Any:
    """The moment so long before now, by the database's clock."""
    return ExpressionWrapper(Now() - time, output_field=DateTimeField())
