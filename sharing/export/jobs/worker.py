"""The exports that this process writes, one after the other, while it serves people.

One is written into a file on the disk, part by part; pages are set in processes of their own. Whoever takes over an
export whose process is gone begins it anew.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.db import connection

from core.web.db import DatabaseThreads
from core.web.jobs.worker import Job, Worker
from sharing.export.formats import NotWritten
from sharing.export.jobs import records, service
from sharing.export.jobs.leases import export_leases
from sharing.export.jobs.records import LeaseLost
from sharing.export.jobs.writing import Interrupted, write_planned

logger = logging.getLogger(__name__)

T = TypeVar("T")

CONNECTIONS = 1  # to the database, while an export is written
TIDY_UP_EVERY = 1800.0  # seconds
TRY_AGAIN = timedelta(seconds=10)


class ExportOfProcess(Job):
    """An export that this process writes; `stop` is set when it is to end soon."""

    def __init__(self) -> None:
        self.stop = threading.Event()


class ExportWorker(Worker[ExportOfProcess]):
    """Writes one export at a time in this process, in a thread of its own, whose connection to the database lasts as
    long as that takes. Its leases are looked after in the `threads` of another worker."""

    def __init__(self, *, threads: DatabaseThreads) -> None:
        super().__init__(name="export", leases=export_leases, threads=threads, owns_threads=False)
        self._writing = DatabaseThreads("exports", count=CONNECTIONS)

    def open(self) -> None:
        """Begin to write, and to remove what is old."""
        super().open()
        self.every(TIDY_UP_EVERY, self._tidy_up)

    async def release(self) -> None:
        """End the thread in which exports are written."""
        self._writing.shutdown()

    def claim(self) -> dict[UUID, ExportOfProcess]:
        """Take the export that has waited longest, if none is being written here."""
        return {} if self._jobs else self._claim_next()

    def leave_soon(self, job: ExportOfProcess) -> None:
        """Leave it to another process at once."""
        self.break_off(job)

    def break_off(self, job: ExportOfProcess) -> None:
        """Stop writing."""
        job.stop.set()

    def lost(self, job: ExportOfProcess) -> None:
        """Write no further: somebody else does, or nobody needs it."""
        self.break_off(job)

    async def perform(self, job_id: UUID, job: ExportOfProcess) -> None:
        """Write the export, and put on record what became of it. Then begin the next one."""
        try:
            begin = partial(records.begin_writing, job_id, holder=self.id)
            if plan := await self._persist(job_id, begin):
                await self._writing.run(partial(_written, plan, holder=self.id, stop=job.stop))
        except LeaseLost:
            logger.info("Export %s was stopped, or is written by another process.", job_id)
        except Interrupted:
            await self._put_off(job_id, timedelta(0), counts=False)
        except NotWritten as refused:
            logger.warning("Export %s could not be written: %s", job_id, refused.__cause__ or refused)
            fail = partial(records.fail_writing, job_id, holder=self.id, sentence=refused.sentence)
            await self._persist(job_id, fail)
        except asyncio.CancelledError:
            job.stop.set()
            raise
        except Exception:
            logger.exception("Export %s broke off; it will be tried again.", job_id)
            await self._put_off(job_id, TRY_AGAIN, counts=True)
        if not self.draining:
            for following, claimed in (await self.threads.run(self._claim_next)).items():
                self.begin(following, claimed)

    async def _tidy_up(self) -> None:
        await self.threads.run(service.tidy_exports)

    def _claim_next(self) -> dict[UUID, ExportOfProcess]:
        claimed = export_leases.claim_one(holder=self.id)
        return {claimed: ExportOfProcess()} if claimed else {}

    async def _put_off(self, job_id: UUID, later: timedelta, *, counts: bool) -> None:
        work = partial(records.put_off, job_id, holder=self.id, later=later, counts=counts)
        await self._persist(job_id, work)

    async def _persist(self, job_id: UUID, work: Callable[[], T]) -> T:
        return await self.threads.persist(work, about=f"export {job_id}")


def _written(plan: records.ExportPlan, *, holder: UUID, stop: threading.Event) -> None:
    try:
        write_planned(plan, holder=holder, stop=stop)
    finally:
        connection.close()


_worker: ExportWorker | None = None


def start_export_worker(*, threads: DatabaseThreads) -> ExportWorker:
    """Begin to write exports in this process, on the running event loop."""
    global _worker  # noqa: PLW0603 - one per process
    _worker = ExportWorker(threads=threads)
    _worker.open()
    return _worker


async def close_export_worker() -> None:
    """Stop, with what is being written left to somebody else."""
    global _worker
    worker, _worker = _worker, None
    if worker:
        await worker.close()


def current_export_worker() -> ExportWorker | None:
    """This process's worker; None in a command or a test that serves nobody."""
    return _worker
