"""What people do to a conversation from its menu. Each works with htmx and without JavaScript."""

from collections.abc import Mapping
from functools import cache, partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget, trigger_client_event

from accounts.access import signed_in
from accounts.models import Membership
from accounts.services import budgets
from chat import access
from chat.conversations import moving
from chat.conversations import service as conversations
from chat.conversations.forms import RenameForm
from chat.models import Conversation
from chat.views.conversation import title_repeats
from chat.views.open_page import open_conversation_id
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.htmx import htmx


@require_safe
@never_cache
@login_required
def menu(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """What the person may do to the conversation: the content of its menu in the sidebar, or a page."""
    conversation = access.readable_conversation(signed_in(request), conversation_id)
    membership = access.membership_for(signed_in(request), conversation)
    context = _rights(request, conversation)
    if htmx(request):
        return render(request, "chat/conversation/_actions.html", context | {"target": f"menu-{conversation.pk}"})
    return render(request, "chat/conversation/menu.html", context | sidebar(request, membership, current=conversation))


@require_POST
@login_required
def rename(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Give the conversation another title."""
    conversation = access.managed_conversation(signed_in(request), conversation_id)
    form = RenameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A title must have 1 to 200 characters."))
        if htmx(request):
            return reswap(render(request, "shared/_notices.html", status=422), "none")
        return redirect("chat:menu", conversation.pk)
    conversations.rename_conversation(
        conversation=conversation, title=form.cleaned_data["title"], by=signed_in(request)
    )
    return _changed_response(request, conversation)


@require_POST
@login_required
def pin(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Put the conversation among the team's pinned ones."""
    conversation = access.askable_conversation(signed_in(request), conversation_id)
    conversations.pin_conversation(conversation=conversation, by=signed_in(request))
    return _changed_response(request, conversation)


@require_POST
@login_required
def unpin(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Take the conversation from among the team's pinned ones."""
    conversation = access.askable_conversation(signed_in(request), conversation_id)
    conversations.unpin_conversation(conversation=conversation, by=signed_in(request))
    return _changed_response(request, conversation)


@require_POST
@login_required
def archive(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Put the conversation out of the way."""
    conversation = access.managed_conversation(signed_in(request), conversation_id)
    conversations.archive_conversation(conversation=conversation, by=signed_in(request))
    return _changed_response(request, conversation, said=_("Archived."), undo="chat:unarchive")


@require_POST
@login_required
def unarchive(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Bring the conversation back to the others."""
    conversation = access.managed_conversation(signed_in(request), conversation_id)
    conversations.unarchive_conversation(conversation=conversation, by=signed_in(request))
    return _changed_response(request, conversation)


@require_POST
@login_required
def delete(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Hide the conversation from everybody, and offer to undo that."""
    conversation = access.managed_conversation(signed_in(request), conversation_id)
    conversations.delete_conversation(conversation=conversation, by=signed_in(request))
    after = f"{reverse('chat:history')}?deleted={conversation.pk}"
    if not htmx(request):
        return redirect(after)
    if open_conversation_id(request) == conversation.pk:
        return HttpResponseClientRedirect(after)
    context = {
        "conversation": conversation,
        "said": _("Deleted."),
        "undo": reverse("chat:restore", args=[conversation.pk]),
    }
    return _refresh_sidebar(reswap(render(request, "chat/conversation/_undo.html", context), "none"))


@require_POST
@login_required
def restore(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Bring a deleted conversation back."""
    conversation = access.managed_conversation(signed_in(request), conversation_id, deleted=True)
    conversations.restore_conversation(conversation=conversation, by=signed_in(request))
    return _changed_response(request, conversation)


@require_POST
@login_required
def share(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Let the whole team read the conversation."""
    conversation = access.owned_conversation(signed_in(request), conversation_id)
    conversations.share_conversation(conversation=conversation, by=signed_in(request))
    return _changed_response(request, conversation)


@require_POST
@login_required
def unshare(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Keep the conversation for its owner alone."""
    conversation = access.owned_conversation(signed_in(request), conversation_id)
    conversations.unshare_conversation(conversation=conversation, by=signed_in(request))
    return _changed_response(request, conversation)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def move(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Where the conversation can be moved, and who will see it there; and, sent, moves it."""
    conversation = access.managed_conversation(signed_in(request), conversation_id)
    membership = access.membership_for(signed_in(request), conversation)
    if request.method != "POST":
        return _move_form(request, conversation, membership)
    place = access.usable_place(membership, request.POST.get("to", ""))
    if place is None:
        problem = _("Choose where to move the conversation.")
        return _move_form(request, conversation, membership, problem=problem)
    before = request.POST.get("seen", "")
    try:
        moving.move_conversation(conversation=conversation, by=membership, to=place, seen=before)
    except ActionRefused as refused:
        # Where it is now may be out of this person's sight.
        conversation = access.managed_conversation(signed_in(request), conversation_id)
        return _move_form(request, conversation, membership, problem=str(refused))
    said = _("Moved to %(place)s.") % {"place": place.label}
    fields = {"to": before, "seen": place.value}
    if not htmx(request):
        messages.success(request, said)
    return _changed_response(request, conversation, said=said, undo="chat:move", undo_fields=fields)


def _move_form(
    request: HttpRequest, conversation: Conversation, membership: Membership, *, problem: str = ""
) -> HttpResponse:
    """The choice of places: a piece of the menu, or a page."""
    here = access.place_seen_by(membership.user, conversation)
    context = {
        "conversation": conversation,
        "membership": membership,
        "here": here,
        "seen": moving.where(conversation),
        "choices": moving.choices(membership, conversation),
        "quoting": moving.answers_quoting_documents(conversation.pk),
        "problem": problem,
        "target": _menu_named(request, conversation),
    }
    status = 422 if problem else 200
    if htmx(request):
        page = render(request, "chat/conversation/_move.html", context, status=status)
        return reswap(retarget(page, f"#move-{conversation.pk}"), "innerHTML") if problem else page
    context |= sidebar(request, membership, current=conversation)
    return render(request, "chat/conversation/move.html", context, status=status)


def _menu_named(request: HttpRequest, conversation: Conversation) -> str:
    """The id of the menu in the page which the choice belongs to; empty on a page of its own."""
    said = request.GET.get("in", "") or request.POST.get("in", "")
    return said if said in {"conversation-menu", f"menu-{conversation.pk}"} else ""


def _changed_response(
    request: HttpRequest,
    conversation: Conversation,
    *,
    said: str = "",
    undo: str = "",
    undo_fields: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The conversation without JavaScript; else its menu, closed, what else on the page shows it, and a notice."""
    if not htmx(request):
        return redirect("chat:conversation", conversation.pk)
    context = _rights(request, conversation) | {
        "in_row": htmx(request).target == f"menu-{conversation.pk}",
        "in_page": htmx(request).target == "conversation-menu",
        "is_open": open_conversation_id(request) == conversation.pk,
        "said": said,
        "undo": reverse(undo, args=[conversation.pk]) if undo else "",
        "undo_fields": undo_fields or {},
        "title_repeats": partial(title_repeats, conversation),  # asked only where the title is shown
    }
    return _refresh_sidebar(render(request, "chat/conversation/_changed.html", context))


def _refresh_sidebar(response: HttpResponse) -> HttpResponse:
    """Let the sidebar look at once for what is new."""
    return trigger_client_event(response, "history-changed")


def _rights(request: HttpRequest, conversation: Conversation) -> dict[str, object]:
    """What `chat/conversation/_menu.html` needs."""
    membership = access.membership_for(signed_in(request), conversation)
    return {
        "conversation": conversation,
        "may_ask": access.may_ask_in(membership, conversation),
        "may_manage": access.may_manage(membership, conversation),
        "costs_so_far": partial(budgets.conversation_total, conversation.pk),
        "space": cache(partial(access.space_seen_by, membership.user, conversation)),
    }
