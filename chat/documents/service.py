"""What is done to the documents of a space: added, replaced by a new version, removed, brought back, removed for good.

A file is judged and its bytes are stored before its rows are; those come one upload after the other in each team, so
that two at once neither exceed the room nor get the same name.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from chat import access
from chat.documents import quota
from chat.documents.reliance import forget_quotes
from chat.documents.texts import store
from chat.documents.uploads import judge_document
from chat.models import Document, DocumentVersion, Passage, Space
from core.errors import ActionRefused
from files import JudgedFile

LONGEST_NAME = 200
MOST_VERSIONS = 100
UNUSED_FOR = timedelta(days=1)  # until bytes without a row are removed: they are stored before it
_AT_ONCE = 200  # passages that go in one transaction
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When a document was removed, by its row, that is to go for good."""

logger = logging.getLogger(__name__)


class AlreadyThere(ActionRefused):
    """The space has this very file. `document` is the one that it is a version of."""

    def __init__(self, document: Document) -> None:
        super().__init__(_("This file is already in the space, as “%(name)s”.") % {"name": document.name})
        self.document = document


@dataclass(frozen=True, slots=True)
class Added:
    """A document that was added. `same_name` is the one that had its name before, of which it may be a new version."""

    document: Document
    version: DocumentVersion
    same_name: Document | None = None


def add_document(*, source: BinaryIO, name: str, space: Space, by: User) -> Added:
    """Judge a file and add it to the space as a document, to be read in the background. One whose name is taken gets a
    number.

    Raises files.FileRefused, AlreadyThere, quota.QuotaReached with a sentence, OSError when it cannot be stored.
    """
    judged = judge_document(source, name=name)
    _refuse_same(space, judged)
    quota.must_have_room(space, judged.size, new=True)
    store.keep(judged)
    with transaction.atomic():
        lock_team_of(space)
        _refuse_same(space, judged)
        quota.must_have_room(space, judged.size, new=True)
        same_name = _named(space, judged.name)
        document = Document.objects.create(space=space, name=free_name(space, judged.name), uploaded_by=by)
        version = _add_version(document, judged, by=by)
    logger.info("%s added document %s to space %s.", by.get_username(), document.pk, space.pk)
    return Added(document, version, same_name)


def add_version(*, source: BinaryIO, name: str, document: Document, by: User) -> DocumentVersion:
    """Judge a file and make it the newest version of the document, which takes the place of the one before as soon as
    it is read.

    Raises as `add_document` does, and ActionRefused when there are too many versions.
    """
    judged = judge_document(source, name=name)
    quota.must_have_room(document.space, judged.size, new=False)
    store.keep(judged)
    with transaction.atomic():
        lock_team_of(document.space)
        newest = document.versions.first()
        if newest and newest.sha256 == judged.original_sha256:
            raise AlreadyThere(document)
        quota.must_have_room(document.space, judged.size, new=False)
        version = _add_version(document, judged, by=by)
    logger.info("%s added version %s of document %s.", by.get_username(), version.number, document.pk)
    return version


@transaction.atomic
def make_version_of(*, document: Document, earlier: Document, by: User) -> None:
    """Make a document that was added on its own the newest version of another one of its space.

    Raises ActionRefused when it has versions itself, or one of them was removed meanwhile.
    """
    lock_team_of(document.space)
    document.refresh_from_db()
    earlier.refresh_from_db()
    versions = list(document.versions.all())
    if document.deleted_at or earlier.deleted_at or document.space_id != earlier.space_id or document == earlier:
        raise ActionRefused(_("One of these documents was removed meanwhile."))
    if len(versions) != 1:
        raise ActionRefused(_("“%(name)s” has versions of its own, so it stays a document.") % {"name": document.name})
    version = versions[0]
    version.number = _next_number(earlier)
    version.document = earlier
    version.save(update_fields=["number", "document"])
    if version.state == DocumentVersion.State.READY:
        earlier.current = version
        earlier.save(update_fields=["current"])
    Document.objects.filter(pk=document.pk).update(current=None)
    Document.objects.filter(pk=document.pk).delete()
    logger.info("%s made a document version %s of document %s.", by.get_username(), version.number, earlier.pk)


@transaction.atomic
def rename_document(*, document: Document, name: str, by: User) -> None:
    """Give the document another name of at most LONGEST_NAME characters. Raises ActionRefused when it is taken."""
    lock_team_of(document.space)
    other = _named(document.space, name)
    if other and other.pk != document.pk:
        raise ActionRefused(_("Another document of this space is called “%(name)s”.") % {"name": name})
    document.name = name
    document.save(update_fields=["name"])
    logger.info("%s renamed document %s.", by.get_username(), document.pk)


