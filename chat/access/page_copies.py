"""Finding copies of pages."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.models import Membership, User
from chat.models import PageCopy


def readable_copy(user: User, copy_id: UUID) -> tuple[PageCopy, Membership]:
    """A copy that a team of the person has, with their membership there. What is in one stood on the public web, so
    everybody on the team may read it, and nobody else. Raises Http404."""
    copy = get_object_or_404(PageCopy.objects.select_related("team"), pk=copy_id, team__memberships__user=user)
    membership = Membership.objects.select_related("team").get(user=user, team=copy.team_id)
    membership.user = user
    return copy, membership
