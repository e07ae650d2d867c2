"""Deleting images, restoring them, and tidying up after both."""

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from imaging.models import GeneratedImage
from imaging.storage import store

KEPT_FOR = timedelta(days=30)
"""How long a deleted image can be restored."""

UNUSED_FOR = timedelta(days=1)
"""Until a file that no image names is removed: a process may have stored it and died before it said so."""

logger = logging.getLogger(__name__)


def delete_images(*, images: Sequence[GeneratedImage], by: User) -> None:
    """Hide the images from everybody, all in the same moment; they can be restored for KEPT_FOR."""
    ids = [image.pk for image in images]
    GeneratedImage.objects.filter(pk__in=ids, deleted_at=None).update(deleted_at=timezone.now())
    logger.info("%s deleted %s.", by.get_username(), ", ".join(f"image {pk}" for pk in ids))


def deleted_together(image: GeneratedImage) -> QuerySet[GeneratedImage]:
    """The images that their author deleted in one moment with this one, and this one."""
    theirs = GeneratedImage.objects.filter(requested_by=image.requested_by_id, team=image.team_id)
    return theirs.filter(deleted_at=image.deleted_at) if image.deleted_at else theirs.none()


def restore_images(*, image: GeneratedImage, by: User) -> int:
    """Bring a deleted image back as it was, and those that were deleted with it. Returns how many those are, none when
    that is too long ago."""
    restored = deleted_together(image).filter(deleted_at__gt=timezone.now() - KEPT_FOR).update(deleted_at=None)
    if restored:
        logger.info("%s restored image %s and %s that went with it.", by.get_username(), image.pk, restored - 1)
    return restored


def tidy_images() -> int:
    """Remove for good what was deleted long ago, and files that no image names. Returns how many files went.

    An image about which somebody has decided keeps its row, for decisions are kept; its bytes go. One that others came
    with, or are variants of, goes after them.
    """
    long_ago = timezone.now() - KEPT_FOR
    GeneratedImage.objects.filter(deleted_at__lt=long_ago, decisions=None, others=None, variants=None).delete()
    return store.sweep(before=timezone.now() - UNUSED_FOR, kept=images_in_use)


def images_in_use(hashes: Collection[str]) -> set[str]:
    """Those of the hashes under which an image's bytes are to be kept."""
    kept = Q(deleted_at=None) | Q(deleted_at__gt=timezone.now() - KEPT_FOR)
    return set(GeneratedImage.objects.filter(kept, sha256__in=hashes).values_list("sha256", flat=True))
