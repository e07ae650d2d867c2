"""What is done with several images of the grid at once."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in
from core.web.params import uuid_in
from core.web.private_files import as_private_file
from imaging import access, downloads, library, queries
from imaging.queries import MOST_CHOSEN, MOST_COMPARED

MOST_REVIEWED = 50  # images, which have to fit into an address
NOT_KEPT = "private, no-store"

Act = Callable[[HttpRequest, list[UUID]], HttpResponseBase]


def _with_chosen(act: Act) -> Callable[[HttpRequest], HttpResponseBase]:
    """Hand the chosen images over, each once and in their order; say so where there are none, or too many."""

    @wraps(act)
    def view(request: HttpRequest) -> HttpResponseBase:
        found = [image_id for text in request.POST.getlist("image")[: MOST_CHOSEN + 1] if (image_id := uuid_in(text))]
        chosen = list(dict.fromkeys(found))
        if chosen and len(chosen) <= MOST_CHOSEN:
            return act(request, chosen)
        if chosen:
            messages.error(request, _("You can select up to %(most)d images at once.") % {"most": MOST_CHOSEN})
        else:
            messages.error(request, _("Select at least one image."))
        return redirect(f"{reverse('imaging:images')}?choose=1")

    return view


@require_POST
@login_required
@_with_chosen
def download(request: HttpRequest, chosen: list[UUID]) -> HttpResponseBase:
    """The pictures in one archive, sent while it is written."""
    name = f"parley-images-{timezone.localdate():%Y-%m-%d}.zip"
    response = StreamingHttpResponse(
        downloads.archive(ids=chosen, by=signed_in(request)),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    return as_private_file(response, cache_control=NOT_KEPT)


@require_POST
@login_required
@_with_chosen
def delete(request: HttpRequest, chosen: list[UUID]) -> HttpResponse:
    """Hide those of the images that are one's own, and offer to undo that; tell how many are not."""
    user = signed_in(request)
    own = access.own_images(user, chosen)
    others = len(queries.images_by_id(user, chosen)) - len(own)
    if others > 0:
        said = ngettext(
            "%(count)d image wasn’t deleted: only the person who requested an image can delete it.",
            "%(count)d images weren’t deleted: only the person who requested an image can delete it.",
            others,
        )
        messages.warning(request, said % {"count": others})
    if not own:
        return redirect("imaging:images")
    library.delete_images(images=own, by=user)
    return redirect(f"{reverse('imaging:images')}?deleted={own[0].pk}")


@require_POST
@login_required
@_with_chosen
def review(request: HttpRequest, chosen: list[UUID]) -> HttpResponse:
    """Go on to review with those of the images that wait for a decision. Raises PermissionDenied for others than
    reviewers."""
    if not access.may_review(signed_in(request)):
        raise PermissionDenied(_("Only reviewers can see this page. A team owner can make you a reviewer."))
    if len(chosen) > MOST_REVIEWED:
        messages.error(request, _("You can review up to %(most)d selected images at once.") % {"most": MOST_REVIEWED})
    return redirect(_address("admin:imaging_review_many", chosen[:MOST_REVIEWED]))


@require_POST
@login_required
@_with_chosen
def compare_chosen(request: HttpRequest, chosen: list[UUID]) -> HttpResponse:
    """Go on to the page that shows the images side by side."""
    if len(chosen) > MOST_COMPARED:
        messages.error(request, _("You can compare up to %(most)d images at once.") % {"most": MOST_COMPARED})
    return redirect(_address("imaging:compare", chosen[:MOST_COMPARED]))


@require_safe
@never_cache
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """The images at `?image=`, side by side, as far as they are there for the person."""
    texts = request.GET.getlist("image")[:MOST_COMPARED]
    ids = list(dict.fromkeys(image_id for text in texts if (image_id := uuid_in(text))))
    found = queries.images_by_id(signed_in(request), ids)
    shown = [found[image_id] for image_id in ids if image_id in found]
    return render(request, "imaging/image/compare.html", {"shown": shown, "gone": len(ids) - len(shown)})


def _address(name: str, chosen: list[UUID]) -> str:
    return f"{reverse(name)}?{urlencode({'image': [one.hex for one in chosen]}, doseq=True)}"
