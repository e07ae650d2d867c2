"""What a proxy or a supervisor asks: does the process live, and can it do its work right now: write to its database,
its data folder and its storage, and get answers?"""

import asyncio
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chat.catalog import providers
from chat.connection import stored_key
from chat.worker import AnswerWorker, current_answer_worker
from config.models import BackupSchedule
from core.web.outages import outage_of, tell_outage
from upstream.client import Sign

logger = logging.getLogger(__name__)

OK = "ok"
Said = TypeVar("Said")
STARTED_AT = timezone.now()  # this process
UPSTREAM_TIME = 5.0  # seconds that asking the upstream for a sign of life may take
_SIGNS = {
    Sign.OK: OK,
    Sign.REFUSED: gettext_noop("The answer service rejects the API key."),
    Sign.NO_KEY: gettext_noop("The saved API key cannot be read, because SECRET_KEY has changed. Enter it again."),
    Sign.NONE: gettext_noop("The answer service cannot be reached."),
}
_SAVED_KEY_REFUSED = gettext_noop("The answer service rejects the saved API key. Enter another one.")
ENTERED_HERE = frozenset({_SIGNS[Sign.NO_KEY], _SAVED_KEY_REFUSED})
"""What is wrong with a key that is entered on a page of ours. A proxy that sent nobody here any more would keep people
from entering another one."""


@dataclass(frozen=True, slots=True)
class Report:
    """For each part either `ok` or a sentence that says what is wrong. Names no host and no secret.

    Parts named in `optional` are told and do not count: most work goes on without them. Neither does what ENTERED_HERE
    has.
    """

    parts: Mapping[str, str]
    optional: frozenset[str] = frozenset()

    @property
    def ready(self) -> bool:
        """Whether every part that counts can do its work."""
        return all(word == OK or word in ENTERED_HERE for name, word in self.parts.items() if name not in self.optional)

    def as_json(self) -> dict[str, object]:
        """The report as `GET /readyz` sends it."""
        return {"ready": self.ready, **self.parts}


class Readiness:
    """Looks at each part. Whoever asks again within `fresh_for` seconds gets the same report: probes cost little."""

    def __init__(
        self,
        parts: Mapping[str, Callable[[], str]],
        *,
        optional: Mapping[str, Callable[[], str]] | None = None,
        fresh_for: float = 5.0,
    ) -> None:
        self._parts = {**parts, **(optional or {})}
        self._optional = frozenset(optional or {})
        self._fresh_for = fresh_for
        self._lock = threading.Lock()
        self._last: tuple[float, Report] | None = None

    def report(self) -> Report:
        """What holds now, or held a few seconds ago."""
        with self._lock:
            if self._last is None or time.monotonic() - self._last[0] >= self._fresh_for:
                words = {name: look() for name, look in self._parts.items()}
                found = Report({name: word for name, word in words.items() if word}, self._optional)
                self._last = (time.monotonic(), found)
            return self._last[1]


def database_state() -> str:
    """Begins and gives up a transaction that may write, and looks for migrations still to be applied."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SHOW transaction_read_only")
                if cursor.fetchone() != ("off",):
                    return gettext_noop("The database does not accept changes.")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return gettext_noop("The database is older than the program: run manage.py migrate.")
    except DatabaseError as fault:
        if outage_of(fault):
            tell_outage(fault, during="The database cannot be used")
        else:
            logger.exception("The database cannot be used")
        return gettext_noop("The database cannot be used.")
    return OK


def storage_state() -> str:
    """Writes a file into the data folder and takes it away again, and looks after the storage for files elsewhere."""
    try:
        with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR, prefix=".ready-") as file:
            file.write(b"ready")
            file.flush()
    except OSError:
        logger.exception("The data folder cannot be written")
        return gettext_noop("The data folder cannot be written to.")
    try:
        default_storage.check()  # type: ignore[attr-defined]  # both of ours have it
    except OSError:
        logger.exception("The storage for files cannot be used")
        return gettext_noop("The file storage cannot be used.")
    return OK


def upstream_state() -> str:
    """Asks the upstream for a sign of life, which costs nothing. A process that is leaving writes no answers either."""
    worker = current_answer_worker()
    if worker is None or worker.draining:
        return gettext_noop("This process accepts no questions: it is starting or shutting down.")
    sign = _ask_worker(worker.services.sign_of_life(), worker) or Sign.NONE
    if sign is Sign.REFUSED and stored_key.current().key and not stored_key.is_from_environment():
        return _SAVED_KEY_REFUSED
    return _SIGNS[sign]


def gateway_state() -> str:
    """The same of the gateway, which one can do without; empty where none is connected."""
    worker = current_answer_worker()
    if worker is None or worker.draining or not providers.is_gateway_connected():
        return ""
    is_there = _ask_worker(worker.services.gateway_reachable(), worker)
    return OK if is_there else gettext_noop("The gateway cannot be reached.")


def backup_state() -> str:
    """How it stands with the backups that Parley makes by itself; empty where it makes none. One can work on without.

    Why the last one failed is in the log, and `manage.py doctor` tells it.
    """
    if not settings.BACKUP_EVERY:
        return ""
    try:
        schedule = BackupSchedule.objects.filter(pk=BackupSchedule.ONLY).first()
    except DatabaseError:
        return gettext_noop("The backup schedule cannot be read.")
    if schedule and schedule.error:
        return gettext_noop("The last backup failed.")
    last = schedule.succeeded_at if schedule else None
    waited = timezone.now() - max(last or STARTED_AT, STARTED_AT)
    return OK if waited < 2 * settings.BACKUP_EVERY else gettext_noop("A backup was due but was not made.")


def _ask_worker(question: Coroutine[None, None, Said], worker: AnswerWorker) -> Said | None:
    """What the worker says, None where it says nothing in time. To be called from any thread but its own."""
    asked = asyncio.run_coroutine_threadsafe(question, worker.loop)
    try:
        return asked.result(UPSTREAM_TIME)
    except TimeoutError:
        asked.cancel()
        return None


readiness = Readiness(
    {"database": database_state, "storage": storage_state, "upstream": upstream_state},
    optional={"gateway": gateway_state, "backup": backup_state},
)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive. Looks at nothing, so that a slow database does not get a healthy process killed."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready, or 503 with a reason for each part that is not."""
    report = readiness.report()
    return JsonResponse(report.as_json(), status=200 if report.ready else 503)
