"""Deleting images, restoring them, and tidying up after both."""

import logging
from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from imaging.models import GeneratedImage
from imaging.storage import store

KEPT_FOR = timedelta(days=30)
"""How long a deleted image can be restored."""

UNUSED_FOR = timedelta(days=1)
"""Until a file that no image names is removed: a process may have stored it and died before it said so."""

logger = logging.getLogger(__name__)


def delete_image(*, image: GeneratedImage, by: User) -> None:
    """Hide the image from everybody; it can be restored for KEPT_FOR."""
    GeneratedImage.objects.filter(pk=image.pk).update(deleted_at=timezone.now())
    logger.info("%s deleted image %s.", by.get_username(), image.pk)


def restore_image(*, image: GeneratedImage, by: User) -> bool:
    """Bring a deleted image back as it was. False when that is too long ago."""
    recent = GeneratedImage.objects.filter(pk=image.pk, deleted_at__gt=timezone.now() - KEPT_FOR)
    restored = bool(recent.update(deleted_at=None))
    if restored:
        logger.info("%s restored image %s.", by.get_username(), image.pk)
    return restored


def tidy_images() -> int:
    """Remove for good what was deleted long ago, and files that no image names. Returns how many files went.

    An image about which somebody has decided keeps its row, for decisions are kept; its bytes go. One that others came
    with goes after them.
    """
    long_ago = timezone.now() - KEPT_FOR
    GeneratedImage.objects.filter(deleted_at__lt=long_ago, decisions=None, others=None).delete()
    return store.sweep(before=timezone.now() - UNUSED_FOR, kept=images_in_use)


def images_in_use(hashes: Collection[str]) -> set[str]:
    """Those of the hashes under which an image's bytes are to be kept."""
    kept = Q(deleted_at=None) | Q(deleted_at__gt=timezone.now() - KEPT_FOR)
    return set(GeneratedImage.objects.filter(kept, sha256__in=hashes).values_list("sha256", flat=True))
