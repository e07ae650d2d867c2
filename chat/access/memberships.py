"""The place of a person in the team that keeps something."""

from django.shortcuts import get_object_or_404

from accounts.models import Membership, User
from chat.models import Conversation, Preset


def membership_for(user: User, kept: Conversation | Preset) -> Membership:
    """The person's membership in the team that keeps it. Raises Http404 for somebody who is not on it."""
    membership = get_object_or_404(Membership, user=user, team=kept.team_id)
    membership.user = user
    return membership
