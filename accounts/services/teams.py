"""What owners do with their team: its name, its members' roles, who is on it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Team, User
from core.errors import ActionRefused


def lock_team(*, team: Team, by: User) -> None:
    """Keep the team to oneself until the transaction ends, so that two owners act one after the other.

    Raises PermissionDenied if the person does not own the team, or not any more.
    """
    # Without the key: somebody who joins in the same moment refers to the team and must not wait in a circle.
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if not Membership.objects.filter(team=team, user=by, role=Membership.Role.OWNER).exists():
        raise PermissionDenied(_("Only a team owner can do this."))


@transaction.atomic
def rename_team(*, team: Team, by: User, name: str) -> None:
    """Give the team another name."""
    lock_team(team=team, by=by)
    team.name = name
    team.save(update_fields=["name"])


@transaction.atomic
def set_image_approval(*, team: Team, by: User, needed: bool) -> None:
    """Say whether the team's generated images are seen only once they are approved. It holds from the next request."""
    lock_team(team=team, by=by)
    team.images_need_approval = needed
    team.save(update_fields=["images_need_approval"])


@transaction.atomic
def set_allowed(*, team: Team, by: User, models: list[str] | None, tools: list[str] | None) -> None:
    """Say which models, by the ids of their offers, and which tools the team may use; None is all of them, also those
    that come. It holds from the next question."""
    lock_team(team=team, by=by)
    Team.objects.filter(pk=team.pk).update(allowed_models=models, allowed_tools=tools)


@transaction.atomic
def change_role(*, member: Membership, by: User, role: str) -> None:
    """Give a member another role. Raises ActionRefused if the team would be left without an owner."""
    lock_team(team=member.team, by=by)
    if role != Membership.Role.OWNER:
        _keep_an_owner_besides(member)
        _revoke_invitations_of(member)
    Membership.objects.filter(pk=member.pk).update(role=role)


@transaction.atomic
def remove_member(*, member: Membership, by: User) -> None:
    """Take a member off the team. What they asked stays with the team; the links they made open nothing any more.

    Raises ActionRefused if the team would be left without an owner.
    """
    lock_team(team=member.team, by=by)
    _keep_an_owner_besides(member)
    _revoke_invitations_of(member)
    Membership.objects.filter(pk=member.pk).delete()


def _keep_an_owner_besides(member: Membership) -> None:
    owners = Membership.objects.filter(team=member.team_id, role=Membership.Role.OWNER, user__is_active=True)
    if not owners.exclude(pk=member.pk).exists():
        raise ActionRefused(_("A team needs an owner. Make someone else an owner first."))


def _revoke_invitations_of(member: Membership) -> None:
    """Somebody who may not invite any more must not come back by a link they kept."""
    Invitation.objects.filter(team=member.team_id, invited_by=member.user_id, accepted_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )
