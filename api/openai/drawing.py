"""From a program's prompt to pictures: drawn, kept and reviewed as those that people ask for."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from accounts.errors import LimitReached
from api.auth import Caller
from api.errors import ApiError
from api.openai.body import Body, text, wrong
from core.text import can_be_seen, visible_text
from imaging.generation import offers, worker
from imaging.generation import service as generation
from imaging.generation.offers import DrawingOffer, OfferedModel
from imaging.generation.service import LONGEST_PROMPT, MOST_OF_ONE_FORM, DrawWish, TooManyImages
from imaging.generation.worker import ImageWorker
from imaging.models import GeneratedImage

LONGEST_WAIT = 600.0  # seconds
_LOOK_ELSEWHERE_EVERY = 1.0  # seconds, in the database, for what another process draws
_SAID = frozenset({"prompt", "model", "n", "size", "response_format"})
_IGNORED = frozenset({"user", "moderation"})
_NEUTRAL: Mapping[str, tuple[Any, ...]] = {
    "background": ("auto",),
    "output_format": ("png",),
    "partial_images": (0,),
    "quality": ("auto", "standard"),
    "stream": (False,),
    "style": ("vivid",),
}


@dataclass(frozen=True, slots=True)
class PictureWish:
    """What a program has drawn: how many, and whether it wants their bytes or addresses."""

    draw: DrawWish
    number: int
    as_addresses: bool


def read_wish(body: Body) -> PictureWish:
    """Raises ApiError."""
    for name, value in body.items():
        if name not in _SAID | _IGNORED and value not in _NEUTRAL.get(name, ()):
            raise wrong(name, f"“{name}” is not supported here.", code="unsupported_parameter")
    prompt = visible_text(text(body, "prompt")).strip()
    if not can_be_seen(prompt) or len(prompt) > LONGEST_PROMPT:
        raise wrong("prompt", f"The prompt must have 1 to {LONGEST_PROMPT} characters.")
    number = body.get("n", 1)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST_OF_ONE_FORM:
        raise wrong("n", f"“n” must be a number from 1 to {MOST_OF_ONE_FORM}.")
    wanted = text(body, "response_format") or "b64_json"
    if wanted not in ("b64_json", "url"):
        raise wrong("response_format", "“response_format” must be b64_json or url.")
    offer, model = _model_for(text(body, "model"))
    size = text(body, "size").removeprefix("auto")
    if size and (model is None or size not in model.sizes):
        sizes = ", ".join(model.sizes) if model and model.sizes else "auto"
        raise wrong("size", f"This model doesn’t draw in the size “{size[:20]}”. Supported sizes: {sizes}.")
    name = model.name if model else offer.default_model
    return PictureWish(DrawWish(prompt=prompt, service=offer.service, model=name, size=size), number, wanted == "url")


def draw(wish: PictureWish, caller: Caller, *, again_key: str) -> list[UUID]:
    """The ids of the images that are drawn from now on, or of those that the same request led to before. Raises
    ApiError."""
    key = uuid5(caller.token.pk, again_key) if again_key else uuid4()
    try:
        images = generation.request_images(
            team=caller.token.team, by=caller.user, wish=wish.draw, key=key, count=wish.number
        )
    except TooManyImages as refused:
        raise ApiError(429, str(refused), type="rate_limit_error", code="rate_limit_exceeded", retry_after=10) from None
    except LimitReached as refused:
        raise ApiError(429, str(refused), type="insufficient_quota", code="insufficient_quota") from None
    for image in images:
        worker.start_image(image)
    return [image.pk for image in images]


def are_being_drawn(ids: Sequence[UUID]) -> bool:
    """Whether any of them is not there yet, and has not failed."""
    return GeneratedImage.objects.filter(pk__in=ids, state=GeneratedImage.State.DRAWING).exists()


async def until_drawn(ids: Sequence[UUID], drawing: ImageWorker) -> None:
    """Wait until none of them is being drawn any more, here or elsewhere, for `LONGEST_WAIT` at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_WAIT):
            for image_id in ids:
                await drawing.wait_for(image_id)
            while await drawing.threads.run(lambda: are_being_drawn(ids)):  # noqa: ASYNC110 - elsewhere, if at all
                await asyncio.sleep(_LOOK_ELSEWHERE_EVERY)


def _model_for(name: str) -> tuple[DrawingOffer, OfferedModel | None]:
    """Who draws: the default model of the first service for no name. Raises ApiError."""
    offered = offers.drawing_offers()
    if not offered:
        raise ApiError(404, "No image service is connected here.", param="model", code="model_not_found")
    if not name:
        return offered[0], offered[0].model_named(offered[0].default_model)
    for offer in offered:
        if model := offer.model_named(name.removeprefix(f"{offer.service}/")):
            return offer, model
    raise ApiError(404, f"No model “{name[:100]}” draws here.", param="model", code="model_not_found")
