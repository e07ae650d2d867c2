"""How much room the copies of a team take, and which of them go first.

Copies that a check relies on go last: they are what can still be read when the page is gone. Sizes are in bytes.
"""

from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Sum

from chat.models import CheckedSource, PageCopy
from files.limits import MEGABYTE

_AT_ONCE = 50  # copies that go in one statement


def room_used(team_id: UUID) -> int:
    """What the copies of the team take. A text counts for each page that has it."""
    return int(PageCopy.objects.filter(team=team_id).aggregate(total=Sum("size", default=0))["total"])


def make_room(team_id: UUID, size: int) -> bool:
    """See that so many bytes can be added: where they cannot, let the team's oldest copies go, those that no check
    relies on first. False where the text is larger than all the room there is."""
    most = settings.PAGE_COPIES_QUOTA_MB * MEGABYTE
    if size > most:
        return False
    over = room_used(team_id) + size - most
    for some in (unrelied(), PageCopy.objects.all()):
        while over > 0 and (freed := _drop_oldest(some.filter(team=team_id), over)):
            over -= freed
    return over <= 0


def unrelied() -> QuerySet[PageCopy]:
    """The copies that no check relies on."""
    return PageCopy.objects.filter(~Exists(CheckedSource.objects.filter(copy=OuterRef("pk"))))


def _drop_oldest(copies: QuerySet[PageCopy], wanted: int) -> int:
    """Let some of the oldest go, about as many as are needed; returns how many bytes that were."""
    doomed, freed = [], 0
    for pk, size in copies.filter(size__gt=0).order_by("seen_at", "id").values_list("pk", "size")[:_AT_ONCE]:
        if freed >= wanted:
            break
        doomed.append(pk)
        freed += size
    PageCopy.objects.filter(pk__in=doomed).delete()
    return freed
