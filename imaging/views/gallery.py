"""The Images page, and what keeps it true while it stands open."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, own_memberships, signed_in
from accounts.models import Membership
from accounts.services import teams
from core import graphemes
from core.web.paging import Cursor
from core.web.params import uuid_in, whole_number_in
from imaging import access, library, origins, queries
from imaging.generation import forms, offers
from imaging.generation.forms import DrawForm
from imaging.models import GeneratedImage
from imaging.origins import Origin
from imaging.queries import ImageFilter, OwnerFilter, StateFilter
from imaging.views.versions import version_of

LONGEST_SUGGESTION = 400  # characters of a question that are suggested as a prompt
MOST_WATCHED = 600  # tiles of an open page


@require_safe
@never_cache
@member_required
def images(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's images and the place to ask for one; the tiles after `?before=` alone for htmx.

    With `?question=` the prompt begins with that question, and the image remembers where it comes from; with `?change=`
    the box is filled in as that image was drawn.
    """
    user = signed_in(request)
    like = _image_to_change(request)
    origin = origins.question_origin(user, uuid_in(request.GET.get("question", "")))
    if like:
        origin = origins.origin_of(user, conversation_id=like.conversation_id, question_id=like.question_id)
    membership = team_of(request, membership, origin, like)
    if request.headers.get("HX-Request") and "before" in request.GET:
        return render(request, "imaging/gallery/_tiles.html", _list_context(request, membership))
    form = forms.blank_draw_form(
        user,
        prompt=suggestion(origin.text) if origin else "",
        conversation=origin.conversation_id if origin else None,
        question=origin.question_id if origin else None,
        like=like,
    )
    context = page_context(request, membership, form, origin=origin) | {"like": like}
    return render(request, "imaging/gallery/images.html", context)


