"""Who may read which spaces, whatever they came across: names and texts of documents are for these people alone."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from chat.models import Space, SpaceMember


def space_readers(space_ids: Collection[UUID], user_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Who of these people may read which of the spaces: the ids of both, by one query, or by none."""
    if not space_ids:
        return set()
    chosen = SpaceMember.objects.filter(space=OuterRef("pk"), membership=OuterRef("team__memberships"))
    found = Space.objects.filter(
        Q(everyone=True) | Q(owner=F("team__memberships__user")) | Exists(chosen),
        pk__in=space_ids,
        deleted_at=None,
        team__memberships__user__in=set(user_ids),
    )
    return set(found.order_by().values_list("team__memberships__user", "pk"))


def spaces_read_by(user_id: UUID, space_ids: Collection[UUID]) -> set[UUID]:
    """Those of the spaces that the person may read now."""
    return {space_id for _user_id, space_id in space_readers(space_ids, [user_id])}