def remove_document(*, document: Document, by: User) -> None:
    """Take the document away: it is neither shown nor found from now on. It can be restored for TRASH_DAYS."""
    document.deleted_at = timezone.now()
    document.save(update_fields=["deleted_at"])
    logger.info("%s removed document %s.", by.get_username(), document.pk)


@transaction.atomic
def restore_document(*, document: Document, by: User) -> None:
    """Bring a removed document back; one whose name is taken by now gets a number."""
    lock_team_of(document.space)
    document.name = free_name(document.space, document.name)
    document.deleted_at = None
    document.save(update_fields=["name", "deleted_at"])
    logger.info("%s restored document %s.", by.get_username(), document.pk)


def erase_removed(*, space: Space, by: User) -> int:
    """Remove for good what was removed from the space: it makes room at once. Returns how many documents that were."""
    found = Document.objects.filter(space=space, deleted_at__isnull=False)
    count = found.update(deleted_at=_LONG_AGO)
    _purge(found)
    logger.info("%s removed %s documents of space %s for good.", by.get_username(), count, space.pk)
    return count


def read_again(*, version: DocumentVersion, by: User) -> bool:
    """Have a version read once more that could not be read, or not all of it; False when somebody reads it already."""
    ended = [DocumentVersion.State.FAILED, DocumentVersion.State.READY]
    begun = DocumentVersion.objects.filter(pk=version.pk, state__in=ended).update(
        state=DocumentVersion.State.WAITING, problem="", attempts=0, lease_holder=None, lease_expires_at=timezone.now()
    )
    logger.info("%s had version %s read again.", by.get_username(), version.pk)
    return bool(begun)


def purge_documents() -> int:
    """Remove for good what was removed longer than TRASH_DAYS ago. Returns how many documents that were."""
    return _purge(Document.objects.filter(deleted_at__lt=access.trash_begins()))


def tidy_files() -> int:
    """Remove bytes that no document is made of any more. Returns how many files went."""
    return store.sweep(before=timezone.now() - UNUSED_FOR, kept=files_in_use)


def files_in_use(hashes: Collection[str]) -> set[str]:
    """Those of the hashes under which a document's bytes are to be kept."""
    return set(DocumentVersion.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))


def _purge(found: QuerySet[Document]) -> int:
    """Remove documents one after the other, and their passages a little at a time: nobody waits long for the lock."""
    purged = 0
    for document in found.only("pk").iterator(chunk_size=100):
        passages = Passage.objects.filter(version__document=document.pk)
        while some := list(passages.values_list("pk", flat=True)[:_AT_ONCE]):
            Passage.objects.filter(pk__in=some).delete()
        with transaction.atomic():
            forget_quotes(document.pk)
            Document.objects.filter(pk=document.pk).update(current=None)
            document.delete()
        purged += 1
    return purged


def _add_version(document: Document, judged: JudgedFile, *, by: User) -> DocumentVersion:
    number = _next_number(document)
    if number > MOST_VERSIONS:
        raise ActionRefused(
            _("This document has %(most)s versions, which is the limit. Upload the file under another name.")
            % {"most": MOST_VERSIONS}
        )
    return DocumentVersion.objects.create(
        document=document,
        number=number,
        sha256=judged.original_sha256,
        media_type=judged.format.media_type,
        size=judged.size,
        uploaded_by=by,
    )


def _next_number(document: Document) -> int:
    return int(document.versions.aggregate(last=Max("number", default=0))["last"]) + 1


def same_file_in(space: Space, sha256: str) -> Document | None:
    """The document of the space whose newest version is this very file."""
    same = DocumentVersion.objects.filter(sha256=sha256, document__space=space, document__deleted_at=None)
    newest = same.annotate(newest=Max("document__versions__number")).filter(number=F("newest"))
    found = newest.select_related("document").first()
    return found.document if found else None


def _refuse_same(space: Space, judged: JudgedFile) -> None:
    """Raises AlreadyThere when the newest version of a document is the same file."""
    if found := same_file_in(space, judged.original_sha256):
        raise AlreadyThere(found)


def _named(space: Space, name: str) -> Document | None:
    return Document.objects.filter(space=space, deleted_at=None, name__iexact=name).first()


def free_name(space: Space, name: str) -> str:
    """The name, with a number where another document has it: *Report (2).pdf*."""
    taken = {
        one.casefold() for one in Document.objects.filter(space=space, deleted_at=None).values_list("name", flat=True)
    }
    if name.casefold() not in taken:
        return name
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f".{ending}") if dot else (name, "")
    number = 2
    while (free := f"{stem[: LONGEST_NAME - 10 - len(ending)]} ({number}){ending}").casefold() in taken:
        number += 1
    return free


def lock_team_of(space: Space) -> None:
    """Keep the documents of the space's team to oneself until the transaction ends."""
    Team.objects.select_for_update(no_key=True).get(pk=space.team_id)