@require_safe
@never_cache
@login_required
def tile(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """An image's tile as it is now; with it those of further pictures of its response that are not shown yet."""
    user = signed_in(request)
    image = access.readable_image(user, image_id)
    others = [] if image.first_id else queries.images_of_same_response(user, image)
    new = others[whole_number_in(request.GET.get("others"), digits=3) or 0 :]
    context = {"shown": [image, *new], "others": len(others)}
    return render(request, "imaging/gallery/_tiles_now.html", context)


@require_POST
@login_required
def changes(request: HttpRequest) -> HttpResponse:
    """What has changed of the tiles that a page shows, each stated as `id:state`: new tiles, which are to go, and how
    many images its list has that it lacks."""
    user = signed_in(request)
    wanted = ImageFilter.parse(request.POST)
    states = dict(one.split(":", 1) for one in request.POST.getlist("shown")[:MOST_WATCHED] if ":" in one)
    ids = {found: state for text, state in states.items() if (found := uuid_in(text))}
    there = queries.images_by_id(user, list(ids))
    changed = [image for pk, image in there.items() if image.state != ids[pk] and ids[pk] != "drawing"]
    gone = [pk for pk in ids if pk not in there]
    team = next((one.team for one in own_memberships(request) if str(one.team_id) == request.POST.get("team")), None)
    new = queries.count_new_images(user, team, wanted, shown=list(ids)) if team else 0
    said = whole_number_in(request.POST.get("new"), digits=3) or 0
    if not (changed or gone or new != said):
        return HttpResponse(status=204)
    context = {"changed": changed, "gone": gone, "new": new, "wanted": wanted}
    return render(request, "imaging/gallery/_changes.html", context)


@require_safe
@never_cache
@login_required
def drawn(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """The images that were drawn from a question, for its conversation. 204 for a page that shows this version (at
    `?seen=`) already. Raises Http404."""
    user = signed_in(request)
    origin = origins.question_origin(user, question_id)
    if origin is None:
        raise Http404
    images = queries.images_of_question(user, origin.conversation_id, question_id)
    version = version_of(*((image.pk, image.state, image.sha256) for image in images))
    if request.GET.get("seen") == version:
        return HttpResponse(status=204)
    is_drawing = any(image.state == GeneratedImage.State.DRAWING for image in images)
    context = {"question_id": question_id, "images": images, "version": version, "is_drawing": is_drawing}
    return render(request, "imaging/gallery/_drawn_from.html", context)


def page_context(
    request: HttpRequest, membership: Membership, form: DrawForm, *, origin: Origin | None = None
) -> dict[str, Any]:
    """What `imaging/gallery/images.html` needs."""
    wanted = ImageFilter.parse(request.GET)
    filters = {
        "whose": [(wanted.address(whose=one.value), one.label, one == wanted.whose) for one in OwnerFilter],
        "standings": [(wanted.address(state=one.value), one.label, one == wanted.standing) for one in StateFilter],
    }
    deleted = _deleted_image(request)
    return (
        box_context(membership, form, origin)
        | _list_context(request, membership)
        | filters
        | {"deleted": deleted, "deleted_count": library.deleted_together(deleted).count() if deleted else 0}
        | {"may_review": access.may_review(signed_in(request))}
        | {"most": queries.MOST_CHOSEN}
        | {"too_many": _("You can select up to %(most)d images at once.") % {"most": queries.MOST_CHOSEN}}
        | {"choosing": bool(request.GET.get("choose")), "choose_address": wanted.address(choose="1")}
        | {"needs_reviewer": membership.team.images_need_approval and not teams.has_reviewer(membership.team)}
    )


def box_context(membership: Membership, form: DrawForm, origin: Origin | None = None) -> dict[str, Any]:
    """What `imaging/generation/_draw_box.html` needs."""
    return {
        "form": form,
        "origin": origin,
        "membership": membership,
        "may_draw": membership.may_ask,
        "is_connected": offers.can_draw(),
        "drawn_by_demo": offers.is_drawn_by_demo(),
    }


def team_of(
    request: HttpRequest, membership: Membership, origin: Origin | None, like: GeneratedImage | None = None
) -> Membership:
    """The person's place in the team for which is drawn: that of the image to change or of the conversation, else the
    team in force."""
    team_id = like.team_id if like else origin.team_id if origin else membership.team_id
    return next((mine for mine in own_memberships(request) if mine.team_id == team_id), membership)


def suggestion(text: str) -> str:
    """A question as a prompt to begin with: on one line, cut at a sentence or a word."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_SUGGESTION:
        return line
    head = graphemes.cut(line, LONGEST_SUGGESTION)
    sentence = max(head.rfind(end) for end in (". ", "? ", "! "))
    if sentence > LONGEST_SUGGESTION // 2:
        return head[: sentence + 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:") + "…"


def _list_context(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    """What `imaging/gallery/_tiles.html` needs; `more` is where the list goes on."""
    wanted = ImageFilter.parse(request.GET)
    page = queries.page_of_images(
        signed_in(request), membership.team, wanted, before=Cursor.parse(request.GET.get("before", ""))
    )
    more = ""
    if page.next:
        more = wanted.address(before=str(page.next), question=request.GET.get("question", "")[:36])
    return {"page": page, "wanted": wanted, "more": more, "is_head": "before" not in request.GET}


def _image_to_change(request: HttpRequest) -> GeneratedImage | None:
    """The image at `?change=`, if it is there for the person."""
    image_id = uuid_in(request.GET.get("change", ""))
    return access.visible_images(signed_in(request)).filter(pk=image_id).first() if image_id else None


def _deleted_image(request: HttpRequest) -> GeneratedImage | None:
    """One's own image that was deleted just now, at `?deleted=`."""
    said = uuid_in(request.GET.get("deleted", ""))
    mine = GeneratedImage.objects.filter(requested_by=signed_in(request), deleted_at__isnull=False)
    return mine.filter(pk=said).first() if said else None
