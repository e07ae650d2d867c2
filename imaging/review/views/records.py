"""What was decided: images to look at again, figures, and all decisions as a file."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from django.contrib.admin import site
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from accounts.models import User
from core import csv
from imaging.access import reviewable_images, reviewed_by, reviewed_teams
from imaging.models import Decision, GeneratedImage
from imaging.review import decisions as review_decisions
from imaging.review import stats
from imaging.review.forms import DecidedFilterForm

PAGE = 50
COLUMNS = ("time", "reviewer", "username", "verdict", "reason", "image", "team", "requested_by", "drawn", "prompt")
State = GeneratedImage.State


@require_safe
def decided(request: HttpRequest) -> HttpResponse:
    """Approved and rejected images, the last decided first, to be found and looked at again."""
    user = signed_in(request)
    form = DecidedFilterForm(request.GET, teams=reviewed_teams(user))
    images = reviewable_images(user).exclude(state=State.PENDING).defer("response")
    images = form.filter_images(images).order_by("-decided_at", "-id").select_related("team", "requested_by")
    last_first = Prefetch("decisions", Decision.objects.select_related("by").order_by("-id"))
    page = Paginator(images.prefetch_related(last_first), PAGE).get_page(request.GET.get("page"))
    rows = [(image, next(iter(image.decisions.all()), None)) for image in page.object_list]
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": _("Image review"),
        "subtitle": _("Approved and rejected"),
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "rows": rows,
        "parameters": parameters.urlencode(),
        "act": review_decisions.last_act(user),
    }
    return TemplateResponse(request, "imaging/review/decided.html", context)


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """How much waits, how long decisions take, and who decides."""
    user = signed_in(request)
    found = stats.review_figures(user)
    own = next((share for share in found.shares if share.reviewer.pk == user.pk), None)
    context = {
        **site.each_context(request),
        "title": _("Image review"),
        "subtitle": _("Statistics"),
        "figures": found,
        "own": own,
        "days": stats.LATELY.days,
    }
    return TemplateResponse(request, "imaging/review/figures.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Every decision about the images of one's teams, one in a row, sent as it is read."""
    return StreamingHttpResponse(
        csv.lines(COLUMNS, _rows(signed_in(request))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="parley-decisions-{timezone.localdate():%Y-%m-%d}.csv"'},
    )


def _rows(user: User) -> Iterator[Sequence[str]]:
    within_reach = Decision.objects.filter(reviewed_by(user, "image__team"))
    decisions = within_reach.select_related("by", "image__team", "image__requested_by").defer("image__response")
    last, ordered = 0, decisions.order_by("id")
    while piece := list(ordered.filter(pk__gt=last)[: csv.AT_ONCE]):
        last = piece[-1].pk
        yield from map(_cells, piece)


def _cells(decision: Decision) -> Sequence[str]:
    image = decision.image
    return (
        decision.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        decision.decided_by,
        "" if decision.by_name else decision.by.username,
        decision.verdict,
        decision.reason,
        str(image.pk),
        image.team.name,
        image.requested_by.display_name,
        (image.drawn_at or image.created_at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        image.prompt,
    )
