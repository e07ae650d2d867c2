"""From a prompt to rows: one click is one image and one request to the service, however often the form is sent.

Three short transactions: the image is *drawing*; the service's response is kept, with a row for each picture in it;
each picture, fetched and judged by then, becomes *pending*. Whoever goes on after a crash knows from the row how far it
came. Files are written before the row that names them, so a row never names what is not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from core.storable import storable
from core.web.jobs import leases as job_leases
from imaging.generation import leases
from imaging.models import GeneratedImage
from imaging.storage import StoredPicture
from upstream.images.response import ImageResponse
from upstream.requests import DrawRequest

LONGEST_PROMPT = 4000  # characters
MOST_AT_ONCE = 8  # images of one person that are being drawn
DEFAULT_LANGUAGE = "en-US"

State = GeneratedImage.State


class TooManyImages(Exception):
    """So many of this person's images are being drawn already. `str` is a sentence that says so."""


@dataclass(frozen=True, slots=True)
class DrawWish:
    """What is to be drawn. Without a `model` the service takes its default one."""

    prompt: str
    model: str = ""
    language: str = DEFAULT_LANGUAGE
    incognito: bool = True


@dataclass(frozen=True, slots=True)
class DrawProblem:
    """Why an image failed: a sentence for the reader, and whether trying again can help."""

    kind: str
    message: str
    retryable: bool = True


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """What is to be done for an image: ask for it, or, where the service drew it already, fetch it."""

    request: DrawRequest
    url: str


def request_image(
    *, team: Team, by: User, wish: DrawWish, key: UUID, conversation_id: UUID | None = None
) -> GeneratedImage:
    """An image that waits to be drawn; the one that is there already when the same form is sent again.

    `key` comes with the form. `conversation_id` is where it was asked for. Raises TooManyImages.
    """
    key = uuid5(key, f"{wish.model}\n{wish.prompt}")
    return _once(team=team, by=by, wish=wish, key=key, conversation_id=conversation_id)


def request_image_again(*, image: GeneratedImage, by: User, key: UUID) -> GeneratedImage:
    """Another image with the same wish, drawn anew. One's own that failed gives way to it."""
    wish = DrawWish(prompt=image.prompt, model=image.model, language=image.language, incognito=image.incognito)
    again = _once(
        team=image.team, by=by, wish=wish, key=uuid5(key, str(image.pk)), conversation_id=image.conversation_id
    )
    failed = GeneratedImage.objects.filter(pk=image.pk, requested_by=by, state=State.FAILED, deleted_at=None)
    failed.update(deleted_at=timezone.now())
    return again


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
    request = DrawRequest(prompt=image.prompt, model=image.model, language=image.language, incognito=image.incognito)
    return DrawPlan(request, image.remote_url)


@transaction.atomic
def keep_response(*, image_id: UUID, holder: UUID, response: ImageResponse) -> list[UUID]:
    """Keep what the service answered, whole; returns the image and, for further pictures in it, others.

    Empty when somebody else has taken the image over.
    """
    about = {
        "state": State.DRAWING,
        "upstream_id": storable(response.upstream_id)[:100],
        "resolved_model": storable(response.model)[:100],
        "lease_expires_at": job_leases.lease_until(),
    }
    first = _about_picture(response, 0)
    held = GeneratedImage.objects.filter(leases.held_by(holder), pk=image_id)
    if not held.update(**about, **first, error={}, response=storable(dict(response.raw))):
        return []
    image = GeneratedImage.objects.get(pk=image_id)
    others = [
        GeneratedImage(
            **about,
            **_about_picture(response, position),
            team_id=image.team_id,
            requested_by_id=image.requested_by_id,
            first=image,
            position=position,
            prompt=image.prompt,
            model=image.model,
            language=image.language,
            incognito=image.incognito,
            conversation_id=image.conversation_id,
            created_at=image.created_at - timedelta(microseconds=position),  # next to each other, in their order
            deleted_at=image.deleted_at,
            lease_holder=holder,
        )
        for position in range(1, len(response.images))
    ]
    GeneratedImage.objects.bulk_create(others)
    return [image_id, *(other.pk for other in others)]


def finish_image(*, image_id: UUID, holder: UUID, kept: StoredPicture) -> bool:
    """The picture is in the store: the image is pending from now on. False when somebody else had its lease."""
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


def fail_image(*, image_id: UUID, holder: UUID, problem: DrawProblem) -> bool:
    """There is no picture. False when somebody else had the lease."""
    error = {"kind": problem.kind, "message": storable(problem.message), "retryable": problem.retryable}
    return _record(image_id, holder, state=State.FAILED, error=error)


def _record(image_id: UUID, holder: UUID, **values: Any) -> bool:
    held = GeneratedImage.objects.filter(leases.held_by(holder), pk=image_id)
    return bool(held.update(**values, lease_holder=None, lease_expires_at=None))


def _once(*, team: Team, by: User, wish: DrawWish, key: UUID, conversation_id: UUID | None) -> GeneratedImage:
    mine = GeneratedImage.objects.select_related("requested_by", "team").filter(requested_by=by)
    try:
        with transaction.atomic():
            known = mine.filter(key=key).first()
            if known:
                return known
            if mine.filter(state=State.DRAWING).count() >= MOST_AT_ONCE:
                raise TooManyImages(
                    _("%(most)s of your images are being drawn. Wait until one of them is there.")
                    % {"most": MOST_AT_ONCE}
                )
            return GeneratedImage.objects.create(
                team=team,
                requested_by=by,
                key=key,
                prompt=wish.prompt,
                model=wish.model,
                language=wish.language,
                incognito=wish.incognito,
                conversation_id=conversation_id,
                lease_expires_at=job_leases.grace_until(),
            )
    except IntegrityError:
        return mine.get(key=key)


def _about_picture(response: ImageResponse, position: int) -> Mapping[str, str]:
    picture = response.images[position]
    return {
        "description": storable(picture.prompt),
        "generation_model": storable(picture.generation_model)[:100],
        "router": storable(picture.source)[:100],
        "remote_url": storable(picture.url),
    }
