"""Finding searches that people keep."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.models import User
from chat.models import SavedSearch


def own_search(user: User, search_id: UUID, *, deleted: bool = False) -> SavedSearch:
    """A search that the person keeps in one of their teams; with `deleted`, one that waits to be restored. Raises
    Http404."""
    return get_object_or_404(
        SavedSearch.objects.select_related("team"),
        pk=search_id,
        owner=user,
        team__memberships__user=user,
        deleted_at__isnull=not deleted,
    )
