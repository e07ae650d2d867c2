"""The documents of a space as rows of a list, a page of them at a time."""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from chat.access.trash import trash_begins
from chat.models import Document, DocumentVersion, Space
from core.web.paging import Cursor

PAGE = 50
OFFERED_FOR = timedelta(hours=1)
"""For how long a document with a numbered name may be made a version of the one without."""
_NUMBERED = re.compile(r"(?P<stem>.+) \(\d+\)(?P<ending>\.\w+)?")
MOST_REMOVED = 50


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document with its newest version, whether that is read or not. `earlier` is the one whose name it would
    have, had it not been taken, and of which it may be meant to be a new version."""

    document: Document
    newest: DocumentVersion
    earlier: Document | None = None

    @property
    def is_being_read(self) -> bool:
        """Whether the row will change by itself."""
        return self.newest.is_being_read

    @property
    def mark(self) -> str:
        """What the row shows of the newest version, to be compared with what a page has."""
        return f"{self.document.pk}:{self.newest.number}:{self.newest.state}"


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some rows, newest first, and from where they go on if they do."""

    rows: list[DocumentRow]
    next: Cursor | None = None


def document_page(space: Space, *, before: Cursor | None = None) -> DocumentPage:
    """The documents of the space, from the newest or from a place on."""
    found = _with_versions(Document.objects.filter(space=space, deleted_at=None)).order_by("-created_at", "-id")
    if before:
        found = found.filter(before.after("created_at"))
    rows = _rows(found[: PAGE + 1])
    last = rows[PAGE - 1].document if len(rows) > PAGE else None
    return DocumentPage(rows[:PAGE], Cursor(last.created_at, last.pk) if last else None)


def rows_of(space: Space, ids: list[UUID]) -> list[DocumentRow]:
    """The rows of these documents of the space, those that are still there."""
    return _rows(_with_versions(Document.objects.filter(space=space, deleted_at=None, pk__in=ids)))


def removed_documents(space: Space) -> list[Document]:
    """Those that can be restored, the last removed first."""
    found = Document.objects.filter(space=space, deleted_at__gte=trash_begins()).order_by("-deleted_at", "-id")
    return list(found[:MOST_REMOVED])


def _with_versions(found: QuerySet[Document]) -> QuerySet[Document]:
    """With the newest version of each, and the current one."""
    versions = DocumentVersion.objects.select_related("uploaded_by").order_by("-number")
    return found.select_related("current").prefetch_related(Prefetch("versions", queryset=versions))


def _rows(found: QuerySet[Document]) -> list[DocumentRow]:
    shown = [(one, versions) for one in found if (versions := list(one.versions.all()))]
    bare = {one.pk: name for one, versions in shown if (name := _bare_name(one)) and len(versions) == 1}
    named = _documents_named(shown[0][0].space_id, set(bare.values())) if bare else {}
    return [DocumentRow(one, versions[0], named.get(bare.get(one.pk, ""))) for one, versions in shown]


def _bare_name(document: Document) -> str:
    """The name without the number that it got lately because another document has it; empty for any other."""
    found = _NUMBERED.fullmatch(document.name) if document.created_at > timezone.now() - OFFERED_FOR else None
    return f"{found['stem']}{found['ending']}".casefold() if found else ""


def _documents_named(space: UUID, names: set[str]) -> dict[str, Document]:
    found = Document.objects.filter(space=space, deleted_at=None).annotate(small=Lower("name")).filter(small__in=names)
    return {one.name.casefold(): one for one in found.order_by("-created_at")}
