"""What people do with imports: bring a file, begin, stop, undo, bring back, remove."""

import hashlib
import logging
from typing import BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from chat.access import Place
from chat.access.trash import trash_begins
from chat.models import Conversation
from chat.sources.ledger.watching import note_moved
from core import graphemes
from core.errors import ActionRefused
from core.storable import storable
from core.text import one_line
from core.web.formats import number
from core.web.jobs.leases import BEGINS_WITHIN, grace_until
from files.limits import MEGABYTE
from sharing.imports import limits
from sharing.imports.parts import bringing
from sharing.imports.stored import store
from sharing.models import ImportLine, ImportRun

logger = logging.getLogger(__name__)

_PIECE = MEGABYTE
State = ImportRun.State
_ENDED = (State.FINISHED, State.STOPPED)


def bring_file(
    *, source: BinaryIO, name: str, size: int, membership: Membership, place: Place, as_it_was: bool = False
) -> ImportRun:
    """Keep a file, to be looked through in the background. Raises ActionRefused, with nothing stored, and OSError."""
    by = membership.user
    if not size:
        raise ActionRefused(_("This file is empty."))
    if size > limits.MOST_FILE:
        raise ActionRefused(
            _("This file is %(size)s MB. The maximum is %(most)s MB.")
            % {"size": number(size / MEGABYTE, places=1), "most": limits.MOST_FILE // MEGABYTE}
        )
    open_ones = ImportRun.objects.filter(person=by, state__in=(*ImportRun.LIVE, State.READY))
    if open_ones.count() >= limits.MOST_WAITING:
        raise ActionRefused(
            _("You have %(most)s imports that aren’t finished. Finish or remove one of them first.")
            % {"most": limits.MOST_WAITING}
        )
    sha256 = _sha256(source)
    store.put_file(source, sha256=sha256)
    run = ImportRun.objects.create(
        team_id=membership.team_id,
        person=by,
        name=graphemes.cut(one_line(storable(name)), 120) or _("file"),
        sha256=sha256,
        size=size,
        place=place.value,
        as_it_was=as_it_was and membership.may_manage,
        lease_expires_at=grace_until() - BEGINS_WITHIN,  # at once, by whoever is free
    )
    logger.info("%s brought a file of %s bytes to import (%s).", by.get_username(), size, run.pk)
    return run


def begin_import(*, run: ImportRun, by: User) -> None:
    """Have what was found stored, or go on after a stop. Raises ActionRefused when that can’t be any more."""
    ready = ImportRun.objects.filter(pk=run.pk, state__in=(State.READY, State.STOPPED)).exclude(sha256="")
    begun = ready.exclude(began_at=None, state=State.STOPPED).update(
        state=State.IMPORTING, began_at=timezone.now(), lease_holder=None, lease_expires_at=Now(), attempts=0
    )
    if not begun:
        raise ActionRefused(_("This import can’t begin any more. Upload the file again."))
    logger.info("%s began import %s.", by.get_username(), run.pk)


def stop_import(*, run: ImportRun, by: User) -> None:
    """Store no more of it. What came so far stays, and it can go on later."""
    stopped = ImportRun.objects.filter(pk=run.pk, state__in=ImportRun.LIVE)
    if stopped.update(state=State.STOPPED, ended_at=timezone.now(), lease_holder=None):
        logger.info("%s stopped import %s.", by.get_username(), run.pk)


@transaction.atomic
def undo_import(*, run: ImportRun, by: User) -> int:
    """Put the conversations that came with it into the trash, and what else came of a whole team and nobody has used
    since, all at the same moment. Returns how many conversations. What was added to conversations that were here before
    stays. Raises ActionRefused while it is being done."""
    locked = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if locked.state not in _ENDED:
        raise ActionRefused(_("Stop this import before you undo it."))
    now = timezone.now()
    brought = brought_by(locked)
    note_moved(brought)
    count = brought.filter(deleted_at=None).update(deleted_at=now, deleted_by=by)
    parts = bringing.take_away(locked, by=by, at=now)
    locked.state, locked.undone_at, locked.sha256 = State.UNDONE, now, ""
    locked.save(update_fields=["state", "undone_at", "sha256"])
    logger.info("%s undid import %s: %s conversations, %s other parts.", by.get_username(), run.pk, count, parts)
    return count


@transaction.atomic
def bring_back(*, run: ImportRun, by: User) -> int:
    """Take out of the trash what `undo_import` put there. Returns how many conversations that were."""
    locked = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if locked.state != State.UNDONE:
        return 0
    undone = brought_by(locked).filter(deleted_at=locked.undone_at, deleted_at__gte=trash_begins())
    note_moved(undone)
    if locked.undone_at:
        bringing.bring_back(locked, by=by, at=locked.undone_at)
    count = undone.update(deleted_at=None, deleted_by=None)
    locked.state, locked.undone_at = State.FINISHED, None
    locked.save(update_fields=["state", "undone_at"])
    logger.info("%s brought import %s back: %s conversations.", by.get_username(), run.pk, count)
    return count


def remove_import(*, run: ImportRun, by: User) -> None:
    """Forget the import and its file. Conversations that came with it stay. Raises ActionRefused while it is done."""
    removed, _rows = ImportRun.objects.filter(pk=run.pk).exclude(state__in=ImportRun.LIVE).delete()
    if not removed:
        raise ActionRefused(_("Stop this import before you remove it."))
    logger.info("%s removed import %s.", by.get_username(), run.pk)


def brought_by(run: ImportRun) -> QuerySet[Conversation]:
    """The conversations that came with this import."""
    lines = ImportLine.objects.filter(run=run, outcome=ImportLine.Outcome.BROUGHT, conversation__isnull=False)
    return Conversation.objects.filter(pk__in=lines.values("conversation"))


def _sha256(source: BinaryIO) -> str:
    source.seek(0)
    found = hashlib.sha256()
    while piece := source.read(_PIECE):
        found.update(piece)
    return found.hexdigest()
