"""An answer's stream of server-sent partials."""

from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.access import signed_in
from accounts.models import User
from chat import access
from chat.live import stream as live_stream
from chat.live.answer_display import Reader
from chat.live.long_poll import first_news
from chat.worker import current_answer_worker
from core import sse


@require_GET
@login_required
def stream(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponseBase:
    """Follow the answer from the log's number that the viewer has; with `poll`, up to its next news.

    503 where nothing is being served.
    """
    answer = access.readable_answer(signed_in(request), conversation_id, answer_id)
    membership = access.membership_for(signed_in(request), answer.question.conversation)
    worker = current_answer_worker()
    if worker is None:
        return HttpResponse(status=503, headers={"Retry-After": "1"})
    session_key = request.session.session_key

    def still_allowed() -> bool:
        person = _person_behind(session_key)
        if person is None:
            return False
        try:
            access.readable_answer(person, conversation_id, answer_id)
        except Http404:
            return False
        return True

    frames = live_stream.frames(
        worker.broadcast,
        answer_id,
        after=live_stream.last_seen(request),
        reader=Reader(membership.may_ask, get_language() or settings.LANGUAGE_CODE),
        still_allowed=still_allowed,
    )
    return StreamingHttpResponse(
        first_news(frames) if "poll" in request.GET else frames,
        content_type=sse.CONTENT_TYPE,
        headers=sse.HEADERS,
    )


def _person_behind(session_key: str | None) -> User | None:
    """Who is signed in with this session now: nobody after signing out, a new password, or being deactivated."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    person = auth.get_user(request)
    return person if isinstance(person, User) else None
