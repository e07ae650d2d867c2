"""From a prompt to rows: each image is one request to the service, however often the form is sent.

Three short transactions: the image is *drawing*; the service's response is kept, with a row for each picture in it;
each picture, fetched and judged by then, becomes *pending*. Whoever goes on after a crash knows from the row how far it
came. A step done once more, since the reply to its commit was lost, changes nothing. Files are written before the row
that names them, so a row never names what is not there.

What an image costs is reserved with the first of these transactions and settled with the second, or with the one that
says why there is none (`imaging.generation.cost`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import LimitReached
from accounts.models import Team, User
from core.storable import storable
from core.web.db import database_now, limit_lock_wait
from core.web.jobs import leases as job_leases
from core.web.wording import stored_problem
from imaging.generation import cost, leases, offers
from imaging.models import GeneratedImage
from imaging.storage import StoredPicture
from upstream.drawing import DrawRequest, ImageResponse

LONGEST_PROMPT = 4000  # characters
MOST_AT_ONCE = 8  # images of one person that are being drawn
MOST_OF_ONE_FORM = 4  # images
DEFAULT_LANGUAGE = "en-US"

State = GeneratedImage.State


class TooManyImages(Exception):
    """So many of this person's images are being drawn already. `str` is a sentence that says so."""


@dataclass(frozen=True, slots=True)
class DrawWish:
    """What is to be drawn, and by whom. Without a `model` or a `size` the service takes its own."""

    prompt: str
    service: str = GeneratedImage.Service.GATEWAY
    model: str = ""
    size: str = ""
    language: str = DEFAULT_LANGUAGE
    incognito: bool = True


@dataclass(frozen=True, slots=True)
class ImageSource:
    """What led to an image: a conversation, a question in it, the first image of those that it is a variant of."""

    conversation_id: UUID | None = None
    question_id: UUID | None = None
    variant_of_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DrawProblem:
    """Why an image failed: a sentence for the reader, and whether trying again can help."""

    kind: str
    message: str
    retryable: bool = True


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """What is to be done for an image: ask for it, or, where the service drew it already, fetch it."""

    service: str
    request: DrawRequest
    url: str


def request_images(
    *, team: Team, by: User, wish: DrawWish, key: UUID, count: int = 1, source: ImageSource | None = None
) -> list[GeneratedImage]:
    """Images that wait to be drawn; those that are there already when the same form is sent again.

    `key` comes with the form. Fewer than `count` where a limit leaves no room for all of them. Raises TooManyImages,
    and LimitReached where there is room for none.
    """
    said = f"{wish.service}\n{wish.model}\n{wish.size}\n{wish.prompt}"
    keys = [uuid5(key, f"{said}\n{number}") for number in range(count)]
    return _once(team=team, by=by, wish=wish, keys=keys, source=source or ImageSource())


def request_image_again(*, image: GeneratedImage, by: User, key: UUID) -> GeneratedImage:
    """Another image with the same wish, drawn anew. One's own that failed gives way to it. Raises TooManyImages,
    LimitReached."""
    wish = DrawWish(
        prompt=image.prompt,
        service=image.service,
        model=image.model,
        size=image.wished_size,
        language=image.language or DEFAULT_LANGUAGE,
        incognito=image.incognito,
    )
    source = ImageSource(
        conversation_id=image.conversation_id,
        question_id=image.question_id,
        variant_of_id=image.variant_of_id if image.state == State.FAILED else root_of(image),
    )
    [again] = _once(team=image.team, by=by, wish=wish, keys=[uuid5(key, str(image.pk))], source=source)
    failed = GeneratedImage.objects.filter(pk=image.pk, requested_by=by, state=State.FAILED, deleted_at=None)
    failed.update(deleted_at=timezone.now())
    return again


def root_of(image: GeneratedImage) -> UUID:
    """The first of the images that were drawn from the same idea."""
    return image.variant_of_id or image.first_id or image.pk


