"""The queue's pages: one image, large enough to judge, and what a reviewer does with it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in
from accounts.models import User
from core.errors import ActionRefused
from imaging.access import reviewable_images, reviewed_teams
from imaging.models import Decision, GeneratedImage
from imaging.review import claims, decisions, queue
from imaging.review.forms import QueueFilterForm, VerdictForm, filters_in, seen_in

State = GeneratedImage.State
Verdict = Decision.Verdict
_APPROVED = ngettext_lazy("%(count)d image approved.", "%(count)d images approved.", "count")
_REJECTED = ngettext_lazy("%(count)d image rejected.", "%(count)d images rejected.", "count")
_UNDONE = ngettext_lazy("%(count)d image is back in the queue.", "%(count)d images are back in the queue.", "count")


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """The oldest waiting image that nobody else looks at."""
    return _show(request, queue.claim_next(_filtered_queue(request), signed_in(request)))


@require_safe
def image_page(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """One image: waiting, or decided about and looked at again. Raises Http404."""
    image = _image(request, image_id)
    if image.state == State.PENDING and decisions.may_decide(signed_in(request), image):
        claims.claim_image(image=image, by=signed_in(request))
    return _show(request, image)


@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Approve the image, and those alike that are ticked."""
    return _decide(request, Verdict.APPROVED)


@require_POST
def reject(request: HttpRequest) -> HttpResponse:
    """Reject the image, and those alike that are ticked."""
    return _decide(request, Verdict.REJECTED)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the last decision, and show the image again."""
    try:
        outcomes = decisions.undo(by=signed_in(request))
    except decisions.NothingToUndo as refusal:
        messages.warning(request, str(refusal))
        return redirect(_address("", request))
    _tell(request, outcomes, _("Decision undone. The image is back in the queue."), _UNDONE)
    return redirect(_address("_image", request, outcomes[-1].image_id))


@require_POST
def claim(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Go on looking at the image. Says who else does, if somebody does."""
    image, user = _image(request, image_id), signed_in(request)
    mine = claims.claim_image(image=image, by=user)
    other = None if mine else claims.claim_holder(_image(request, image_id), user)
    return JsonResponse({"state": image.state, "held_by": other.display_name if other else ""})


@require_POST
def release(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Look at it no longer."""
    claims.release_image(image=_image(request, image_id), by=signed_in(request))
    return HttpResponse(status=204)


def _decide(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    user, form = signed_in(request), VerdictForm(request.POST)
    try:
        seen = seen_in(request.POST)
    except ValueError:
        raise BadRequest("no image was named") from None
    shown = _image(request, seen[0].image_id)
    try:
        reason = form.reason(rejecting=verdict == Verdict.REJECTED)
        outcomes = decisions.decide_all(seen=seen, by=user, verdict=verdict, reason=reason)
    except ActionRefused as refusal:
        return _show(request, shown, form=form, problem=str(refusal))
    if verdict == Verdict.APPROVED:
        _tell(request, outcomes, _("Image approved."), _APPROVED)
    else:
        _tell(request, outcomes, _("Image rejected."), _REJECTED)
    if isinstance(outcomes[0].refusal, decisions.AlreadyDecided):
        return redirect(_address("_image", request, shown.pk))
    following = queue.claim_next(_filtered_queue(request), user, beyond=shown)
    return redirect(_address("_image", request, following.pk) if following else _address("", request))


def _show(
    request: HttpRequest, image: GeneratedImage | None, *, form: VerdictForm | None = None, problem: str = ""
) -> HttpResponse:
    """The page of the image, or of an empty queue."""
    user, images = signed_in(request), _filtered_queue(request)
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": _("Image review"),
        "image": image,
        "filters": queue_filter(request),
        "query": query_of(request),
        "act": decisions.last_act(user),
        "form": form or VerdictForm(),
        "problem": problem,
    }
    if image is None:
        own = images.filter(requested_by=user).exclude(pk__in=queue.decidable(images, user))
        return TemplateResponse(request, "imaging/review/empty.html", {**context, "own": own.count()})
    claims.release_other_images(image=image, by=user)
    return TemplateResponse(
        request, "imaging/review/queue.html", context | _about(image, user, images), status=422 if problem else 200
    )


def _about(image: GeneratedImage, user: User, images: Any) -> dict[str, Any]:
    """Everything about one image that its page tells."""
    pending = image.state == State.PENDING
    may_decide = decisions.may_decide(user, image)
    place = queue.queue_position(images, image)
    following = [(one, claims.claim_holder(one, user)) for one in place.following]
    return {
        "subtitle": str(image),
        "pending": pending,
        "may_decide": may_decide,
        "holder": claims.claim_holder(image, user) if pending else None,
        "seen": queue.seen_state(image),
        "place": place,
        "following": following,
        "next": next((one for one, other in following if other is None), None),
        "alike": [(one, queue.seen_state(one)) for one in queue.similar_images(images, image, user)]
        if pending and may_decide
        else [],
        "decisions": image.decisions.select_related("by"),
        "open_to_team": pending and not image.team.images_need_approval,
        "renewed_every": int(claims.RENEWED_EVERY.total_seconds()),
    }


def _tell(request: HttpRequest, outcomes: list[decisions.Outcome], one: str, many: Any) -> None:
    """Say what became of the images, each refusal once."""
    done = sum(1 for outcome in outcomes if outcome.decision)
    if done:
        messages.success(request, one if done == 1 else many % {"count": done})
    for sentence in dict.fromkeys(map(str, decisions.refusals_in(outcomes))):
        messages.error(request, sentence)


def _image(request: HttpRequest, image_id: UUID) -> GeneratedImage:
    """An image that this reviewer sees, whatever its state. Raises Http404."""
    found = queue.with_review_details(reviewable_images(signed_in(request))).filter(pk=image_id).first()
    if found is None:
        raise Http404(_("This image was deleted or never drawn."))
    return found


def _filtered_queue(request: HttpRequest) -> Any:
    return queue_filter(request).filter_images(queue.pending_images(signed_in(request)))


def queue_filter(request: HttpRequest) -> QueueFilterForm:
    """The part of the queue that the address asks for; it offers the reviewer's own teams."""
    return QueueFilterForm(request.GET, teams=reviewed_teams(signed_in(request)))


def query_of(request: HttpRequest, **more: int) -> str:
    """The filters of the address and more, as the end of the next one."""
    filters = [*filters_in(request.GET), *((name, str(value)) for name, value in more.items())]
    return f"?{urlencode(filters)}" if filters else ""


def _address(name: str, request: HttpRequest, *args: Any) -> str:
    return reverse(f"admin:imaging_review{name}", args=args) + query_of(request)
