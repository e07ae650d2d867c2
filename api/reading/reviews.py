"""Image review by programs, with the rights of the token's person, in the token's team."""

from uuid import UUID

import orjson
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from api.auth import Caller, api_view
from api.errors import ApiError
from api.models import Scope
from api.reading import shapes
from api.reading.parameters import cursor_in, limit_in, wrong
from api.reading.responses import json_response
from core.errors import ActionRefused
from core.web.paging import Cursor
from core.web.private_files import as_private_file
from files import FileMissing
from imaging.access import reviewable_images
from imaging.models import GeneratedImage
from imaging.review import decisions, queue
from imaging.storage import store

VERDICTS = {"approve": decisions.Verdict.APPROVED, "reject": decisions.Verdict.REJECTED}


@api_view(Scope.REVIEW, ("GET", "HEAD"))
def reviews(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The images of the token's team that wait for a decision, oldest first."""
    after, limit = cursor_in(request), limit_in(request)
    waiting = _waiting(caller)
    if after:
        waiting = waiting.filter(created_at__gte=after.at).exclude(created_at=after.at, pk__lte=after.id)
    rows = list(waiting[: limit + 1])
    shown = rows[:limit]
    following = Cursor(shown[-1].created_at, shown[-1].pk) if len(rows) > limit else None
    return json_response(request, shapes.page([_shape(one, caller) for one in shown], following))


@api_view(Scope.REVIEW, ("POST",))
def review(request: HttpRequest, caller: Caller, image_id: UUID) -> HttpResponse:
    """Approve or reject the image, as it was seen: 409 where anybody decided since."""
    said = _body(request)
    verdict = VERDICTS.get(str(said.get("verdict", "")))
    if verdict is None:
        raise wrong("verdict", "“verdict” is approve or reject.")
    try:
        seen = decisions.Seen.parse(str(said.get("seen", ""))[:200])
    except ValueError:
        raise wrong("seen", "“seen” is what the list of waiting images said.") from None
    if seen.image_id != image_id or not _reviewable(caller).filter(pk=image_id).exists():
        raise Http404
    try:
        made = decisions.decide(seen=seen, by=caller.user, verdict=verdict, reason=str(said.get("reason") or "")[:2000])
    except decisions.ReasonNeeded as refused:
        raise wrong("reason", str(refused)) from None
    except decisions.OwnImage as refused:
        raise ApiError(403, str(refused), type="permission_error", code="own_image") from None
    except ActionRefused as refused:
        raise ApiError(409, str(refused), code="already_decided") from None
    decided = {"id": str(image_id), "state": made.verdict, "reason": made.reason, "decided_at": shapes.moment(made.at)}
    return json_response(request, decided)


@api_view(Scope.REVIEW, ("GET", "HEAD"))
def review_picture(request: HttpRequest, caller: Caller, image_id: UUID) -> HttpResponseBase:
    """The bytes of an image that the reviewer may see."""
    found = get_object_or_404(_reviewable(caller).exclude(sha256=""), pk=image_id)
    try:
        data = store.open(found.sha256)
    except FileMissing:
        raise Http404 from None
    return as_private_file(FileResponse(data, content_type=found.media_type), cache_control="private, no-store")


def _reviewable(caller: Caller) -> QuerySet[GeneratedImage]:
    return reviewable_images(caller.user).filter(team=caller.membership.team_id)


def _waiting(caller: Caller) -> QuerySet[GeneratedImage]:
    return queue.pending_images(caller.user).filter(team=caller.membership.team_id)


def _shape(image: GeneratedImage, caller: Caller) -> shapes.Shape:
    may_decide = decisions.may_decide(caller.user, image)
    return shapes.waiting_image(image, seen=str(queue.seen_state(image)), may_decide=may_decide)


def _body(request: HttpRequest) -> dict[str, object]:
    """What is sent, a JSON object. Raises ApiError."""
    try:
        said = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict):
        raise ApiError(400, "Send a JSON object.", code="invalid_json")
    return said
