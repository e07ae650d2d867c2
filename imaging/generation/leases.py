"""Which process draws which image, and what becomes of images whose process is gone.

What that process was doing decides what follows:

- it had not asked the service yet: another process does;
- it had the service's response: another process fetches the picture, and the service is not asked again;
- it was asking: nobody can know what the service did, so the image *failed*, and a person may draw it again.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.web.jobs.leases import Leases
from imaging.models import GeneratedImage

RESTART = "restart"

DRAWING = Q(state__spelled_in=[GeneratedImage.State.DRAWING])
ANSWERED = ~Q(remote_url="")
ASKED = Q(asked_at__isnull=False)


def held_by(holder: UUID) -> Q:
    """The images whose outcome this process may put on record: those it draws, and those that were given up for it
    because it could not renew a lease in time."""
    return Q(lease_holder=holder) & (DRAWING | Q(state=GeneratedImage.State.FAILED, error__kind=RESTART))


class ImageLeases(Leases[GeneratedImage]):
    """Who draws what."""

    def give_up(self, abandoned: QuerySet[GeneratedImage], *, held: Collection[UUID] = ()) -> list[UUID]:
        """Free what has its response, and what was never asked for; the rest failed. Nobody needs to be told, so none
        are returned.

        Each update looks once more: a lease may be renewed, and a response may come, at the same moment.
        """
        abandoned = abandoned.exclude(pk__in=held)
        abandoned.filter(ANSWERED | ~ASKED).update(lease_holder=None, lease_expires_at=Now())
        abandoned.filter(ASKED).exclude(ANSWERED).update(
            state=GeneratedImage.State.FAILED,
            error={
                "kind": RESTART,
                "message": _("Parley was restarted while this image was being drawn."),
                "retryable": True,
            },
        )
        return []


_drawing = GeneratedImage.objects.filter(DRAWING)
image_leases = ImageLeases(live=_drawing, claimable=_drawing)
