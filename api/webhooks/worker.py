"""Sends messages to webhooks, a few at a time: each waits in the event loop, and none takes a thread of pages."""

import asyncio
import logging
import time
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings

from api.webhooks import events, records
from api.webhooks.records import Attempt, Outgoing, delivery_leases
from core.web.db import DatabaseThreads
from core.web.jobs.worker import Job, Worker
from upstream import safe_fetch

logger = logging.getLogger(__name__)

AT_ONCE = 16  # messages in one process
NOTE_EVERY = 1.0  # seconds until what happened becomes a message
LOOKS_WITHIN = 60.0  # seconds, though no commit was noticed
LIMITS = safe_fetch.Limits(most_bytes=4_096, total_time=10.0, connect_time=4.0)


@dataclass
class Sending(Job):
    """A message that this process sends, and to which webhook."""

    webhook: UUID


class DeliveryWorker(Worker[Sending]):
    """Sends messages with the database `threads` of another worker, which are that one's to end."""

    def __init__(self, *, threads: DatabaseThreads) -> None:
        super().__init__(name="webhook", leases=delivery_leases, threads=threads, owns_threads=False)

    def open(self) -> None:
        """Begin to hear and to send."""
        super().open()
        self.every(NOTE_EVERY, self._note_events, longest=LOOKS_WITHIN)

    def claim(self) -> dict[UUID, Sending]:
        """Take messages that are due."""
        room = AT_ONCE - len(self._jobs)
        if room <= 0:
            return {}
        busy = [job.webhook for job in list(self._jobs.values())]
        taken = delivery_leases.claim_due(holder=self.id, most=room, busy=busy)
        return {pk: Sending(webhook) for pk, webhook in taken.items()}

    def break_off(self, job: Sending) -> None:
        """Stop sending: the message is due again."""
        if job.task:
            job.task.cancel()

    def lost(self, job: Sending) -> None:
        """Send no more: somebody else does, or the webhook is gone or paused."""
        self.break_off(job)

    async def perform(self, delivery_id: UUID, _job: Sending) -> None:
        """Send the message, and put on record what came of it."""
        about = f"message {delivery_id}"
        try:
            outgoing = await self.threads.persist(partial(records.begin, delivery_id), about=about)
            if outgoing is None:
                return
            attempt = outgoing if isinstance(outgoing, Attempt) else await send(outgoing)
        except asyncio.CancelledError:
            await asyncio.shield(self.threads.run(lambda: delivery_leases.let_go(delivery_id, holder=self.id)))
            raise
        except Exception:
            logger.exception("Message %s could not be sent.", delivery_id)
            attempt = Attempt(problem="internal")
        await self.threads.persist(partial(records.note, delivery_id, attempt, holder=self.id), about=about)

    async def _note_events(self) -> None:
        await self.threads.run(events.note_events)


async def send(outgoing: Outgoing) -> Attempt:
    """Send a message once. Whatever goes wrong is in the attempt: nothing is raised, and nothing of what the receiver
    said is kept but its status."""
    began = time.monotonic()
    status, problem = 0, ""
    try:
        status = await safe_fetch.post(
            outgoing.url,
            safe_fetch.Message(outgoing.body, outgoing.headers),
            limits=LIMITS,
            allowed_hosts=settings.WEBHOOK_HOSTS,
        )
        problem = "" if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "status"
    except safe_fetch.FetchRefused:
        problem = "refused"
    except safe_fetch.FetchTooSlow:
        problem = "slow"
    except safe_fetch.FetchError:
        problem = "unreachable"
    return Attempt(status=status, problem=problem, took=int((time.monotonic() - began) * 1000))


_worker: DeliveryWorker | None = None


def start_delivery_worker(*, threads: DatabaseThreads) -> DeliveryWorker:
    """Begin to send in this process, on the running event loop."""
    global _worker  # noqa: PLW0603 - one per process
    _worker = DeliveryWorker(threads=threads)
    _worker.open()
    return _worker


async def close_delivery_worker() -> None:
    """Stop, with what is being sent left to somebody else."""
    global _worker
    worker, _worker = _worker, None
    if worker:
        await worker.close()


def current_delivery_worker() -> DeliveryWorker | None:
    """This process's worker; None in a command or a test that serves nobody."""
    return _worker
