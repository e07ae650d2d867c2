"""Places in a list that grows at its head: paging from such a place neither leaves a row out nor repeats one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """The place of one conversation in a list ordered by when it was last asked in, and by id."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id.hex}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor that was written as this text. Raises ValueError for any other text."""
        moment, _, name = text.partition("-")
        if not (moment.isascii() and moment.isdigit() and len(moment) <= 17 and len(name) == 32):
            raise ValueError("not a cursor")
        return cls(at=_EPOCH + int(moment) * _MICROSECOND, id=UUID(hex=name))

    def after(self) -> Q:
        """The rows that come after this place: older ones."""
        return Q(last_asked_at__lte=self.at) & (Q(last_asked_at__lt=self.at) | Q(id__lt=self.id))

    def through(self) -> Q:
        """The rows before this place and the one at it."""
        return Q(last_asked_at__gte=self.at) & (Q(last_asked_at__gt=self.at) | Q(id__gte=self.id))
