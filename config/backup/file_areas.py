"""The areas of the store: which rows name the files in each, and which files are to be kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from chat.attachments import service as attachments
from chat.documents import service as documents
from chat.documents import texts
from chat.models import Attachment, DocumentVersion, PageCopy
from chat.sources.copies import texts as copied_pages
from chat.sources.copies import upkeep as copies
from files.store import InUse, Store, Unused
from imaging import library, storage
from imaging.models import GeneratedImage
from sharing.export.jobs import records as exports
from sharing.export.jobs import service as export_service
from sharing.imports import stored as imports
from sharing.models import ExportJob, ImportRun

STARTS = [f"{number:02x}" for number in range(256)]
"""The first two characters of all hashes. One after the other, an area of any size is looked through in little
memory."""


@dataclass(frozen=True, slots=True)
class Area:
    """Files of one kind. Rows of the model name them by `named_by`, and some may name none; a file is safe for
    `unused_for` after it came, since its row is written later."""

    store: Store
    model: type[Model]
    in_use: InUse
    unused_for: timedelta
    named_by: str = "sha256"

    @property
    def name(self) -> str:
        """The folder in the storage, and what the area is called."""
        return self.store.area

    def unused(self) -> Iterator[Unused]:
        """The files that no row refers to, old enough to be removed."""
        return self.store.unused(before=timezone.now() - self.unused_for, kept=self.in_use)

    def lost(self) -> Iterator[Model]:
        """The rows whose file is not there."""
        for start in STARTS:
            # Rows first: a file comes before its row, and so is there when it is looked for.
            rows: Any = self.model._default_manager.order_by("pk")
            rows = rows.filter(**{f"{self.named_by}__gte": start, f"{self.named_by}__lt": f"{start}g"})
            named = set(rows.values_list(self.named_by, flat=True))
            absent = self.in_use(named - self.store.hashes_starting_with(start)) if named else ()
            # Once more, for what has been deleted since with its row.
            gone = [sha256 for sha256 in absent if not self.store.has(sha256)]
            yield from rows.filter(**{f"{self.named_by}__in": gone})

    def hashes(self, using: str) -> Iterator[str]:
        """The hashes that rows of this database name, each once."""
        rows: Any = self.model._default_manager.using(using).exclude(**{self.named_by: ""}).order_by(self.named_by)
        yield from rows.values_list(self.named_by, flat=True).distinct().iterator(chunk_size=1000)


AREAS = (
    Area(attachments.store, Attachment, attachments.attachments_in_use, attachments.WAITS_FOR),
    Area(texts.store, DocumentVersion, documents.files_in_use, documents.UNUSED_FOR),
    Area(copied_pages.store, PageCopy, copies.texts_in_use, copies.UNUSED_FOR, named_by="text_sha256"),
    Area(storage.store, GeneratedImage, library.images_in_use, library.UNUSED_FOR),
    Area(exports.store, ExportJob, export_service.exports_in_use, export_service.UNUSED_FOR),
    Area(imports.store, ImportRun, imports.files_in_use, imports.NEW_FOR),
)
