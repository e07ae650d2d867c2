"""Pictures: `POST /v1/images/generations`, and the bytes of one."""

import base64
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse

from api.auth import Caller, api_view
from api.errors import ApiError, error_response, not_found
from api.models import Scope
from api.openai import drawing
from api.openai.body import json_body
from api.openai.views.chat import again_key
from core.web.deferred import DeferredResponse
from core.web.private_files import as_private_file
from core.web.wording import said_problem
from files import FileMissing
from imaging import access
from imaging.generation.worker import current_image_worker
from imaging.models import GeneratedImage
from imaging.storage import store


@api_view(Scope.DRAW, ("POST",))
def generations(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Have pictures drawn, and answer when they are there. Until they are approved, their person alone sees them."""
    asked: tuple[list[UUID], bool] | None = getattr(request, "_drawn", None)
    has_waited = asked is not None
    if asked is None:
        wish = drawing.read_wish(json_body(request))
        asked = drawing.draw(wish, caller, again_key=again_key(request)), wish.as_addresses
        request._drawn = asked  # type: ignore[attr-defined]  # the server asks again when they are drawn
    ids, as_addresses = asked
    if drawing.are_being_drawn(ids):
        worker = current_image_worker()
        if has_waited or worker is None or worker.draining:
            return error_response(_not_yet())
        wait = partial(drawing.until_drawn, ids, worker)
        return DeferredResponse(b"", content_type="application/json", wait=wait)
    found = list(GeneratedImage.objects.filter(pk__in=ids, requested_by=caller.user, deleted_at=None))
    return _pictures(sorted(found, key=lambda image: ids.index(image.pk)), as_addresses=as_addresses)


@api_view(Scope.DRAW, ("GET",))
def content(request: HttpRequest, caller: Caller, image_id: UUID) -> HttpResponseBase:
    """The bytes of a picture that the person may see."""
    image = access.image_with_picture(caller.user, image_id)
    if image.team_id != caller.token.team_id:
        raise not_found()
    try:
        response = FileResponse(store.open(image.sha256), content_type=image.media_type)
    except FileMissing:
        raise not_found("This file is no longer available.") from None
    return as_private_file(response, cache_control="private, no-store")


def _pictures(images: Sequence[GeneratedImage], *, as_addresses: bool) -> HttpResponseBase:
    drawn = [image for image in images if image.has_picture]
    if not drawn:
        failed = next((image for image in images if image.error), None)
        message = said_problem(failed.error) if failed else "There is no picture."
        raise ApiError(502, message, type="server_error", code="not_drawn")
    data = [_picture(image, as_address=as_addresses) for image in drawn]
    return JsonResponse({"created": int(drawn[0].created_at.timestamp()), "data": data})


def _picture(image: GeneratedImage, *, as_address: bool) -> dict[str, Any]:
    page = f"{settings.SITE_ORIGIN}{reverse('imaging:image', args=[image.pk])}"
    found: dict[str, Any] = {"revised_prompt": image.description or image.prompt}
    if as_address:
        found["url"] = f"{settings.SITE_ORIGIN}{reverse('api:image_content', args=[image.pk])}"
    else:
        with store.open(image.sha256) as source:
            found["b64_json"] = base64.b64encode(source.read()).decode()
    return {**found, "parley": {"image_id": str(image.pk), "state": image.state, "url": page}}


def _not_yet() -> ApiError:
    return ApiError(
        503,
        "The pictures are being drawn. Send the request again with the same Idempotency-Key.",
        type="server_error",
        code="restarting",
        retry_after=5,
    )
