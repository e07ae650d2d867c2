"""An answer's stream of server-sent partials."""

from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.access import signed_in
from chat import access
from chat.answers import passages
from chat.live import stream as live_stream
from chat.live.answer_display import Reader
from chat.live.long_poll import first_news
from chat.worker import current_answer_worker
from core import sse
from core.web.pushed import PushedResponse, pieces_of


@require_GET
@login_required
def stream(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponseBase:
    """Follow the answer from the log's number that the viewer has; with `poll`, up to its next news.

    503 where nothing is being served.
    """
    answer = access.readable_answer(signed_in(request), conversation_id, answer_id)
    membership = access.membership_for(signed_in(request), answer.question.conversation)
    may_ask = access.may_ask_in(membership, answer.question.conversation)
    space_id = passages.space_of(answer)
    sees_documents = space_id is not None and bool(access.spaces_read_by(membership.user_id, [space_id]))
    worker = current_answer_worker()
    if worker is None:
        return HttpResponse(status=503, headers={"Retry-After": "1"})
    show = partial(
        live_stream.show,
        broadcast=worker.broadcast,
        answer_id=answer_id,
        after=live_stream.last_seen(request),
        reader=Reader(may_ask, get_language() or settings.LANGUAGE_CODE, sees_documents),
        permission=access.Permission(
            request.session.session_key or "",
            membership.user_id,
            conversation_id,
            space_id if sees_documents else None,
        ),
    )
    if "poll" in request.GET:
        return StreamingHttpResponse(first_news(pieces_of(show)), content_type=sse.CONTENT_TYPE, headers=sse.HEADERS)
    return PushedResponse(show, content_type=sse.CONTENT_TYPE, headers=sse.HEADERS)
