"""An answer that this process is writing, and the ways in which it ends early."""

import asyncio
from collections.abc import Sequence

from django.utils import timezone

from chat.answers import finalize, leases
from chat.answers.finalize import AtHand
from chat.answers.recorder import Recorder
from chat.answers.transcript import Entry
from chat.models import Answer, Attachment
from core.web.jobs.worker import Job

End = tuple[Answer.State, finalize.AnswerProblem | None]


class RunningAnswer(Job):
    """One answer that is being written. `end` is how it ends when somebody stops it.

    The upstream may work on it by itself, `in_background`; one `taken_over` may have been begun by somebody else. One
    in the background, or one that was not sent yet, can be `left` to another process instead of being ended.

    `answer` is the answer as it was stored, with its question, and `attachments` what goes along with that; of one that
    was taken over they are read first. `entries` are what its log holds until it `is_over`, and its
    end is put on record.
    """

    def __init__(
        self,
        *,
        in_background: bool = False,
        taken_over: bool = False,
        answer: Answer | None = None,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        self.in_background = in_background
        self.taken_over = taken_over
        self.answer = answer
        self.attachments = attachments
        self.entries: list[Entry] = []
        self.left = False
        self.stopped = False
        self.is_over = False
        self.recorder: Recorder | None = None
        self.asking: asyncio.Task[End] | None = None
        self.end: End = (Answer.State.INTERRUPTED, None)
        self._is_sent = False
        self._is_submitted = False
        self._leaves_soon = False

    def stop(self, state: Answer.State) -> None:
        """Close the connection to the upstream; the answer then ends in this state with the text it has."""
        self.left = False
        self.end = (state, leases.restart_problem() if state == Answer.State.INTERRUPTED else None)
        self._cancel()

    def submitted(self, job: str) -> None:
        """Hear what the upstream calls the work; with no name it does not work on it by itself."""
        self.in_background = self._is_submitted = bool(job)
        if self._leaves_soon:
            self.leave()

    def leave_soon(self) -> None:
        """Leave the answer to another process as soon as the upstream has it."""
        self._leaves_soon = True
        if self._is_submitted or not self._is_sent:
            self.leave()

    @property
    def can_be_left(self) -> bool:
        """Whether another process could go on with it."""
        return self.in_background or not self._is_sent

    def leave(self) -> bool:
        """Leave the answer to another process. False where nobody could go on with it."""
        if not self.can_be_left:
            return False
        if not self.stopped:
            self.left = True
            self._cancel()
        return True

    def leave_or_interrupt(self) -> None:
        """Leave the answer to another process, or end it where nobody could go on with it."""
        if not self.leave():
            self.stop(Answer.State.INTERRUPTED)

    def sent(self) -> None:
        """Hear that the question goes to the upstream now."""
        self._is_sent = True
        if self.answer:
            self.answer.sent_at = timezone.now()

    @property
    def known(self) -> AtHand | None:
        """What it can be shown from while it is written; None where that has to be read."""
        return self.at_hand if self.recorder and not self.is_over else None  # before and after, the log may hold more

    @property
    def at_hand(self) -> AtHand | None:
        """What the answer can be ended with; None where it has to be read."""
        return AtHand(self.answer, self.entries) if self.answer else None

    def _cancel(self) -> None:
        self.stopped = True
        if self.asking:
            self.asking.cancel()
