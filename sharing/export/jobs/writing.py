"""Writes one export that was asked for, from its beginning to what is put on record."""

import hashlib
import tempfile
import threading
import time
from typing import BinaryIO
from uuid import UUID

from django.utils import timezone, translation

from accounts.time_zones import UTC, zone_named
from core.web.db import AWAY
from core.web.outages import tell_outage
from sharing.export.jobs import records
from sharing.export.jobs.records import ExportPlan
from sharing.export.making import write_export

NOTES_EVERY = 1.0  # seconds until progress is on record, and until a stop is heard of
PAUSES = (0.2, 1.0, 3.0, 10.0)  # seconds between attempts to store that it is done
BREATH = 0.002  # seconds between two questions: others compute, too
_PIECE = 1 << 20


class Interrupted(Exception):
    """The process is about to stop."""


def write_planned(plan: ExportPlan, *, holder: UUID, stop: threading.Event) -> None:
    """Write the file onto the disk, keep it in the store, and put it on record. Uses this thread's connection.

    Raises Interrupted once `stop` is set, LeaseLost when somebody stopped it or took it over, NotWritten, and what the
    disk and the store raise.
    """
    notes = _Notes(plan, stop, holder)
    zone = zone_named(plan.by.user.time_zone) or UTC
    with tempfile.TemporaryFile() as out, translation.override(plan.language or None), timezone.override(zone):
        write_export(plan.wanted, out, by=plan.by, along=plan.along, format_name=plan.format_name, told=notes.take)
        notes.check()
        sha256, size = _digest(out)
        records.store.put_file(out, sha256=sha256)
        _end(plan, holder=holder, sha256=sha256, size=size)


def _end(plan: ExportPlan, *, holder: UUID, sha256: str, size: int) -> None:
    """Put the file on record, which took long to write, however long the database is away for a moment. Raises what it
    says at last."""
    for pause in PAUSES:
        try:
            records.end_writing(plan, holder=holder, sha256=sha256, size=size)
        except AWAY as fault:
            tell_outage(fault, during=f"The end of export {plan.job} cannot be stored yet")
            time.sleep(pause)
        else:
            return
    records.end_writing(plan, holder=holder, sha256=sha256, size=size)


class _Notes:
    """Puts progress on record now and then, and hears there whether to go on."""

    def __init__(self, plan: ExportPlan, stop: threading.Event, holder: UUID) -> None:
        self._plan = plan
        self._stop = stop
        self._holder = holder
        self._noted_at = 0.0

    def take(self, done: int) -> None:
        """So many questions are written. Raises Interrupted or LeaseLost."""
        self.check()
        time.sleep(BREATH)
        if time.monotonic() >= self._noted_at + NOTES_EVERY:
            try:
                records.note_progress(self._plan.job, holder=self._holder, done=done)
            except AWAY as fault:  # what is written so far is worth more than a note of it
                tell_outage(fault, during=f"The progress of export {self._plan.job} cannot be stored")
            self._noted_at = time.monotonic()

    def check(self) -> None:
        """Raises Interrupted when the process is about to stop."""
        if self._stop.is_set():
            raise Interrupted


def _digest(out: BinaryIO) -> tuple[str, int]:
    """The SHA-256 and the size of a file."""
    out.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := out.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size