def refetch_image(*, image: GeneratedImage, by: User) -> bool:
    """Have a picture fetched once more that was drawn but could not be had. False where there is nothing to fetch."""
    lost = GeneratedImage.objects.filter(leases.ANSWERED, pk=image.pk, requested_by=by, state=State.FAILED)
    return bool(
        lost.update(state=State.DRAWING, error={}, lease_holder=None, lease_expires_at=job_leases.grace_until())
    )


def draw_plan_for(*, image_id: UUID, holder: UUID) -> DrawPlan | None:
    """What is to be done for an image whose lease this process holds; None when that is not so any more."""
    image = GeneratedImage.objects.filter(leases.held_by(holder), pk=image_id).first()
    if image is None:
        return None
    request = DrawRequest(
        prompt=image.prompt,
        model=image.model,
        language=image.language,
        incognito=image.incognito,
        size=image.wished_size,
    )
    return DrawPlan(image.service, request, image.remote_url)


@transaction.atomic
def note_asked(*, image_id: UUID, holder: UUID) -> bool:
    """Put on record that the service is asked now. False when it must not be: somebody else has the image, or it was
    deleted while it waited for its turn."""
    limit_lock_wait()
    held = GeneratedImage.objects.filter(leases.held_by(holder), pk=image_id, deleted_at=None)
    return bool(held.update(asked_at=timezone.now()))


@transaction.atomic
def keep_response(
    *, image_id: UUID, holder: UUID, response: ImageResponse, kept: Sequence[StoredPicture | None]
) -> list[tuple[UUID, str]]:
    """Keep what the service answered, whole, with a row for each picture: the image and, for further ones, others.

    `kept` has those that came within the response and are in the store by now; they are pending from now on. Returns
    the rows whose picture is still to be fetched, each with its address; none of them when somebody else has taken the
    image over. The same response kept twice is kept once. Raises one of core.web.db.AWAY.
    """
    limit_lock_wait()
    held = GeneratedImage.objects.filter(leases.held_by(holder), pk=image_id)
    known = GeneratedImage.objects.select_for_update(no_key=True).filter(pk=image_id).values_list("response").first()
    if known and known[0]:
        ours = GeneratedImage.objects.filter(leases.DRAWING, leases.ANSWERED, lease_holder=holder)
        return list(ours.filter(Q(pk=image_id) | Q(first=image_id)).values_list("pk", "remote_url"))
    about = {
        "state": State.DRAWING,
        "upstream_id": storable(response.upstream_id)[:100],
        "resolved_model": storable(response.model)[:100],
        "lease_expires_at": job_leases.lease_until(),
    }
    first = _about_picture(response, 0)
    if not held.update(**about, **first, error={}, response=storable(dict(response.raw))):
        return []
    image = GeneratedImage.objects.get(pk=image_id)
    cost.settle_drawn(image, pictures=len(response.images))
    others = [
        GeneratedImage(
            **about,
            **_about_picture(response, position),
            team_id=image.team_id,
            requested_by_id=image.requested_by_id,
            first=image,
            position=position,
            prompt=image.prompt,
            service=image.service,
            model=image.model,
            wished_size=image.wished_size,
            price=image.price,
            language=image.language,
            incognito=image.incognito,
            conversation_id=image.conversation_id,
            question_id=image.question_id,
            variant_of_id=root_of(image),
            asked_at=image.asked_at,
            created_at=image.created_at - timedelta(microseconds=position),  # next to each other, in their order
            deleted_at=image.deleted_at,
            lease_holder=holder,
        )
        for position in range(1, len(response.images))
    ]
    GeneratedImage.objects.bulk_create(others)
    missing = []
    for row, picture, stored in zip([image, *others], response.images, kept, strict=True):
        if stored is None:
            missing.append((row.pk, picture.url))
        else:
            finish_image(image_id=row.pk, holder=holder, kept=stored)
    return missing


