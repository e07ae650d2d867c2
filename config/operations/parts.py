"""What the operators' page shows: how the server does, what it stores, what went wrong, which settings are on."""

import platform
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Model, Sum
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chat.models import Answer, Attachment, DocumentVersion, PageCopy
from config import env, health
from config.backup.rotation import dated_backups
from config.models import BackupSchedule
from config.operations.figures import Figures
from core.version import parley_version
from core.web.formats import number
from core.web.jobs.leases import every_kind
from core.web.outages import met_lately
from files.limits import MEGABYTE
from imaging.models import GeneratedImage

DAY = timedelta(days=1)
GIGABYTE = 1000 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the server: its name, whether it does its work, and a sentence where it does not."""

    name: str
    is_well: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs of one kind: how many wait for a process, and how many are being done."""

    name: str
    waiting: int
    running: int


@dataclass(frozen=True, slots=True)
class Stored:
    """What something takes, in words, and how much of it a team may have; empty where there is no limit."""

    name: str
    size: str
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Backups:
    """Automatic backups. `every` is empty where none are made, and `failed` says why the last one was not made."""

    every: str
    last: datetime | None
    next: datetime | None
    failed: str
    kept: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong: its kind, how often, and when last."""

    kind: str
    count: int
    at: datetime


def parts_of(report: health.Report) -> list[Part]:
    """The parts that /readyz looks at, in words."""
    names = {
        "database": _("Database"),
        "storage": _("File storage"),
        "upstream": _("Answer service"),
        "gateway": _("Gateway"),
        "backup": _("Backups"),
    }
    return [Part(names.get(key, key), word == health.OK, _(word)) for key, word in report.parts.items()]


def versions() -> list[tuple[str, str]]:
    """What runs here, by name."""
    return [
        ("Parley", parley_version()),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        (connection.display_name, _database_version()),
    ]


def jobs_of(figures: Figures) -> list[Jobs]:
    """Every kind of job, in words, or as Django calls its model."""
    names = {
        "answer": _("Answers"),
        "generatedimage": _("Generated images"),
        "documentversion": _("Documents of spaces"),
        "citationcheck": _("Citation checks"),
        "opinionrequest": _("Second opinions"),
        "exportjob": _("Exports"),
        "importrun": _("Imports"),
        "webhookdelivery": _("Webhook deliveries"),
    }
    return [
        Jobs(
            names.get(leases.kind) or str(capfirst(leases.model._meta.verbose_name_plural)), *figures.jobs[leases.kind]
        )
        for leases in every_kind()
        if leases.kind in figures.jobs
    ]


def stored(figures: Figures) -> list[Stored]:
    """What lies in the database and beside it."""
    return [
        Stored(_("Database"), size_in_words(figures.database_size)),
        Stored(_("Attached files"), _size_of(Attachment)),
        Stored(_("Documents of spaces"), _size_of(DocumentVersion), _per_team(settings.TEAM_DOCUMENTS_MB)),
        Stored(_("Copies of cited pages"), _size_of(PageCopy), _per_team(settings.PAGE_COPIES_QUOTA_MB)),
        Stored(_("Generated images"), _size_of(GeneratedImage)),
        Stored(_("Free on the disk of the data folder"), _free()),
    ]


def backups() -> Backups:
    """When the last automatic backup was made, and when the next one is due."""
    schedule = BackupSchedule.objects.filter(pk=BackupSchedule.ONLY).first()
    last = schedule.succeeded_at if schedule else None
    tried = schedule.tried_at if schedule else None
    try:
        kept = len(dated_backups(settings.BACKUP_DIR)) if settings.BACKUP_EVERY else 0
    except OSError:
        kept = 0
    return Backups(
        every=env.text("BACKUP_EVERY") if settings.BACKUP_EVERY else "",
        last=last,
        next=tried + settings.BACKUP_EVERY if tried and settings.BACKUP_EVERY else None,
        failed=schedule.error if schedule else "",
        kept=kept,
    )


def failed_answers() -> list[Trouble]:
    """What ended answers early within the last day, the most frequent first."""
    since = timezone.now() - DAY
    failed = Answer.objects.filter(ended_at__gte=since, state__in=(Answer.State.FAILED, Answer.State.INTERRUPTED))
    rows = failed.order_by().values("error__kind").annotate(n=Count("pk"), at=Max("ended_at")).order_by("-n")
    return [Trouble(row["error__kind"] or "other", row["n"], row["at"]) for row in rows]


def outages() -> Sequence[Trouble]:
    """What this process could not do since it began: outages of the database and the disk."""
    return [Trouble(met.kind, met.count, met.at) for met in met_lately()]


def settings_in_force() -> Iterable[tuple[str, str]]:
    """The settings that somebody has set, by name. A number, a yes or no, a choice is told; of everything else only
    that it is set, since it may be a secret or hold one."""
    return [(name, value or pgettext("setting", "set")) for name, value in sorted(env.set_by_operator().items())]


def size_in_words(size: int) -> str:
    """Bytes as megabytes or gigabytes."""
    if size >= GIGABYTE:
        return _("%(size)s GB") % {"size": number(round(size / GIGABYTE, 1))}
    return _("%(size)s MB") % {"size": number(round(size / MEGABYTE, 1))}


def _size_of(model: type[Model]) -> str:
    return size_in_words(int(model._default_manager.aggregate(total=Sum("size", default=0))["total"]))


def _per_team(megabytes: int) -> str:
    return _("up to %(size)s per team") % {"size": size_in_words(megabytes * MEGABYTE)}


def _free() -> str:
    try:
        return size_in_words(shutil.disk_usage(settings.DATA_DIR).free)
    except OSError:
        return "–"


def _database_version() -> str:
    version: Mapping[str, object] | tuple[int, ...] | int = connection.get_database_version()
    return ".".join(map(str, version)) if isinstance(version, tuple) else str(version)
