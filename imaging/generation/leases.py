"""Leases: which process draws which image, and what becomes of images whose process is gone.

A process renews the leases of its images every few seconds. What it was doing decides what follows when it is gone:

- it had not begun: another process begins;
- it had the service's response: another process fetches the picture, and the service is not asked again;
- it was asking: nobody can know what the service did, so the image *failed*, and a person may draw it again.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from imaging.models import GeneratedImage

LASTS = timedelta(seconds=15)
BEGINS_WITHIN = timedelta(seconds=3)
RESTART = "restart"

DRAWING = Q(state=GeneratedImage.State.DRAWING)
ANSWERED = ~Q(remote_url="")


def grace() -> datetime:
    """Until when a new image waits for the process that was asked; after that any process may take it."""
    return timezone.now() + BEGINS_WITHIN


def held_by(holder: UUID) -> Q:
    """The images whose outcome this process may put on record: those it draws, and those that were given up for it
    because it could not renew a lease in time."""
    return Q(lease_holder=holder) & (DRAWING | Q(state=GeneratedImage.State.FAILED, error__kind=RESTART))


def take(*, image_id: UUID, holder: UUID) -> bool:
    """Take the lease of an image that nobody holds. False when somebody was faster."""
    free = GeneratedImage.objects.filter(DRAWING, pk=image_id, lease_holder=None)
    return bool(free.update(lease_holder=holder, lease_expires_at=timezone.now() + LASTS))


def renew(*, holder: UUID, drawing: Collection[UUID]) -> None:
    """Renew the leases of the images that this process draws."""
    ours = GeneratedImage.objects.filter(DRAWING, pk__in=drawing, lease_holder=holder)
    ours.update(lease_expires_at=timezone.now() + LASTS)


def let_go(*, holder: UUID) -> None:
    """Give up every lease at the end: what has its response goes on elsewhere at once, the rest failed."""
    _give_up(GeneratedImage.objects.filter(DRAWING, lease_holder=holder))


def sweep() -> None:
    """Free the images whose process is gone, or mark them as failed, so that no spinner lasts."""
    now = timezone.now()
    _give_up(GeneratedImage.objects.filter(DRAWING, lease_holder__isnull=False, lease_expires_at__lt=now))


def claim(*, holder: UUID) -> list[UUID]:
    """Take over the images that wait for somebody."""
    waiting = GeneratedImage.objects.filter(DRAWING, lease_holder=None, lease_expires_at__lt=timezone.now())
    found = list(waiting.order_by("created_at").values_list("pk", flat=True)[:50])
    return [image_id for image_id in found if take(image_id=image_id, holder=holder)]


def _give_up(abandoned: QuerySet[GeneratedImage]) -> None:
    """Each update looks once more: a lease may be renewed, and a response may come, at the same moment."""
    abandoned.filter(ANSWERED).update(lease_holder=None, lease_expires_at=timezone.now())
    abandoned.exclude(ANSWERED).update(
        state=GeneratedImage.State.FAILED,
        error={
            "kind": RESTART,
            "message": _("Parley was restarted while this image was being drawn."),
            "retryable": True,
        },
    )
