"""Bringing the parts of a whole team, some at a time, and taking them away again.

What an archive calls a part is kept with what was made of it (`ImportedPart`), in the same transaction. So a process
that is killed leaves nothing half, and whoever goes on finds what has come.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, transaction

from accounts.models import User
from core.errors import ActionRefused
from core.web.db import limit_lock_wait
from files import FileRefused
from sharing.imports.parts.documents import Documents
from sharing.imports.parts.images import Images
from sharing.imports.parts.kept import Presets, Searches
from sharing.imports.parts.kinds import AT_ONCE, AlreadyHere, Kind, Made, NotTaken
from sharing.imports.parts.reports import Reports
from sharing.imports.parts.sites import Sites
from sharing.imports.parts.spaces import Spaces
from sharing.imports.parts.team import OfTeam
from sharing.imports.parts.watches import Watches
from sharing.imports.reading import Upload
from sharing.imports.targets import Target
from sharing.models import ImportedPart, ImportRun

logger = logging.getLogger(__name__)

Kinds = Sequence[type[Kind]]
BEFORE: Kinds = (Spaces, Documents)
"""What conversations are in, and what their answers name."""
AFTER: Kinds = (OfTeam, Sites, Images, Reports, Watches, Presets, Searches)
"""What names conversations."""
SECONDS = 0.3  # of preparing, after which what there is is stored
_MOST_WEIGHT = 100
_NOT_TAKEN = (NotTaken, FileRefused, ActionRefused, PermissionDenied, IntegrityError, DataError)


@dataclass(slots=True)
class _Row:
    """A row of the archive, and what becomes of it: one of the outcomes, or what is to be stored."""

    id: str
    row: Mapping[str, Any]
    outcome: str = ""
    prepared: Any = None


class Parts:
    """Brings parts of some kinds, one kind after the other."""

    def __init__(self, kinds: Kinds, upload: Upload, target: Target) -> None:
        made = [kind(upload, target) for kind in kinds]
        self._target = target
        self._left: list[tuple[Kind, Iterator[Mapping[str, Any]]]] = [
            (kind, upload.rows_of(kind.file)) for kind in made
        ]
        self._some: list[Mapping[str, Any]] = []

    def step(self, held: Callable[[], ImportRun]) -> bool:
        """Bring some; False when all have come. `held` locks the run, and raises where somebody else has it. After a
        failure it may be called again: nothing comes twice."""
        while self._left:
            kind, rows = self._left[0]
            self._some = self._some or list(_next_of(rows, max(1, _MOST_WEIGHT // kind.weight)))
            if not self._some:
                self._left.pop(0)
                continue
            found = self._prepared(kind, self._some)
            self._store(kind, found, held)
            self._some = self._some[len(found) :]
            return True
        return False

    def _prepared(self, kind: Kind, some: Sequence[Mapping[str, Any]]) -> list[_Row]:
        """What becomes of the first of them, as many as there is time for."""
        rows = [_Row(kind.id_of(row), row) for row in some]
        ids = [one.id for one in rows if one.id]
        team = self._target.run.team_id
        known = {
            one.foreign_id: one for one in ImportedPart.objects.filter(team=team, kind=kind.kind, foreign_id__in=ids)
        }
        here = kind.here(ids)
        until, seen = time.monotonic() + SECONDS, set()
        done = []
        for one in rows:
            if one.id in seen or not one.id:
                one.outcome = "left" if not one.id else "again"
            elif not self._is_here(kind, one, known.get(one.id), here.get(one.id)):
                self._prepare(kind, one)
            seen.add(one.id)
            done.append(one)
            if time.monotonic() > until:
                break
        return done

    def _is_here(self, kind: Kind, one: _Row, part: ImportedPart | None, native: str | None) -> bool:
        """Whether it came before, or was made here."""
        if part:
            if part.undone_at:
                kind.bring_back([part], by=self._target.membership.user, at=part.undone_at)
            if not kind.again(one.row, part.row):
                return False
            one.outcome = "again" if part.run_id == self._target.run.pk else "known"
            if part.undone_at:
                ImportedPart.objects.filter(pk=part.pk).update(undone_at=None, run=self._target.run)
                one.outcome = "brought"
            return True
        if native and kind.again(one.row, native):
            one.outcome = "known"
            return True
        return False

    def _prepare(self, kind: Kind, one: _Row) -> None:
        try:
            one.prepared = kind.prepared(one.row)
        except (NotTaken, FileRefused, ActionRefused, OSError):
            logger.info("A part of import %s is left out: %s.", self._target.run.pk, kind.file, exc_info=True)
            one.outcome = "left"

    @transaction.atomic
    def _store(self, kind: Kind, rows: Sequence[_Row], held: Callable[[], ImportRun]) -> None:
        limit_lock_wait()
        run = held()
        counts: Counter[str] = Counter()
        for one in rows:
            outcome = one.outcome
            if not outcome:
                outcome, waits = self._store_one(kind, one, run)
                counts["waiting"] += waits
            counts[outcome] += 1
        of_parts = run.found.setdefault("parts", {}).setdefault(kind.counted, {})
        for name in ("brought", "known", "left", "waiting"):
            of_parts[name] = of_parts.get(name, 0) + counts[name]
        run.save(update_fields=["found"])

    def _store_one(self, kind: Kind, one: _Row, run: ImportRun) -> tuple[str, bool]:
        try:
            with transaction.atomic():
                made: Made = kind.store(one.prepared)
                ImportedPart.objects.update_or_create(
                    team_id=run.team_id,
                    kind=kind.kind,
                    foreign_id=one.id,
                    defaults={"run": run, "row": made.row, "as_brought": dict(made.as_brought), "undone_at": None},
                )
        except AlreadyHere:
            return "known", False
        except _NOT_TAKEN:
            logger.info("A part of import %s is left out: %s.", run.pk, kind.file, exc_info=True)
            return "left", False
        return "brought", made.waits


def _next_of(rows: Iterator[Mapping[str, Any]], most: int) -> Iterator[Mapping[str, Any]]:
    """The next rows, as many as are read in a moment: one can be large."""
    until = time.monotonic() + SECONDS
    for row in islice(rows, most):
        yield row
        if time.monotonic() > until:
            return


def counted_anew(run: ImportRun) -> dict[str, dict[str, int]]:
    """What has come of each kind, for who goes on with it: everything else is counted once more."""
    parts = ImportedPart.objects.filter(run=run, undone_at=None)
    counts = {kind.counted: parts.filter(kind=kind.kind).count() for kind in (*BEFORE, *AFTER)}
    return {name: {"brought": count} for name, count in counts.items() if count}


def take_away(run: ImportRun, *, by: User, at: datetime) -> int:
    """Undo what came with the import and nobody has used since. Returns how many parts that were."""
    count = 0
    for kind in reversed((*BEFORE, *AFTER)):
        for some in _in_turn(run, kind, undone_at=None):
            undone = [one.pk for one in kind.take_away(some, by=by, at=at)]
            count += ImportedPart.objects.filter(pk__in=undone).update(undone_at=at)
    return count


def bring_back(run: ImportRun, *, by: User, at: datetime) -> int:
    """Bring back what was undone at this moment. Returns how many parts that were."""
    count = 0
    for kind in (*BEFORE, *AFTER):
        for some in _in_turn(run, kind, undone_at=at):
            kind.bring_back(some, by=by, at=at)
            count += ImportedPart.objects.filter(pk__in=[one.pk for one in some]).update(undone_at=None)
    return count


def _in_turn(run: ImportRun, kind: type[Kind], *, undone_at: datetime | None) -> Iterator[list[ImportedPart]]:
    last = 0
    parts = ImportedPart.objects.filter(run=run, kind=kind.kind, undone_at=undone_at).select_related("team")
    while some := list(parts.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield some
        last = some[-1].pk
