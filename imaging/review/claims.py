"""Who is looking at which image right now, so that two reviewers do not look at the same one.

A claim is a courtesy and no lock: it runs out by itself, by the database's clock, and everybody may decide in spite of
it.
"""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from core.web.db import database_now
from imaging.models import GeneratedImage

LASTS = timedelta(minutes=2)
RENEWED_EVERY = timedelta(seconds=45)


def unclaimed_by_others(user: User) -> Q:
    """The images that nobody else is looking at."""
    return Q(claimed_by=None) | Q(claimed_by=user) | Q(claimed_until=None) | Q(claimed_until__lte=Now())


def claim_image(*, image: GeneratedImage, by: User) -> bool:
    """Look at a pending image, or go on looking at it. False if somebody else does."""
    free = _pending(image).filter(unclaimed_by_others(by))
    return bool(free.update(claimed_by=by, claimed_until=Now() + LASTS))


def release_image(*, image: GeneratedImage, by: User) -> None:
    """Stop looking at it."""
    GeneratedImage.objects.filter(pk=image.pk, claimed_by=by).update(claimed_by=None, claimed_until=None)


def release_other_images(*, image: GeneratedImage, by: User) -> None:
    """Stop looking at all images but this one."""
    GeneratedImage.objects.filter(claimed_by=by).exclude(pk=image.pk).update(claimed_by=None, claimed_until=None)


def claim_holder(image: GeneratedImage, user: User) -> User | None:
    """Who else is looking at the image, as far as the row says that was read."""
    if image.claimed_by_id in {None, user.pk} or image.claimed_until is None or image.claimed_until <= database_now():
        return None
    return image.claimed_by


def _pending(image: GeneratedImage) -> QuerySet[GeneratedImage]:
    return GeneratedImage.objects.filter(pk=image.pk, state=GeneratedImage.State.PENDING, deleted_at=None)
