"""The queue of images that wait for a decision, oldest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from imaging.access import reviewable_images
from imaging.models import Decision, GeneratedImage
from imaging.review import claims, similarity
from imaging.review.decisions import Seen

State = GeneratedImage.State

FOLLOWING = 12  # thumbnails below the picture
MOST_ALIKE = 50  # pictures that are decided together with the one that is shown
TRIES = 20  # images that other reviewers may take away before one is shown that somebody looks at
ORDER = ("created_at", "id")


@dataclass(frozen=True)
class SimilarImages:
    """Pictures that look alike, the oldest first, as one reviewer sees them."""

    images: Sequence[GeneratedImage]

    @property
    def first(self) -> GeneratedImage:
        """The one that stands for all."""
        return self.images[0]

    @property
    def seen(self) -> str:
        """All of them as they travel in a form."""
        return " ".join(str(seen_state(image)) for image in self.images)


@dataclass(frozen=True)
class QueuePosition:
    """Where an image stands among those that wait: how many are before it, and its neighbours."""

    before: int
    total: int
    previous: GeneratedImage | None
    following: Sequence[GeneratedImage] = field(default_factory=tuple)


def pending_images(user: User) -> QuerySet[GeneratedImage]:
    """The pending images that this person reviews, oldest first, with what the pages tell about them."""
    return with_review_details(reviewable_images(user).filter(state=State.PENDING).order_by(*ORDER))


def with_review_details(images: QuerySet[GeneratedImage]) -> QuerySet[GeneratedImage]:
    """The images with their author, team and claim, and the number of their last decision as `last_decision`."""
    last = Decision.objects.filter(image=OuterRef("pk")).order_by("-id").values("pk")[:1]
    related = images.select_related("team", "requested_by", "claimed_by").defer("response")
    return related.annotate(last_decision=Coalesce(Subquery(last), 0))


def seen_state(image: GeneratedImage) -> Seen:
    """An image that was read through `with_review_details`, as the reviewer is going to see it."""
    return Seen(image.pk, image.state, image.last_decision)  # type: ignore[attr-defined]


def count_and_oldest(user: User) -> tuple[int, datetime | None]:
    """How many images wait for this reviewer, and since when the first of them does."""
    images = reviewable_images(user).filter(state=State.PENDING).order_by(*ORDER)
    return images.count(), images.values_list("created_at", flat=True).first()


def decidable(images: QuerySet[GeneratedImage], user: User) -> QuerySet[GeneratedImage]:
    """Those of the images that this person may decide about."""
    return images if settings.REVIEW_OWN_IMAGES else images.exclude(requested_by=user)


def claim_next(
    images: QuerySet[GeneratedImage], user: User, *, beyond: GeneratedImage | None = None
) -> GeneratedImage | None:
    """Claim the oldest of the waiting images that nobody else looks at; with `beyond`, the first one after that image,
    and from the beginning again after the last. One that somebody looks at if there is no other; None if there is none
    that this person may decide about."""
    mine = decidable(images, user)
    free = mine.filter(claims.unclaimed_by_others(user))
    rounds = [free] if beyond is None else [free.filter(queued_after(beyond)), free.exclude(pk=beyond.pk)]
    for some in rounds:
        for image in some[:TRIES]:
            if claims.claim_image(image=image, by=user):
                return image
    if beyond is not None:
        return mine.filter(queued_after(beyond)).first() or mine.exclude(pk=beyond.pk).first()
    return mine.first()


def queue_position(images: QuerySet[GeneratedImage], image: GeneratedImage) -> QueuePosition:
    """Where the image stands among the waiting ones."""
    bare = images.order_by()
    return QueuePosition(
        before=bare.filter(queued_before(image)).count(),
        total=bare.count(),
        previous=images.filter(queued_before(image)).reverse().first(),
        following=list(images.filter(queued_after(image))[:FOLLOWING]),
    )


def similar_images(images: QuerySet[GeneratedImage], image: GeneratedImage, user: User) -> list[GeneratedImage]:
    """The other waiting images that look like this one and that this person may decide about."""
    if similarity.fingerprint_number(image.fingerprint) is None:
        return []
    others = decidable(images, user).exclude(pk=image.pk)
    known = others.order_by().values_list("fingerprint", flat=True).distinct()
    same = similarity.similar_fingerprints(image.fingerprint, known)
    return list(others.filter(fingerprint__in=same)[:MOST_ALIKE]) if same else []


def similar_groups(images: QuerySet[GeneratedImage], user: User) -> Iterator[list[UUID]]:
    """The ids of the waiting images that this person may decide about, those that look alike together. Each group is
    found only when it is asked for."""
    found = list(decidable(images, user).values_list("pk", "fingerprint"))
    together = similarity.group_fingerprints([fingerprint for _id, fingerprint in found])
    for group in together:
        for start in range(0, len(group), MOST_ALIKE):
            yield [found[number][0] for number in group[start : start + MOST_ALIKE]]


def load_groups(groups: Sequence[Sequence[UUID]], user: User) -> list[SimilarImages]:
    """The groups with their images; what was decided in the meantime is left out."""
    ids = [image_id for group in groups for image_id in group]
    images = {image.pk: image for image in pending_images(user).filter(pk__in=ids)}
    found = ([images[image_id] for image_id in group if image_id in images] for group in groups)
    return [SimilarImages(group) for group in found if group]


def queued_before(image: GeneratedImage) -> Q:
    """What stands before the image."""
    return Q(created_at__lt=image.created_at) | Q(created_at=image.created_at, pk__lt=image.pk)


def queued_after(image: GeneratedImage) -> Q:
    """What stands after the image."""
    return Q(created_at__gt=image.created_at) | Q(created_at=image.created_at, pk__gt=image.pk)