@transaction.atomic
def finish_image(*, image_id: UUID, holder: UUID, kept: StoredPicture) -> bool:
    """The picture is in the store: the image is pending from now on. False when somebody else had its lease. Raises one
    of core.web.db.AWAY."""
    limit_lock_wait()
    return _record(
        image_id,
        holder,
        state=State.PENDING,
        error={},
        drawn_at=timezone.now(),
        sha256=kept.sha256,
        original_sha256=kept.original_sha256,
        media_type=kept.media_type,
        size=kept.size,
        width=kept.width,
        height=kept.height,
        fingerprint=kept.fingerprint,
    )


@transaction.atomic
def fail_image(*, image_id: UUID, holder: UUID, problem: DrawProblem, was_charged: bool = False) -> bool:
    """There is no picture. `was_charged` says that the service may have drawn one. False when somebody else had the
    lease."""
    limit_lock_wait()
    error = {"kind": problem.kind, "retryable": problem.retryable, **storable(stored_problem(problem.message))}
    if not _record(image_id, holder, state=State.FAILED, error=error):
        return False
    cost.settle_failed(GeneratedImage.objects.get(pk=image_id), was_charged=was_charged)
    return True


def _record(image_id: UUID, holder: UUID, **values: Any) -> bool:
    held = GeneratedImage.objects.filter(leases.held_by(holder), pk=image_id)
    return bool(held.update(**values, lease_holder=None, lease_expires_at=None))


def _once(*, team: Team, by: User, wish: DrawWish, keys: Sequence[UUID], source: ImageSource) -> list[GeneratedImage]:
    """The images with these keys, in their order, made where they are not there yet."""
    mine = GeneratedImage.objects.select_related("requested_by", "team").filter(requested_by=by)
    try:
        with transaction.atomic():
            known = {image.key: image for image in mine.filter(key__in=keys)}
            if not known:
                _keep_within_most(mine.filter(state=State.DRAWING).count(), wanted=len(keys))
                created = _create(team=team, by=by, wish=wish, keys=keys, source=source)
                known = {image.key: image for image in created}
    except IntegrityError:
        known = {image.key: image for image in mine.filter(key__in=keys)}
    return [known[key] for key in keys if key in known]


def _keep_within_most(drawing: int, *, wanted: int) -> None:
    if drawing + wanted <= MOST_AT_ONCE:
        return
    if wanted == 1:
        said = _("You can draw up to %(most)s images at once. Wait until one of them is ready.")
    else:
        said = ngettext(
            "You can draw up to %(most)s images at once, and %(drawing)s is being drawn. Ask for fewer, or wait.",
            "You can draw up to %(most)s images at once, and %(drawing)s are being drawn. Ask for fewer, or wait.",
            drawing,
        )
    raise TooManyImages(said % {"drawing": drawing, "most": MOST_AT_ONCE})


def _create(*, team: Team, by: User, wish: DrawWish, keys: Sequence[UUID], source: ImageSource) -> list[GeneratedImage]:
    """The images, each with what it costs reserved; those before the one that does not fit into a limit any more."""
    now, images = database_now(), list[GeneratedImage]()
    for number, key in enumerate(keys):
        try:
            with transaction.atomic():
                image = GeneratedImage.objects.create(
                    team=team,
                    requested_by=by,
                    key=key,
                    prompt=wish.prompt,
                    service=wish.service,
                    model=wish.model,
                    wished_size=wish.size,
                    price=offers.price_of(wish.service, model=wish.model, size=wish.size),
                    language=wish.language,
                    incognito=wish.incognito,
                    conversation_id=source.conversation_id,
                    question_id=source.question_id,
                    variant_of_id=source.variant_of_id or (images[0].pk if images else None),
                    created_at=now - timedelta(microseconds=number),  # next to each other, in their order
                    lease_expires_at=job_leases.grace_until(now),
                )
                cost.reserve_image(image)
        except LimitReached:
            if not images:
                raise
            break
        images.append(image)
    return images


def _about_picture(response: ImageResponse, position: int) -> Mapping[str, str]:
    picture = response.images[position]
    return {
        "description": storable(picture.prompt),
        "generation_model": storable(picture.generation_model)[:100],
        "router": storable(picture.source)[:100],
        "remote_url": storable(picture.url),
    }
