"""An answer as its log says it, for those who want its words and no pages: programs.

What this process commits comes from memory; what another process writes is read from the log once a second, which is
rare: a question is answered by the process that takes it.
"""

import asyncio
from uuid import UUID

from chat.answers.transcript import Entry, entries_after
from chat.live.follower import AnswerGone
from chat.models import Answer
from core.web.db import RunInThread
from core.web.outages import outage_of, tell_outage

TRY_AGAIN_AFTER = 0.5  # seconds, while the database is away


class Listening:
    """One listener of an answer, from its first entry on. Lives in the event loop."""

    def __init__(self, answer_id: UUID, *, read: RunInThread) -> None:
        self.answer_id = answer_id
        self._read = read
        self._heard = 0
        self._waiting: list[Entry] = []
        self._behind = True
        self._gone = False
        self._called = asyncio.Event()

    def feed(self, entries: list[Entry]) -> None:
        """Take entries that were committed in this process just now."""
        self._waiting.extend(entries)
        self._called.set()

    def look_again(self) -> None:
        """Read the log: something may have been committed elsewhere."""
        self._behind = True
        self._called.set()

    def leave(self) -> None:
        """Hear no more: this process stops."""
        self._gone = True
        self._called.set()

    async def next_entries(self, *, patience: float) -> list[Entry]:
        """The entries that follow those that were heard; none after so many seconds without any.

        The last one of an answer is its end. Raises AnswerGone when the answer was deleted, or this process stops.
        """
        try:
            async with asyncio.timeout(patience):
                while not (found := await self._found()):
                    await self._called.wait()
                return found
        except TimeoutError:
            return []

    async def _found(self) -> list[Entry]:
        self._called.clear()
        if self._gone:
            raise AnswerGone
        found = self._take_waiting()
        if self._behind or (found and found[0].seq > self._heard + 1):
            found = await self._catch_up()
        if found:
            self._heard = found[-1].seq
        return found

    async def _catch_up(self) -> list[Entry]:
        self._behind = False  # what is announced meanwhile is read the next time
        try:
            return await self._read_log()
        except BaseException:
            self._behind = True
            raise

    def _take_waiting(self) -> list[Entry]:
        waiting, self._waiting = self._waiting, []
        return [entry for entry in waiting if entry.seq > self._heard]

    async def _read_log(self) -> list[Entry]:
        """What the log holds beyond what was heard, however long the database is away."""
        while not self._gone:
            try:
                found = await self._read(lambda: _load(self.answer_id, self._heard))
            except Exception as fault:
                if not outage_of(fault):
                    raise
                tell_outage(fault, during="Answers cannot be read for programs")
                await asyncio.sleep(TRY_AGAIN_AFTER)
                continue
            if found is None:
                raise AnswerGone
            return found
        raise AnswerGone


def _load(answer_id: UUID, seq: int) -> list[Entry] | None:
    """The entries beyond `seq`; None where there is no such answer."""
    found = entries_after(answer_id, seq)
    return found if found or Answer.objects.filter(pk=answer_id).exists() else None
