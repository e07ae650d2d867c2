"""What owners do with their team: its name, its members' roles, who reviews, who is on it."""

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Team, User
from accounts.visibility import Visibility
from core.errors import ActionRefused

REVIEWS_ALL_TEAMS = {"codename": "review_images", "content_type__app_label": "imaging"}
"""Django's permission for people who review the images of every team."""


def has_reviewer(team: Team) -> bool:
    """Whether anybody was chosen who reviews this team's images. Superusers may, but nobody chose them for it."""
    allowed = Permission.objects.filter(**REVIEWS_ALL_TEAMS)
    marked = Q(memberships__team=team, memberships__is_reviewer=True)
    everywhere = Q(user_permissions__in=allowed) | Q(groups__permissions__in=allowed)
    return User.objects.filter(marked | everywhere, is_active=True).exists()


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
def set_default_visibility(*, team: Team, by: User, visible_to: Visibility) -> None:
    """Say who sees a new question of those who have not chosen themselves. What was asked before stays as it is."""
    lock_team(team=team, by=by)
    Team.objects.filter(pk=team.pk).update(visible_to=visible_to)


def remember_visibility(*, membership: Membership, by: User, visible_to: str) -> None:
    """Begin the person's next question in this team with the same choice of who sees it."""
    if membership.visible_to != visible_to:
        Membership.objects.filter(pk=membership.pk, user=by).update(visible_to=visible_to)
        membership.visible_to = visible_to


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
    _change(member, role=role)


@transaction.atomic
def mark_reviewer(*, member: Membership, by: User, marked: bool) -> None:
    """Let a member decide on the team's generated images, or no longer. It holds from the next request."""
    lock_team(team=member.team, by=by)
    _change(member, is_reviewer=marked)


@transaction.atomic
def hand_over(*, member: Membership, by: User) -> None:
    """Make a member an owner in place of oneself, who stays as a member. Other owners stay what they are.

    Raises ActionRefused for oneself, and for somebody who cannot sign in or has just left the team.
    """
    lock_team(team=member.team, by=by)
    if member.user_id == by.pk:
        raise ActionRefused(_("Choose someone else to hand the team over to."))
    if not User.objects.filter(pk=member.user_id, is_active=True).exists():
        raise ActionRefused(_("This account is deactivated, so nobody can sign in with it."))
    _change(member, role=Membership.Role.OWNER)
    own = Membership.objects.get(team=member.team_id, user=by)
    _revoke_invitations_of(own)
    _change(own, role=Membership.Role.MEMBER)


@transaction.atomic
def remove_member(*, member: Membership, by: User) -> None:
    """Take a member off the team. What they asked stays with the team; the links they made open nothing any more.

    Raises ActionRefused if the team would be left without an owner.
    """
    lock_team(team=member.team, by=by)
    _keep_an_owner_besides(member)
    _revoke_invitations_of(member)
    # Whoever gives this place something more, such as one in a space, either has done so by now or waits and finds it
    # gone.
    list(Membership.objects.select_for_update().filter(pk=member.pk))
    Membership.objects.filter(pk=member.pk).delete()


def _change(member: Membership, **values: object) -> None:
    """Raises ActionRefused for somebody who has left the team in this moment."""
    if not Membership.objects.filter(pk=member.pk).update(**values):
        raise ActionRefused(_("%(name)s is no longer on the team.") % {"name": member.user.display_name})


def _keep_an_owner_besides(member: Membership) -> None:
    owners = Membership.objects.filter(team=member.team_id, role=Membership.Role.OWNER, user__is_active=True)
    if not owners.exclude(pk=member.pk).exists():
        raise ActionRefused(_("A team needs an owner. Make someone else an owner first."))


def _revoke_invitations_of(member: Membership) -> None:
    """Somebody who may not invite any more must not come back by a link they kept."""
    Invitation.objects.filter(team=member.team_id, invited_by=member.user_id, accepted_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )
