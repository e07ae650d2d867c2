"""Who may see which generated image: the one place that decides, for pages, bytes, lists, downloads and searches.

Nothing here is remembered: a decision, a change of the team's setting or of a membership counts from the next request.

    state              its author   reviewers   the rest of the team
    drawing, failed    yes          no          no
    pending            yes          yes         where the team needs no approval
    approved           yes          yes         yes
    rejected           yes          yes         no

Authors and teammates only as long as they are on the team. Reviewers are of two kinds: those whom an owner has marked
review the images of that team, and whoever has Django's permission those of all teams. Seeing an image is one thing,
bytes and prompt included: there is no surface that shows less to more people.
"""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Membership, Team, User
from imaging.models import GeneratedImage

REVIEW = "imaging.review_images"
State = GeneratedImage.State
REVIEWABLE = (State.PENDING, State.APPROVED, State.REJECTED)


def reviews_all_teams(user: User) -> bool:
    """Whether this person reviews the images of every team: whoever has the permission, and superusers."""
    return user.has_perm(REVIEW)


def may_review(user: User) -> bool:
    """Whether this person reviews images of any team."""
    marked = Membership.objects.filter(user=user, is_reviewer=True, user__is_active=True)
    return reviews_all_teams(user) or marked.exists()


def reviewed_by(user: User, team: str = "team") -> Q:
    """What belongs to teams whose images this person reviews, as a condition for queries of rows that have a `team`."""
    if reviews_all_teams(user):
        return Q()
    marked = Membership.objects.filter(user=user, is_reviewer=True, user__is_active=True, team=OuterRef(team))
    return Q(Exists(marked))


def reviewable_images(user: User) -> QuerySet[GeneratedImage]:
    """The images that this person decides about: those that wait, and those about which somebody has decided."""
    return GeneratedImage.objects.filter(reviewed_by(user), deleted_at=None, state__in=REVIEWABLE)


def reviewed_teams(user: User) -> QuerySet[Team]:
    """The teams whose images this person reviews, by name."""
    return Team.objects.filter(reviewed_by(user, "pk")).order_by("name")


def visible_images(user: User, team: Team | None = None) -> QuerySet[GeneratedImage]:
    """The images that this person may see now, those of one team or of all; none that are deleted."""
    theirs = Membership.objects.filter(user=user, team=OuterRef("team"))
    published = Q(state=State.APPROVED) | Q(state=State.PENDING, team__images_need_approval=False)
    seen = Q(Exists(theirs)) & (Q(requested_by=user) | published)
    seen |= Q(reviewed_by(user), state__in=REVIEWABLE)
    found = GeneratedImage.objects.filter(seen, deleted_at=None)
    return found if team is None else found.filter(team=team)


def readable_image(user: User, image_id: UUID) -> GeneratedImage:
    """The image with its author and team. Raises Http404 when it is not there for this person."""
    return get_object_or_404(visible_images(user).select_related("requested_by", "team"), pk=image_id)


def image_with_picture(user: User, image_id: UUID) -> GeneratedImage:
    """A readable image that has bytes. Raises Http404."""
    found = readable_image(user, image_id)
    if not found.has_picture:
        raise Http404
    return found


def repeatable_image(user: User, image_id: UUID) -> GeneratedImage:
    """A readable image of a team in which the person may draw. Raises Http404, or PermissionDenied for a viewer."""
    found = readable_image(user, image_id)
    membership = membership_for_image(user, found)
    if membership is None or not membership.may_ask:
        raise PermissionDenied(_("Viewers can see this team’s images but can’t draw."))
    return found


def own_image(user: User, image_id: UUID, *, deleted: bool = False) -> GeneratedImage:
    """An image that the person may delete: their own, in a team in which they may draw. With `deleted`, one that waits
    to be restored.

    Raises Http404, or PermissionDenied for somebody who may only see it.
    """
    if deleted:
        found = get_object_or_404(
            GeneratedImage.objects.select_related("requested_by", "team"),
            pk=image_id,
            requested_by=user,
            deleted_at__isnull=False,
            team__memberships__user=user,
        )
    else:
        found = readable_image(user, image_id)
    membership = membership_for_image(user, found)
    if found.requested_by_id != user.pk or membership is None or not membership.may_ask:
        raise PermissionDenied(_("Only the person who requested an image can delete it."))
    return found


def own_images(user: User, ids: Sequence[UUID]) -> list[GeneratedImage]:
    """Those of these images that the person may delete, in the order of the ids."""
    teams = [one.team_id for one in Membership.objects.filter(user=user) if one.may_ask]
    mine = visible_images(user).filter(pk__in=ids, requested_by=user, team__in=teams).in_bulk()
    return [mine[image_id] for image_id in ids if image_id in mine]


def sees_decisions(user: User, image: GeneratedImage) -> bool:
    """Whether this person is told what was decided about a readable image, by whom and why."""
    return image.requested_by_id == user.pk or reviewable_images(user).filter(pk=image.pk).exists()


def membership_for_image(user: User, image: GeneratedImage) -> Membership | None:
    """The person's membership in the image's team; None for a reviewer from elsewhere."""
    found = Membership.objects.filter(user=user, team=image.team_id).select_related("team").first()
    if found:
        found.user = user
    return found
