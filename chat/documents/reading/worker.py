"""The documents that this process reads, one after the other, while it serves people.

A document is opened and cut in processes of their own (`files.isolation`); here only what they wrote is stored, a
little at a time. The leases (`chat.documents.reading.leases`) say what becomes of a document whose process is gone.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TypeVar
from uuid import UUID

from chat.documents import texts
from chat.documents.problems import ReadingProblem
from chat.documents.reading import records
from chat.documents.reading.leases import reading_leases
from chat.documents.reading.records import LeaseLost, ReadPlan
from core.web.db import DatabaseThreads, connect_first
from core.web.jobs.worker import Job, Worker
from files import FileMissing
from files.text import CutPassage, DocumentText, Problem
from files.text.cutting import CutFailed, interrupt_cutting, passages_of
from files.text.reader import interrupt_background

logger = logging.getLogger(__name__)

T = TypeVar("T")

CONNECTIONS = 1  # to the database
SETTLE_EVERY = 5.0  # seconds
BREATH = 0.02  # seconds between two transactions: others write too


class ReadingWorker(Worker[Job]):
    """Reads one document at a time in this process."""

    def __init__(self) -> None:
        super().__init__(
            name="document", leases=reading_leases, threads=DatabaseThreads("documents", count=CONNECTIONS)
        )
        self._reading = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")

    def open(self) -> None:
        """Begin to read, and to keep the index as it should be."""
        super().open()
        self.every(SETTLE_EVERY, self._settle_index)

    async def release(self) -> None:
        """Stop the thread that waits for processes."""
        self._reading.shutdown(wait=False)

    def claim(self) -> dict[UUID, Job]:
        """Take the oldest document that waits, if none is being read here."""
        return {} if self._jobs else self._claim_next()

    def leave_soon(self, job: Job) -> None:
        """Leave the document to another process at once: it begins anew, which costs nobody anything."""
        self.break_off(job)

    def break_off(self, job: Job) -> None:
        """Stop reading."""
        interrupt_background()
        interrupt_cutting()
        if job.task:
            job.task.cancel()

    def lost(self, job: Job) -> None:
        """Read no further: somebody else does, or nobody needs it."""
        self.break_off(job)

    async def perform(self, version_id: UUID, _job: Job) -> None:
        """Read the document, store its passages, and put on record what became of it. Then begin the next one."""
        try:
            plan = await self._persist(version_id, partial(records.begin_reading, version_id, holder=self.id))
            if plan:
                await self._read(plan)
        except LeaseLost:
            logger.info("Version %s is read by another process, or no longer there.", version_id)
        except FileMissing:
            await self._fail(version_id, ReadingProblem.MISSING)
        except CutFailed:
            await self._fail(version_id, Problem.TOO_HEAVY)
        except OSError:
            logger.warning("Version %s cannot be read right now; it will be later.", version_id, exc_info=True)
            await self._persist(version_id, partial(records.put_off, version_id, holder=self.id))
        except asyncio.CancelledError:
            await asyncio.shield(self._let_go(version_id))
            raise
        except Exception:
            logger.exception("Version %s could not be read.", version_id)
            await self._fail(version_id, Problem.DAMAGED)
        if not self.draining:
            for following, job in (await self.threads.run(self._claim_next)).items():
                self.begin(following, job)

    async def _read(self, plan: ReadPlan) -> None:
        text = await self._wait_for(partial(texts.read_file, plan.sha256, plan.media_type))
        with ExitStack() as opened:
            passages = await self._wait_for(partial(_cut, text, opened))
            stored = 0
            while some := list(islice(passages, records.AT_ONCE)):
                work = partial(records.add_passages, plan, some, holder=self.id, first=stored + 1)
                await self._persist(plan.version, work)
                stored += len(some)
                await asyncio.sleep(BREATH)
        outline = DocumentText(text.unit, text.count, problem=text.problem)
        work = partial(records.end_reading, plan, outline, characters=text.characters, passages=stored, holder=self.id)
        await self._persist(plan.version, work)

    async def _settle_index(self) -> None:
        moved = 1
        while moved:
            moved = await self.threads.run(records.settle_index)
            await asyncio.sleep(BREATH)

    def _claim_next(self) -> dict[UUID, Job]:
        claimed = reading_leases.claim_one(holder=self.id)
        return {claimed: Job()} if claimed else {}

    async def _let_go(self, version_id: UUID) -> None:
        await self.threads.run(partial(records.put_off, version_id, holder=self.id, later=timedelta(0)))

    async def _wait_for(self, work: Callable[[], T]) -> T:
        return await self.loop.run_in_executor(self._reading, work)

    async def _persist(self, version_id: UUID, work: Callable[[], T]) -> T:
        return await self.threads.persist(work, about=f"document version {version_id}")

    async def _fail(self, version_id: UUID, problem: str) -> None:
        await self._persist(version_id, partial(records.fail_reading, version_id, problem=problem, holder=self.id))


def _cut(text: DocumentText, opened: ExitStack) -> Iterator[CutPassage]:
    return opened.enter_context(passages_of(text))


_worker: ReadingWorker | None = None


async def start_reading_worker() -> ReadingWorker:
    """Begin to read in this process, on the running event loop. Raises OutOfConnections."""
    global _worker  # noqa: PLW0603 - one per process
    worker = ReadingWorker()
    await connect_first(worker.connect)
    _worker = worker
    _worker.open()
    return _worker


async def close_reading_worker() -> None:
    """Stop, with what is being read left to somebody else."""
    global _worker
    worker, _worker = _worker, None
    if worker:
        await worker.close()


def current_reading_worker() -> ReadingWorker | None:
    """This process's worker; None in a command or a test that serves nobody."""
    return _worker
