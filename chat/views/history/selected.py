"""What is done to the conversations that somebody selected. The next page says what became of them, with a way back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.models import Membership
from chat import access
from chat.conversations import bulk, bulk_moves
from chat.conversations.forms import TagForm
from chat.views.history.listing import chosen_conversations
from chat.views.history.results import keep_move, keep_result
from chat.views.sidebar import sidebar
from core.web.params import uuid_in


@require_POST
@member_required
def change_selected(request: HttpRequest, membership: Membership, action: str) -> HttpResponse:
    """Do it to the conversations that are selected, or to all that the page lists. Raises Http404 for no such action,
    PermissionDenied for a viewer."""
    if action in bulk_moves.ACTIONS:
        return _move_selected(request, membership, action)
    _require_member(membership)
    if action in bulk.TAG_ACTIONS:
        form = TagForm({"name": request.POST.get("tag")})
        if not form.is_valid():
            messages.error(request, form.problem)
            return _back(request)
        chosen = bulk.tag_action(name=action, tag=form.cleaned_data["name"], membership=membership)
    elif action in bulk.ACTIONS and action != "erase":
        chosen = bulk.ACTIONS[action]
    else:
        raise Http404
    ids = _selected(request, membership, in_trash=chosen.in_trash)
    keep_result(request, chosen, bulk.apply_to_many(action=chosen, ids=ids, by=membership), selected=len(ids))
    return _back(request)


def _move_selected(request: HttpRequest, membership: Membership, action: str) -> HttpResponse:
    """Move what is selected, or back what was moved a moment ago."""
    _require_member(membership)
    if action == "put_back":
        result = bulk_moves.move_back(way=request.POST.get("back", ""), by=membership)
        keep_move(request, action, result, selected=1)
        return _back(request)
    place = access.usable_place(membership, request.POST.get("to", "")) if action == "move" else access.TEAM
    if place is None:
        messages.error(request, _("Choose where to move the conversations. Nothing was changed."))
        return _back(request)
    ids = _selected(request, membership, in_trash=False)
    to = bulk_moves.alone_where_it_is if action == "unshare" else _to(place)
    result = bulk_moves.move_many(ids=ids, to=to, by=membership)
    keep_move(request, action, result, selected=len(ids), label=place.label)
    return _back(request)


def _to(place: access.Place) -> bulk_moves.Target:
    return lambda _conversation: place


@require_POST
@member_required
def erase_selected(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Delete what is selected in the trash for good, after asking whether that is meant."""
    _require_member(membership)
    ids = _selected(request, membership, in_trash=True)
    there = access.trashed_conversations(membership).filter(pk__in=ids)
    erase = bulk.ACTIONS["erase"]
    if request.POST.get("sure") or not there.exists():
        keep_result(request, erase, bulk.apply_to_many(action=erase, ids=ids, by=membership), selected=len(ids))
        return redirect("chat:trash")
    context = {"conversations": list(there), "ids": ",".join(pk.hex for pk in ids)}
    return render(request, "chat/trash/erase.html", context | sidebar(request, membership))


def _require_member(membership: Membership) -> None:
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s conversations but can’t change them."))


def _selected(request: HttpRequest, membership: Membership, *, in_trash: bool) -> list[UUID]:
    """The ids that were ticked, or those of all that the page lists; MOST_AT_ONCE at most."""
    if request.POST.get("all"):
        listed = access.trashed_conversations(membership) if in_trash else chosen_conversations(request, membership)
        return list(listed.values_list("pk", flat=True)[: bulk.MOST_AT_ONCE])
    texts = [*request.POST.getlist("id"), *request.POST.get("ids", "").split(",", bulk.MOST_AT_ONCE)]
    return [found for text in texts[: bulk.MOST_AT_ONCE] if (found := uuid_in(text))]


def _back(request: HttpRequest) -> HttpResponse:
    if request.POST.get("page") == "trash":
        return redirect("chat:trash")
    query = request.GET.urlencode()
    return redirect(f"{reverse('chat:history')}{'?' if query else ''}{query}")
