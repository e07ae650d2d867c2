"""Finding reports: who sees one and who may change it is decided as for conversations."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from chat.access import SpaceRole, role_in, trash_begins
from chat.access.spaces import conversations_seen_by
from chat.models import Conversation
from sharing.models import Report

_SPACE, _TEAM = Conversation.Visibility.SPACE, Conversation.Visibility.TEAM


def readable_reports(membership: Membership) -> QuerySet[Report]:
    """The team's reports that the person may read: those of the team and of their spaces, and their own private ones,
    none deleted."""
    return Report.objects.filter(conversations_seen_by(membership), team=membership.team_id, deleted_at=None)


def trashed_reports(membership: Membership) -> QuerySet[Report]:
    """The team's deleted reports that the person may restore: their own, and for team owners those that the team
    shares."""
    seen = conversations_seen_by(membership)
    deleted = Report.objects.filter(seen, team=membership.team_id, deleted_at__gte=trash_begins())
    if not membership.may_ask:
        return deleted.none()
    own = Q(owner=membership.user_id)
    return deleted.filter(own | Q(visibility=_TEAM)) if membership.may_manage else deleted.filter(own)


def readable_report(user: User, report_id: UUID, *, deleted: bool = False) -> tuple[Report, Membership]:
    """The report with team, owner and space at hand, and the person's place in its team. Raises Http404 when it is not
    there for this person."""
    state = Q(deleted_at__gte=trash_begins()) if deleted else Q(deleted_at=None)
    found = Report.objects.select_related("team", "owner", "space", "changed_by").filter(state)
    report: Report = get_object_or_404(found, pk=report_id, team__memberships__user=user)
    membership = get_object_or_404(Membership, user=user, team=report.team_id)
    membership.user, membership.team = user, report.team
    get_object_or_404(Report.objects.filter(conversations_seen_by(membership)), pk=report_id)
    return report, membership


def editable_report(user: User, report_id: UUID) -> tuple[Report, Membership]:
    """A report whose text the person may change. Raises Http404, or PermissionDenied for who may only read it."""
    report, membership = readable_report(user, report_id)
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s reports but can’t change them."))
    if not may_edit(membership, report):
        raise PermissionDenied(_("You can read this report but can’t change it."))
    return report, membership


def managed_report(user: User, report_id: UUID, *, deleted: bool = False) -> tuple[Report, Membership]:
    """A report that the person may delete and show to others; with `deleted`, one that waits to be restored.

    Raises Http404, or PermissionDenied for anybody else who may read it.
    """
    report, membership = readable_report(user, report_id, deleted=deleted)
    if not may_manage(membership, report):
        raise PermissionDenied(_("Only its owner or a team owner can do this with a report."))
    return report, membership


def may_edit(membership: Membership, report: Report) -> bool:
    """Whether the member, who may read the report, may change its text: in a space those who may add to it, else
    everybody but viewers; nobody in an archived space."""
    if not membership.may_ask:
        return False
    space = report.space if report.visibility == _SPACE else None
    if space is None or space.deleted_at is not None:
        return True
    if space.archived:
        return False
    role = role_in(space, membership)
    return report.owner_id == membership.user_id or (role is not None and role >= SpaceRole.CONTRIBUTOR)


def may_manage(membership: Membership, report: Report) -> bool:
    """Whether the member, who may read it, may delete the report and say who sees it: its owner, a team owner where
    the team sees it, and whoever manages the space in which it is."""
    if report.owner_id == membership.user_id:
        return membership.may_ask
    if report.visibility == _SPACE and report.space:
        role = role_in(report.space, membership)
        return role is not None and role.may_manage
    return membership.may_manage and report.visibility == _TEAM
