"""What people are told of while they look elsewhere, and what they have seen."""

from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from accounts.access import signed_in
from chat import access
from chat.live.long_poll import first_news
from chat.notifications import read_marks
from chat.notifications import stream as notice_stream
from chat.worker import current_answer_worker
from core import sse
from core.web.params import whole_number_in
from core.web.pushed import PushedResponse, pieces_of


@require_GET
@login_required
def notices(request: HttpRequest) -> HttpResponseBase:
    """Follow the person's notices from the number that their browser has; with `poll`, up to the next one.

    503 where nothing is being served.
    """
    person = signed_in(request)
    worker = current_answer_worker()
    if worker is None:
        return HttpResponse(status=503, headers={"Retry-After": "1"})
    show = partial(
        notice_stream.show,
        board=worker.notices,
        person=person.pk,
        after=_last_number(request),
        language=get_language() or settings.LANGUAGE_CODE,
        permission=access.Permission(request.session.session_key or "", person.pk, None),
    )
    if "poll" in request.GET:
        return StreamingHttpResponse(first_news(pieces_of(show)), content_type=sse.CONTENT_TYPE, headers=sse.HEADERS)
    return PushedResponse(show, content_type=sse.CONTENT_TYPE, headers=sse.HEADERS)


def _last_number(request: HttpRequest) -> int:
    """The number of the last notice that the browser has, in milliseconds; 0 if it says none."""
    return whole_number_in(request.GET.get("after"), digits=15) or 0


@require_POST
@login_required
def seen(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Note that the person has seen the conversation as it is now."""
    person = signed_in(request)
    read_marks.mark_seen(conversation=access.readable_conversation(person, conversation_id), by=person)
    return HttpResponse(status=204)
