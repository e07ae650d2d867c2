"""One image: its page, its bytes, and what its author does with it."""

import io
import uuid
from collections.abc import Callable, Sequence
from typing import BinaryIO
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in
from core.web.private_files import as_private_file
from files import FileMissing
from imaging import access, downloads, library, origins, queries
from imaging.models import GeneratedImage
from imaging.queries import MOST_COMPARED
from imaging.storage import store
from imaging.views.versions import version_of

ASKED_EACH_TIME = "private, no-cache"
NOT_KEPT = "private, no-store"
THUMBNAIL = "image/webp"


@require_safe
@never_cache
@login_required
def image(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """The image with everything that is known of it. 204 for a page that shows this version (`?seen=`) already."""
    user = signed_in(request)
    found = access.readable_image(user, image_id)
    variants = queries.variants_of(user, found)
    decisions = list(found.decisions.select_related("by")) if access.sees_decisions(user, found) else []
    version = _version(found, variants, len(decisions))
    if request.GET.get("seen") == version and request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    membership = access.membership_for_image(user, found)
    may_draw = bool(membership and membership.may_ask)
    context = {
        "image": found,
        "variants": variants,
        "compare_address": _compare_address([found, *variants]),
        "decisions": decisions,
        "sees_decisions": access.sees_decisions(user, found),
        "may_review": found.has_picture and access.reviewable_images(user).filter(pk=found.pk).exists(),
        "origin": origins.conversation_origin(user, found.conversation_id),
        "version": version,
        "key": uuid.uuid4(),
        "may_draw": may_draw,
        "may_delete": may_draw and found.requested_by_id == user.pk,
    }
    template = "imaging/image/_image.html" if request.headers.get("HX-Request") else "imaging/image/image.html"
    return render(request, template, context)


@require_safe
@login_required
def picture(request: HttpRequest, image_id: UUID) -> HttpResponseBase:
    """The bytes."""
    found = access.image_with_picture(signed_in(request), image_id)
    return _bytes(request, found, lambda: store.open(found.sha256), content_type=found.media_type, variant="picture")


@require_safe
@login_required
def thumbnail(request: HttpRequest, image_id: UUID) -> HttpResponseBase:
    """A small picture of the picture."""
    found = access.image_with_picture(signed_in(request), image_id)
    small = lambda: store.open_thumbnail(found.sha256)  # noqa: E731
    return _bytes(request, found, small, content_type=THUMBNAIL, variant="thumbnail")


@require_safe
@login_required
def download(request: HttpRequest, image_id: UUID) -> HttpResponseBase:
    """The picture as a file that says where it comes from."""
    found = access.image_with_picture(signed_in(request), image_id)
    data = _open_or_404(lambda: io.BytesIO(downloads.file_content(found)))
    response = FileResponse(
        data, as_attachment=True, filename=downloads.file_name(found), content_type=found.media_type
    )
    return as_private_file(response, cache_control=NOT_KEPT)


@require_POST
@login_required
def delete(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Hide an image of one's own from everybody, and offer to undo that."""
    found = access.own_image(signed_in(request), image_id)
    library.delete_images(images=[found], by=signed_in(request))
    return redirect(f"{reverse('imaging:images')}?deleted={found.pk}")


@require_POST
@login_required
def restore(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Bring a deleted image of one's own back, and those that were deleted with it."""
    found = access.own_image(signed_in(request), image_id, deleted=True)
    restored = library.restore_images(image=found, by=signed_in(request))
    if not restored:
        messages.error(request, _("It’s too late to undo this. The image has been removed."))
    return redirect("imaging:image", found.pk) if restored == 1 else redirect("imaging:images")


def _bytes(
    request: HttpRequest,
    image: GeneratedImage,
    open_: Callable[[], BinaryIO],
    *,
    content_type: str,
    variant: str,
) -> HttpResponseBase:
    """The bytes, or 304 for a browser that has them. Either way the permission was looked at just now."""
    etag = f'"{image.sha256}-{variant}"'
    known = get_conditional_response(request, etag=etag)
    is_known = known is not None and known.status_code == 304
    response = known if known and is_known else FileResponse(_open_or_404(open_), content_type=content_type)
    response["ETag"] = etag
    return as_private_file(response, cache_control=ASKED_EACH_TIME)


def _open_or_404(open_: Callable[[], BinaryIO]) -> BinaryIO:
    try:
        return open_()
    except FileMissing:
        raise Http404(_("This image is no longer available.")) from None


def _compare_address(images: Sequence[GeneratedImage]) -> str:
    chosen = [("image", image.pk.hex) for image in images[:MOST_COMPARED]]
    return f"{reverse('imaging:compare')}?{urlencode(chosen)}"


def _version(image: GeneratedImage, variants: Sequence[GeneratedImage], decisions: int) -> str:
    """A text that changes when anything does that the page shows."""
    times = (image.asked_at, image.decided_at)
    others = [(other.pk, other.has_picture) for other in variants]
    return version_of(image.state, *times, image.remote_url, image.error, others, decisions, image.requested_by.pk)
