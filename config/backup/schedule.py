"""Backups that Parley makes by itself: one of all its processes, on however many servers, makes each.

Every process looks now and then whether a backup is due. Whoever takes the lease of the one row has a child process
make it (`manage.py backup`), so that it costs the pages and streams of this one nothing, and renews the lease until
that is done. The child ends itself when its parent is gone, and leaves nothing unfinished behind.
"""

import asyncio
import contextlib
import logging
import sys
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from config.models import BackupSchedule
from core.web.db import DatabaseThreads

logger = logging.getLogger(__name__)

T = TypeVar("T")

LOOK_EVERY = 30.0  # seconds
LASTS = timedelta(seconds=90)  # a lease that is not renewed
RETRY_AFTER = timedelta(hours=1)  # after a failure, or sooner where backups are made more often
LEAVES_WITHIN = 5.0  # seconds that the child gets to clean up when it has to end
MOST_SAID = 500  # characters of an error


class BackupScheduler:
    """Looks after the schedule in this process. Lives in the event loop."""

    def __init__(self, *, every: timedelta) -> None:
        self._every = every
        self._holder = uuid.uuid4()
        self._threads = DatabaseThreads("backups", count=1)
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to look whether a backup is due."""
        self._task = asyncio.get_running_loop().create_task(self._look_again_and_again())

    async def close(self) -> None:
        """Stop. A backup that is being made is given up, and left to the next process that looks."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._threads.shutdown()

    async def _look_again_and_again(self) -> None:
        while True:
            try:
                if await self._run(lambda: claim(holder=self._holder, every=self._every)):
                    await self._make_backup()
            except DatabaseError as fault:
                logger.warning("Cannot tell right now whether a backup is due: %s", fault)
            except Exception:
                logger.exception("The backup schedule failed; it will be checked again.")
            await asyncio.sleep(LOOK_EVERY)

    async def _make_backup(self) -> None:
        """Have it made, and put on record what became of it. Raises DatabaseError, CancelledError."""
        try:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "manage.py", "backup", "--gently"),
                cwd=settings.BASE_DIR,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
        except OSError as fault:
            await self._record(f"No process could be started for it: {fault}")
            return
        saying = asyncio.create_task(child.communicate())
        try:
            while not (await asyncio.wait([saying], timeout=LASTS.total_seconds() / 3))[0]:
                with contextlib.suppress(DatabaseError):  # the backup goes on; another attempt follows
                    await self._run(lambda: renew(holder=self._holder))
        except asyncio.CancelledError:
            await _end(child, saying)
            with contextlib.suppress(DatabaseError):
                await self._run(lambda: give_back(holder=self._holder))
            raise
        said = saying.result()[0].decode(errors="replace").strip().splitlines() or ["It ended without a message."]
        if child.returncode == 0:
            logger.info("A backup was made. %s", said[0])
            await self._record("")
        else:
            await self._record(said[-1].removeprefix("CommandError: "))

    async def _record(self, error: str) -> None:
        if error:
            logger.error("The scheduled backup failed. %s", error)
        await self._run(lambda: record(holder=self._holder, error=error[:MOST_SAID]))

    async def _run(self, work: Callable[[], T]) -> T:
        """Run the work in the thread for it, which keeps no connection: it would be idle nearly all the time."""

        def and_hang_up() -> T:
            try:
                return work()
            finally:
                connection.close()

        return await self._threads.run(and_hang_up)


async def _end(child: asyncio.subprocess.Process, saying: "asyncio.Task[Any]") -> None:
    """End the child, which cleans up behind itself."""
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
        if not (await asyncio.wait([saying], timeout=LEAVES_WITHIN))[0]:
            child.kill()
            await saying


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
