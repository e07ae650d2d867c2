"""Asking for images, and for those again that failed."""

import uuid
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, signed_in
from accounts.models import Membership
from core.web.params import uuid_in
from imaging import access, origins
from imaging.generation import forms, worker
from imaging.generation import service as generation
from imaging.generation.forms import DrawForm
from imaging.generation.service import TooManyImages
from imaging.views.gallery import box_context, page_context, team_of


@require_POST
@member_required
def draw(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Have an image drawn. The prompt stays in the box when that cannot be."""
    user = signed_in(request)
    origin = origins.conversation_origin(user, uuid_in(request.POST.get("conversation", "")))
    membership = team_of(request, membership, origin)
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can look at this team's images but not draw."))
    form = DrawForm(request.POST)
    by_htmx = bool(request.headers.get("HX-Request"))
    if form.is_valid() and not worker.can_draw():
        form.add_error(None, _("No gateway is connected, and nothing else draws."))
    if form.is_valid():
        try:
            image = generation.request_image(
                team=membership.team,
                by=user,
                wish=form.wish,
                key=form.cleaned_data["key"],
                conversation_id=origin.conversation_id if origin else None,
            )
        except TooManyImages as refusal:
            form.add_error(None, str(refusal))
        else:
            worker.start_image(image)
            if not by_htmx:
                return redirect("imaging:images")
            context = box_context(membership, forms.blank_draw_form(user), None) | {"shown": [image], "others": 0}
            return render(request, "imaging/generation/_drawn.html", context)
    if by_htmx:
        return render(request, "imaging/generation/_draw_box.html", box_context(membership, form, origin), status=422)
    return render(
        request, "imaging/gallery/images.html", page_context(request, membership, form, origin=origin), status=422
    )


@require_POST
@login_required
def draw_again(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Have an image drawn once more with the same prompt, and show the new one."""
    image = access.repeatable_image(signed_in(request), image_id)
    try:
        key = uuid_in(request.POST.get("key", "")) or uuid.uuid4()
        again = generation.request_image_again(image=image, by=signed_in(request), key=key)
    except TooManyImages as refusal:
        messages.error(request, str(refusal))
        return redirect("imaging:image", image.pk)
    worker.start_image(again)
    return redirect("imaging:image", again.pk)


@require_POST
@login_required
def fetch_again(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Have a picture fetched once more that was drawn already; the service is not asked to draw."""
    image = access.own_image(signed_in(request), image_id)
    if generation.refetch_image(image=image, by=signed_in(request)):
        worker.start_image(image)
    return redirect("imaging:image", image.pk)
