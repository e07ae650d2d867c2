"""What reading and importing a file have in common: both go through it a little at a time, in a thread for the
database, and only as long as the process holds the lease."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.web.wording import stored_text
from sharing.imports.foreign import Found, ImportRefused
from sharing.imports.reading import Upload
from sharing.imports.stored import store
from sharing.models import ImportRun


class LeaseLost(Exception):
    """Somebody else has the file now, or it was stopped or removed."""


class Steps(ABC):
    """Goes through one file. After a failure `step` may be called again: nothing is done twice."""

    state: ImportRun.State

    def __init__(self, run_id: UUID, *, holder: UUID | None) -> None:
        self.run_id = run_id
        self.holder = holder
        self._upload: Upload | None = None
        self._found: Iterator[Found] = iter(())

    @abstractmethod
    def step(self) -> bool:
        """Do a little; False when all is done. Raises LeaseLost, and one of core.web.db.AWAY."""

    def close(self) -> None:
        """Let go of the file."""
        if self._upload:
            self._upload.source.close()
            self._upload = None

    def run(self) -> None:
        """Do all of it, and let go of the file."""
        try:
            while self.step():
                pass
        finally:
            self.close()

    def _opened(self, run: ImportRun) -> Upload:
        """The file, from its beginning. Raises ImportRefused, files.FileMissing, OSError."""
        self.close()
        self._upload = Upload(store.open(run.sha256), run.name, run.created_at)
        self._found = self._upload.conversations()
        return self._upload

    def _held(self) -> ImportRun:
        """The run, locked, if this process still does it. Raises LeaseLost."""
        locked = ImportRun.objects.select_for_update(no_key=True, of=("self",))
        run = locked.filter(pk=self.run_id, lease_holder=self.holder, state=self.state).first()
        if run is None:
            raise LeaseLost
        return run

    def refuse(self, refusal: ImportRefused | str) -> None:
        """Put on record that the file cannot be imported, and why. Its bytes are not needed any more."""
        sentence = refusal.sentence if isinstance(refusal, ImportRefused) else refusal
        with transaction.atomic():
            run = self._held()
            run.state, run.problem, run.sha256 = ImportRun.State.REFUSED, stored_text(sentence), ""
            run.ended_at, run.lease_holder = timezone.now(), None
            run.save()
