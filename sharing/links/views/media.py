"""Pictures on the page behind a link: only those that it shows."""

from collections.abc import Callable
from typing import BinaryIO
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from chat.views.answers.media import picture_response
from core.web.private_files import as_private_file
from files import FileMissing
from files.proxy import Size
from imaging.models import GeneratedImage
from imaging.storage import store
from sharing.links import contents
from sharing.links import page as pages
from sharing.links.views.outside import NOT_KEPT, is_unlocked, outside
from sharing.models import ShareLink

THUMBNAIL = "image/webp"


@require_safe
@outside
def picture(
    request: HttpRequest, link: ShareLink, token: str, answer_id: UUID, key: str, size: str = Size.THUMBNAIL
) -> HttpResponseBase:
    """One of the pictures of an answer, or the thumbnail of one of its videos. Raises Http404 for any other."""
    answer = contents.shows(link, answer_id) if is_unlocked(request, link) else None
    if answer is None:
        raise Http404
    return picture_response(answer, key, size=Size(size), kept=NOT_KEPT)


@require_safe
@outside
def image(request: HttpRequest, link: ShareLink, token: str, image_id: UUID) -> HttpResponseBase:
    """An approved image that was drawn from one of the questions. Raises Http404 for any other."""
    found = _image(request, link, image_id)
    return _file(lambda: store.open(found.sha256), found.media_type)


@require_safe
@outside
def small_image(request: HttpRequest, link: ShareLink, token: str, image_id: UUID) -> HttpResponseBase:
    """A small picture of such an image. Raises Http404 for any other."""
    found = _image(request, link, image_id)
    return _file(lambda: store.open_thumbnail(found.sha256), THUMBNAIL)


def _image(request: HttpRequest, link: ShareLink, image_id: UUID) -> GeneratedImage:
    found = pages.shared_image(link, image_id) if is_unlocked(request, link) else None
    if found is None or not found.has_picture:
        raise Http404
    return found


def _file(open_: Callable[[], BinaryIO], media_type: str) -> HttpResponseBase:
    try:
        opened = open_()
    except FileMissing:
        raise Http404 from None
    return as_private_file(FileResponse(opened, content_type=media_type), cache_control=NOT_KEPT)
