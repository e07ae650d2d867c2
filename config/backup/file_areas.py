"""The areas of the store: which rows name the files in each, and which files are to be kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from chat.attachments import service as attachments
from chat.models import Attachment
from files.store import InUse, Store, Unused
from imaging import library, storage
from imaging.models import GeneratedImage

STARTS = [f"{number:02x}" for number in range(256)]
"""The first two characters of all hashes. One after the other, an area of any size is looked through in little
memory."""


@dataclass(frozen=True, slots=True)
class Area:
    """Files of one kind. Rows of the model name them by `sha256`; a file is safe for `unused_for` after it came, since
    its row is written later."""

    store: Store
    model: type[Model]
    in_use: InUse
    unused_for: timedelta

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
            rows = self._rows().filter(sha256__gte=start, sha256__lt=f"{start}g")
            named = set(rows.values_list("sha256", flat=True))
            absent = self.in_use(named - self.store.hashes_starting_with(start)) if named else ()
            # Once more, for what has been deleted since with its row.
            yield from rows.filter(sha256__in=[sha256 for sha256 in absent if not self.store.has(sha256)])

    def _rows(self) -> Any:
        return self.model._default_manager.order_by("pk")


AREAS = (
    Area(attachments.store, Attachment, attachments.attachments_in_use, attachments.WAITS_FOR),
    Area(storage.store, GeneratedImage, library.images_in_use, library.UNUSED_FOR),
)
