"""How much room the documents of a space and of a team take, and how much they may.

Everything that is kept counts: earlier versions, and what was removed as long as it can be restored. Sizes are in
bytes.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import Team
from chat.models import Document, DocumentVersion, Space
from core.errors import ActionRefused
from core.web.formats import number
from files.limits import MEGABYTE

MOST_DOCUMENTS = 5_000
"""Documents of one space, removed ones included."""
LARGEST_SHOWN = 10


class QuotaReached(ActionRefused):
    """There is no room left."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is used and what may be."""

    used: int
    most: int

    @property
    def left(self) -> int:
        """What may still be added."""
        return max(0, self.most - self.used)

    @property
    def percent(self) -> int:
        """How much of it is used, in whole per cent, a hundred at most."""
        return min(100, self.used * 100 // self.most) if self.most else 100


def room_of_space(space: Space) -> Room:
    """What the documents of the space take."""
    return Room(_sum(DocumentVersion.objects.filter(document__space=space)), settings.SPACE_DOCUMENTS_MB * MEGABYTE)


def room_of_team(team: Team) -> Room:
    """What the documents of all spaces of the team take, of those too that cannot be seen by everybody."""
    versions = DocumentVersion.objects.filter(document__space__team=team)
    return Room(_sum(versions), settings.TEAM_DOCUMENTS_MB * MEGABYTE)


def removed_size(space: Space) -> int:
    """What documents take that were removed and can still be restored."""
    return _sum(DocumentVersion.objects.filter(document__space=space, document__deleted_at__isnull=False))


def largest_documents(space: Space) -> QuerySet[Any]:
    """The documents that take most, each with `total`, the bytes of all its versions, and `copies`, how many."""
    found = Document.objects.filter(space=space, deleted_at=None)
    totals = found.annotate(total=Sum("versions__size"), copies=Count("versions"))
    return totals.order_by("-total", "name")[:LARGEST_SHOWN]


def must_have_room(space: Space, size: int, *, new: bool) -> None:
    """See that so many bytes can be added. Raises QuotaReached with a sentence.

    To be believed only inside a transaction that has locked the team: two uploads may come at once.
    """
    if new and Document.objects.filter(space=space).count() >= MOST_DOCUMENTS:
        raise QuotaReached(
            _("This space has %(most)s documents, which is the limit. Remove some of them for good first.")
            % {"most": number(MOST_DOCUMENTS)}
        )
    for room, sentence in (
        (
            room_of_space(space),
            _(
                "This file is %(size)s MB, and this space has %(left)s MB left of %(most)s MB. Remove documents for "
                "good to make room."
            ),
        ),
        (
            room_of_team(space.team),
            _(
                "This file is %(size)s MB, and the team’s documents have %(left)s MB left of %(most)s MB. Remove "
                "documents for good in one of its spaces to make room."
            ),
        ),
    ):
        if size > room.left:
            raise QuotaReached(
                sentence
                % {
                    "size": number(size / MEGABYTE, places=1),
                    "left": number(room.left / MEGABYTE, places=1),
                    "most": number(room.most // MEGABYTE),
                }
            )


def _sum(versions: QuerySet[DocumentVersion]) -> int:
    return int(versions.aggregate(total=Sum("size", default=0))["total"])
