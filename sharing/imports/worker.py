"""The files that this process reads and imports, one after the other, while it serves people.

A little is done at a time, with breaths in between: others compute and write, too. The leases
(`sharing.imports.leases`) say what becomes of a file whose process is gone.
"""

import asyncio
import logging
from functools import partial
from uuid import UUID

from django.db import connection
from django.db.models import F

from core.web.db import DatabaseThreads
from core.web.jobs.worker import Job, Worker
from files import FileMissing
from sharing.imports.importing import Importing
from sharing.imports.leases import import_leases
from sharing.imports.reading import UNREADABLE
from sharing.imports.steps import LeaseLost, Steps
from sharing.imports.stored import tidy_imports
from sharing.imports.surveying import Surveying
from sharing.models import ImportRun

logger = logging.getLogger(__name__)

CONNECTIONS = 1  # to the database, while it is at a file
TIDY_UP_EVERY = 1800.0  # seconds
BREATH = 0.02  # seconds
MOST_ATTEMPTS = 10  # after which a file is believed to end the processes that read it


class ImportWorker(Worker[Job]):
    """Does one import at a time in this process, in a thread of its own, whose connection to the database lasts as long
    as that takes. Its leases are looked after in the `threads` of another worker."""

    def __init__(self, *, threads: DatabaseThreads) -> None:
        super().__init__(name="import", leases=import_leases, threads=threads, owns_threads=False)
        self._steps = DatabaseThreads("imports", count=CONNECTIONS)

    def open(self) -> None:
        """Begin to look for files, and to tidy up."""
        super().open()
        self.every(TIDY_UP_EVERY, self._tidy_up)

    async def release(self) -> None:
        """End the thread in which files are gone through."""
        self._steps.shutdown()

    def claim(self) -> dict[UUID, Job]:
        """Take a file that waits, if none is being done here."""
        if self._jobs:
            return {}
        claimed = import_leases.claim(holder=self.id)
        for other in claimed[1:]:
            import_leases.let_go(other, holder=self.id)
        return {claimed[0]: Job()} if claimed else {}

    def leave_soon(self, job: Job) -> None:
        """Leave the file to another process at once: it goes on where this one stopped."""
        self.break_off(job)

    def break_off(self, job: Job) -> None:
        """Stop after the step that is being done."""
        if job.task:
            job.task.cancel()

    def lost(self, job: Job) -> None:
        """Go no further: somebody else does, or it was stopped."""
        self.break_off(job)

    async def perform(self, run_id: UUID, _job: Job) -> None:
        """Read the file, or store what is in it, to its end."""
        steps: Steps | None = None
        try:
            steps = await self._steps.persist(partial(steps_of, run_id, holder=self.id), about=f"import {run_id}")
            goes_on = steps is not None
            while steps and goes_on:
                goes_on = await self._do(steps)
        except LeaseLost:
            logger.info("Import %s was stopped, or is done by another process.", run_id)
        except asyncio.CancelledError:
            await asyncio.shield(self.threads.run(partial(import_leases.let_go, run_id, holder=self.id)))
            raise
        except (FileMissing, OSError, ValueError):
            logger.exception("The file of import %s cannot be read.", run_id)
            await self._refuse(steps)
        except Exception:
            logger.exception("Import %s failed.", run_id)
            await self._refuse(steps)
        finally:
            await asyncio.shield(self._steps.run(partial(_let_go, steps)))

    async def _do(self, steps: Steps) -> bool:
        goes_on = await self._steps.persist(steps.step, about=f"import {steps.run_id}")
        await asyncio.sleep(BREATH)
        return goes_on

    async def _refuse(self, steps: Steps | None) -> None:
        if steps:
            try:
                await self._steps.persist(partial(steps.refuse, UNREADABLE), about=f"import {steps.run_id}")
            except LeaseLost:
                logger.info("Import %s was stopped meanwhile.", steps.run_id)

    async def _tidy_up(self) -> None:
        await self.threads.run(tidy_imports)


def steps_of(run_id: UUID, *, holder: UUID | None) -> Steps | None:
    """What is to be done with the file now; None when nothing is."""
    run = ImportRun.objects.filter(pk=run_id, lease_holder=holder).first()
    if run is None or not run.is_live:
        return None
    kind = Surveying if run.state == ImportRun.State.LOOKING else Importing
    steps = kind(run_id, holder=holder)
    if run.attempts >= MOST_ATTEMPTS:
        steps.refuse(UNREADABLE)
        return None
    ImportRun.objects.filter(pk=run_id, lease_holder=holder).update(attempts=F("attempts") + 1)
    return steps


def _let_go(steps: Steps | None) -> None:
    if steps:
        steps.close()
    connection.close()


_worker: ImportWorker | None = None


def start_import_worker(*, threads: DatabaseThreads) -> None:
    """Begin to read and import files in this process."""
    global _worker  # noqa: PLW0603 - one per process
    _worker = ImportWorker(threads=threads)
    _worker.open()


async def close_import_worker() -> None:
    """Stop, with what is being done left to somebody else."""
    global _worker
    worker, _worker = _worker, None
    if worker:
        await worker.close()


def current_import_worker() -> ImportWorker | None:
    """This process's worker; None in a command or a test that serves nobody."""
    return _worker
