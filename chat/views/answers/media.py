"""Pictures in answers, from our own copies. The browser is never told where they come from, nor do they learn of it."""

from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from chat import access
from chat.answers import media
from chat.models import Answer
from core.web.deferred import DeferredResponse
from core.web.private_files import as_private_file
from files import proxy
from files.proxy import Size

KEPT: Final = "private, max-age=2592000, immutable"  # seconds; the address names the picture by a hash
TRIED_AGAIN: Final = "private, max-age=120"  # seconds
NOT_KEPT: Final = "private, no-store"

# Takes the place of what cannot be shown: no broken icon, and no word on why. Its colours fit both schemes.
PLACEHOLDER: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360" viewBox="-50 -35 120 90" fill="none" '
    b'stroke="#8a8b92" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">'
    b'<path d="M3.500 4h13A1.500 1.500 0 0 1 18 5.500v9a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 2 14.500v-9'
    b'A1.500 1.500 0 0 1 3.500 4ZM2.500 14l4-4 3.500 3.500 2.500-2.500 4.500 4M13 8h.01"/></svg>'
)


@require_safe
@login_required
def picture(
    request: HttpRequest, conversation_id: UUID, answer_id: UUID, key: str, size: str = Size.THUMBNAIL
) -> HttpResponse:
    """One of the answer's pictures, or the thumbnail of one of its videos; a placeholder, with 404, for what fails.

    Raises Http404 for a key of no picture in this answer.
    """
    answer = access.readable_answer(signed_in(request), conversation_id, answer_id)
    return picture_response(answer, key, size=Size(size), kept=KEPT)


def picture_response(answer: Answer, key: str, *, size: Size, kept: str) -> HttpResponse:
    """The bytes of one of the pictures of an answer that somebody may read. `kept` says who may keep them, how long.

    Raises Http404 for a key of no picture in this answer.
    """
    url = media.proxied_address(answer, key)
    if not url:
        raise Http404
    pictures = proxy.shared_pictures()
    data = pictures.cached(url, size)
    if data:
        return as_private_file(HttpResponse(data, content_type=proxy.MEDIA_TYPE), cache_control=kept)
    if pictures.failed(url):
        return as_private_file(
            HttpResponse(PLACEHOLDER, content_type="image/svg+xml", status=404), cache_control=TRIED_AGAIN
        )
    later = DeferredResponse(PLACEHOLDER, content_type="image/svg+xml", wait=lambda: pictures.bring(url))
    return as_private_file(later, cache_control=NOT_KEPT)
