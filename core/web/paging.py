"""Places in a list that grows at its head: paging from such a place neither leaves a row out nor repeats one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """The place of one row in a list ordered by a moment and, where moments are equal, by id; newest first."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id.hex}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The cursor that was written as this text; None for any other text."""
        moment, _, name = text.partition("-")
        if not (moment.isascii() and moment.isdigit() and len(moment) <= 17 and len(name) == 32):
            return None
        try:
            return cls(at=_EPOCH + int(moment) * _MICROSECOND, id=UUID(hex=name))
        except ValueError:
            return None

    def after(self, field: str) -> Q:
        """The rows that come after this place, ordered by this field: older ones."""
        return Q(**{f"{field}__lte": self.at}) & (Q(**{f"{field}__lt": self.at}) | Q(id__lt=self.id))

    def through(self, field: str) -> Q:
        """The rows before this place, ordered by this field, and the one at it."""
        return Q(**{f"{field}__gte": self.at}) & (Q(**{f"{field}__gt": self.at}) | Q(id__gte=self.id))
