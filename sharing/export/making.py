"""Writes an export of any kind into an open file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core.notices import Providers
from sharing.export import archive, scope
from sharing.export.collecting import collect
from sharing.export.content import Along, Export, ExportedQuestion, Part
from sharing.export.formats import FORMATS, NotWritten
from sharing.export.scope import REPORT, TEAM, Scope

ARCHIVE = "archive"
ARCHIVE_LABEL = _("Archive (ZIP)")
ARCHIVE_ABOUT = _("Everything with pictures and documents, to import into another Parley")
MOST_AT_ONCE = 30
"""Questions that are written while somebody waits for the file."""
MOST_HTML_AT_ONCE = 1_200_000  # characters

report_exports: Providers[[UUID, Membership], Export] = Providers()
"""Asked with a report's id and a member, they give what is exported of it, and nothing where the member can't read
it."""

Told = Callable[[int], None]
"""Hears how many questions were written; raises what breaks the work off."""


def label_of(format_name: str) -> str:
    """What people call the format."""
    return str(ARCHIVE_LABEL if format_name == ARCHIVE else FORMATS[format_name].label)


def file_name(title: str, format_name: str) -> str:
    """The name of the file for people, which any system takes."""
    plain = "".join(sign if sign.isalnum() or sign in " -_" else " " for sign in title)
    stem = " ".join(plain.split())[:80].strip() or "parley"
    return f"{stem}.{'zip' if format_name == ARCHIVE else FORMATS[format_name].suffix}"


def media_type(format_name: str) -> str:
    """What kind of file it is."""
    return "application/zip" if format_name == ARCHIVE else FORMATS[format_name].media_type


def report_of(wanted: Scope, by: Membership) -> Export | None:
    """The report as it holds now, whose parts are read when they are gone through; None where the member can't read
    it."""
    found = report_exports.ask(wanted.ids[0], by) if wanted.ids else []
    return found[0] if found else None


def title_of(wanted: Scope, by: Membership) -> str:
    """What the export is called."""
    if wanted.kind == REPORT:
        found = report_of(wanted, by)
        return found.title if found else ""
    return scope.title_of(wanted, by)


def is_small(wanted: Scope, *, by: Membership, format_name: str) -> bool:
    """Whether somebody can wait for it."""
    if format_name == ARCHIVE:
        return False
    questions = scope.questions_in(wanted, by)
    if len(questions.values_list("pk", flat=True)[: MOST_AT_ONCE + 1]) > MOST_AT_ONCE:
        return False
    characters = questions.order_by().aggregate(sum=Sum(Length("answers__html")))["sum"] or 0
    return int(characters) <= MOST_HTML_AT_ONCE


def is_known(format_name: str, wanted: Scope) -> bool:
    """Whether such a file can be made: an archive is of a whole team."""
    return format_name in FORMATS or (format_name == ARCHIVE and wanted.kind == TEAM)


def write_export(
    wanted: Scope, stream: BinaryIO, *, by: Membership, along: Along, format_name: str, told: Told = lambda _done: None
) -> None:
    """Write what the member may read of it now. Raises NotWritten, what `told` raises and what the file raises."""
    if format_name == ARCHIVE:
        archive.write_archive(stream, by=by, along=along, told=told)
        return
    chosen = FORMATS[format_name]
    if wanted.kind == REPORT:
        report = report_of(wanted, by)
        if report is None:
            raise NotWritten(gettext("This report isn’t there any more."))
        found = report
    else:
        found = collect(wanted, by=by, along=along, with_records=chosen.needs_records)
    progress = _Progress(told)
    chosen.write(replace(found, parts=progress.counted(found.parts), still=progress.still), stream)


class _Progress:
    """Tells how many questions went by."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._done = 0

    def counted(self, parts: Iterable[Part]) -> Iterator[Part]:
        """The parts, each told of before it is handed on."""
        for part in parts:
            if isinstance(part, ExportedQuestion):
                self._done += 1
                self._told(self._done)
            yield part

    def still(self) -> None:
        """Tell once more, while something else takes long."""
        self._told(self._done)
