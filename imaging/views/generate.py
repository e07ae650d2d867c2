"""Asking for images, and for those again that failed."""

import uuid
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import member_required, signed_in
from accounts.errors import LimitReached
from accounts.models import Membership, User
from core.web.params import uuid_in
from imaging import access, origins
from imaging.generation import forms, offers, worker
from imaging.generation import service as generation
from imaging.generation.forms import DrawForm
from imaging.generation.service import ImageSource, TooManyImages
from imaging.models import GeneratedImage
from imaging.origins import Origin
from imaging.views.gallery import box_context, page_context, team_of


@require_POST
@member_required
def draw(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Have images drawn. The prompt stays in the box when that cannot be."""
    user = signed_in(request)
    origin = origins.origin_of(
        user,
        conversation_id=uuid_in(request.POST.get("conversation", "")),
        question_id=uuid_in(request.POST.get("question", "")),
    )
    source = _source_image(user, request.POST.get("variant_of", ""))
    membership = team_of(request, membership, origin, source)
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can see this team’s images but can’t draw."))
    form = DrawForm(request.POST)
    images = _request_images(form, membership, origin, source)
    if not images:
        return _refused(request, membership, form, origin, source)
    for image in images:
        worker.start_image(image)
    fewer = _fewer_than_asked(len(images), of=form.number)
    if not request.headers.get("HX-Request"):
        if fewer:
            messages.warning(request, fewer)
        return redirect("imaging:images")
    context = box_context(membership, forms.blank_draw_form(user)) | {"shown": images, "others": 0, "fewer": fewer}
    return render(request, "imaging/generation/_drawn.html", context)


def _request_images(
    form: DrawForm, membership: Membership, origin: Origin | None, source: GeneratedImage | None
) -> list[GeneratedImage]:
    """The images that wait to be drawn; none where the form says why."""
    if form.is_valid() and not offers.can_draw():
        form.add_error(None, _("No image service is connected."))
    if not form.is_valid():
        return []
    try:
        return generation.request_images(
            team=membership.team,
            by=membership.user,
            wish=form.wish,
            key=form.cleaned_data["key"],
            count=form.number,
            source=ImageSource(
                conversation_id=origin.conversation_id if origin else None,
                question_id=origin.question_id if origin else None,
                variant_of_id=generation.root_of(source) if source else None,
            ),
        )
    except (TooManyImages, LimitReached) as refusal:
        form.add_error(None, str(refusal))
        return []


def _source_image(user: User, text: str) -> GeneratedImage | None:
    """The image that this is to be a variant of, where it is there for the person in a team of their own."""
    image_id = uuid_in(text)
    found = access.visible_images(user).filter(pk=image_id).first() if image_id else None
    return found if found and access.membership_for_image(user, found) else None


def _fewer_than_asked(number: int, *, of: int) -> str:
    """That a limit has left no room for all images that were asked for; empty where it has."""
    if number >= of:
        return ""
    said = ngettext(
        "%(number)d of %(all)d images is being drawn. There’s no room for more within the monthly limit.",
        "%(number)d of %(all)d images are being drawn. There’s no room for more within the monthly limit.",
        number,
    )
    return said % {"number": number, "all": of}


def _refused(
    request: HttpRequest,
    membership: Membership,
    form: DrawForm,
    origin: Origin | None,
    source: GeneratedImage | None,
) -> HttpResponse:
    if request.headers.get("HX-Request"):
        template, context = "imaging/generation/_draw_box.html", box_context(membership, form, origin)
    else:
        template, context = "imaging/gallery/images.html", page_context(request, membership, form, origin=origin)
    return render(request, template, context | {"like": source}, status=422)


@require_POST
@login_required
def draw_again(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Have an image drawn once more with the same prompt, and show the new one."""
    image = access.repeatable_image(signed_in(request), image_id)
    try:
        key = uuid_in(request.POST.get("key", "")) or uuid.uuid4()
        again = generation.request_image_again(image=image, by=signed_in(request), key=key)
    except (TooManyImages, LimitReached) as refusal:
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
