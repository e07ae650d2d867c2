"""Many images at once: a page of tiles, groups of images that look alike as one tile, and a result for each."""

from itertools import islice
from typing import Any

from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in
from core.errors import ActionRefused
from core.web.params import whole_number_in
from imaging.access import reviewable_images
from imaging.models import Decision
from imaging.review import claims, decisions, queue
from imaging.review.forms import VerdictForm, seen_in
from imaging.review.views.single import query_of, queue_filter

PAGE = 36  # tiles
Verdict = Decision.Verdict


@require_safe
def many(request: HttpRequest) -> HttpResponse:
    """A page of the queue, oldest first."""
    return _show(request)


@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Approve what is ticked."""
    return _decide(request, Verdict.APPROVED)


@require_POST
def reject(request: HttpRequest) -> HttpResponse:
    """Reject what is ticked."""
    return _decide(request, Verdict.REJECTED)


def _decide(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    form = VerdictForm(request.POST)
    try:
        seen = seen_in(request.POST)
    except ValueError:
        return _show(request, form=form, problem=_("Select at least one image."))
    try:
        reason = form.reason(rejecting=verdict == Verdict.REJECTED)
        outcomes = decisions.decide_all(seen=seen, by=signed_in(request), verdict=verdict, reason=reason)
    except ActionRefused as refusal:
        return _show(request, form=form, problem=str(refusal), ticked={str(one) for one in seen})
    within_reach = queue.with_review_details(reviewable_images(signed_in(request)))
    images = within_reach.in_bulk([outcome.image_id for outcome in outcomes])
    context = {
        **site.each_context(request),
        "title": _("Image review"),
        "subtitle": _("Results"),
        "results": [(outcome, images.get(outcome.image_id)) for outcome in outcomes],
        "done": sum(1 for outcome in outcomes if outcome.decision),
        "refused": len(decisions.refusals_in(outcomes)),
        "verdict": verdict,
        "query": query_of(request),
        "act": decisions.last_act(signed_in(request)),
    }
    return TemplateResponse(request, "imaging/review/results.html", context)


def _show(
    request: HttpRequest, *, form: VerdictForm | None = None, problem: str = "", ticked: set[str] | None = None
) -> HttpResponse:
    user, filters = signed_in(request), queue_filter(request)
    images = filters.filter_images(queue.pending_images(user))
    number = _page_number(request)
    found = list(islice(queue.similar_groups(images, user), (number - 1) * PAGE, number * PAGE + 1))
    tiles = [
        {
            "group": group,
            "holder": claims.claim_holder(group.first, user),
            "ticked": bool(ticked and ticked.intersection(group.seen.split())),
        }
        for group in queue.load_groups(found[:PAGE], user)
    ]
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": _("Image review"),
        "subtitle": _("Bulk review"),
        "number": number,
        "previous": query_of(request, page=number - 1) if number > 1 else "",
        "next": query_of(request, page=number + 1) if len(found) > PAGE else "",
        "here": query_of(request, page=number),
        "tiles": tiles,
        "filters": filters,
        "query": query_of(request),
        "form": form or VerdictForm(),
        "problem": problem,
        "act": decisions.last_act(user),
    }
    return TemplateResponse(request, "imaging/review/many.html", context, status=422 if problem else 200)


def _page_number(request: HttpRequest) -> int:
    """The page that is wanted, counted from 1; the first where nothing sensible is said."""
    return whole_number_in(request.GET.get("page"), digits=5) or 1
