"""Whose tokens somebody may see and revoke: their own, and as an owner those of the team."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.access import require_owner
from accounts.models import Membership, User
from api.models import Token


def own_tokens(user: User) -> QuerySet[Token]:
    """The person's tokens in all of their teams, the newest first."""
    return Token.objects.filter(user=user).select_related("team", "space")


def own_token(user: User, token_id: UUID) -> Token:
    """One of them. Raises Http404."""
    return get_object_or_404(own_tokens(user), pk=token_id)


def team_tokens(membership: Membership) -> QuerySet[Token]:
    """Everybody's tokens in the owner's team, the newest first. Raises PermissionDenied for anybody else."""
    require_owner(membership)
    return Token.objects.filter(team=membership.team_id).select_related("user", "space")


def team_token(membership: Membership, token_id: UUID) -> Token:
    """One of them. Raises Http404 for a token of another team, PermissionDenied for who is no owner."""
    found = get_object_or_404(Token.objects.select_related("user"), team=membership.team_id, pk=token_id)
    require_owner(membership)
    return found
