"""Tags: on one conversation, and those of the team."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, signed_in
from accounts.models import Membership
from chat import access
from chat.conversations import tags as conversation_tags
from chat.conversations.forms import TagForm, folded_name
from chat.models import Conversation, Tag
from chat.search.fields import MOST_TAGS
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.htmx import htmx


@require_safe
@never_cache
@member_required
def tags(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's tags that the member sees, with what owners do to them."""
    found = list(access.counted_tags(membership)[: MOST_TAGS + 1])
    names = [tag.name for tag in found[:MOST_TAGS]]
    context = {
        "tags": found[:MOST_TAGS],
        "tag_names": names,
        "is_cut": len(found) > MOST_TAGS,
        "membership": membership,
    }
    return render(request, "chat/tags/tags.html", context | sidebar(request, membership))


@require_safe
@never_cache
@login_required
def edit(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The conversation's tags, to be changed: a piece of its page, as they are shown with `?shown=`; or a page."""
    conversation = access.readable_conversation(signed_in(request), conversation_id)
    membership = access.membership_for(signed_in(request), conversation)
    return _edited(request, conversation, membership, is_done="shown" in request.GET)


@require_POST
@login_required
def add(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Put a tag on the conversation, a new one or one that the team has."""
    conversation, membership = access.askable_with_membership(signed_in(request), conversation_id)
    form, problem = TagForm(request.POST), ""
    if form.is_valid():
        try:
            conversation_tags.add_tag(conversation=conversation, name=form.cleaned_data["name"], by=signed_in(request))
        except ActionRefused as refusal:
            problem = str(refusal)
    if problem := problem or form.problem:
        return _edited(request, conversation, membership, problem=problem, typed=request.POST.get("name", ""))
    return _changed(request, conversation, membership)


@require_POST
@login_required
def remove(request: HttpRequest, conversation_id: UUID, tag_id: UUID) -> HttpResponse:
    """Take a tag off the conversation. Raises Http404 for one that it does not have."""
    conversation, membership = access.askable_with_membership(signed_in(request), conversation_id)
    tag = get_object_or_404(Tag, pk=tag_id, taggings__conversation=conversation)
    conversation_tags.remove_tag(conversation=conversation, tag=tag, by=signed_in(request))
    return _changed(request, conversation, membership)


@require_POST
@login_required
def rename(request: HttpRequest, tag_id: UUID) -> HttpResponse:
    """Give a tag another name. If the team has one of that name, the two become one."""
    tag, _membership = access.managed_tag(signed_in(request), tag_id)
    form = TagForm(request.POST)
    if form.is_valid():
        conversation_tags.rename_tag(tag=tag, name=form.cleaned_data["name"], by=signed_in(request))
    else:
        messages.error(request, form.problem)
    return redirect("chat:tags")


@require_POST
@login_required
def merge(request: HttpRequest, tag_id: UUID) -> HttpResponse:
    """Put another tag of the team, by its name, wherever this one is, and forget this one."""
    tag, membership = access.managed_tag(signed_in(request), tag_id)
    name = request.POST.get("name", "")[: Tag.LONGEST]
    into = access.visible_tags(membership).filter(folded=folded_name(name)).exclude(pk=tag.pk).first()
    if into:
        conversation_tags.merge_tags(tag=tag, into=into, by=signed_in(request))
        messages.success(request, _("“%(tag)s” is now “%(into)s”.") % {"tag": tag.name, "into": into.name})
    else:
        messages.error(request, _("Your team has no other tag of that name."))
    return redirect("chat:tags")


@require_POST
@login_required
def delete(request: HttpRequest, tag_id: UUID) -> HttpResponse:
    """Take a tag off every conversation."""
    tag, _membership = access.managed_tag(signed_in(request), tag_id)
    conversation_tags.delete_tag(tag=tag, by=signed_in(request))
    return redirect("chat:tags")


def _changed(request: HttpRequest, conversation: Conversation, membership: Membership) -> HttpResponse:
    if htmx(request):
        return _edited(request, conversation, membership)
    return redirect("chat:conversation_tags", conversation.pk)


def _edited(
    request: HttpRequest,
    conversation: Conversation,
    membership: Membership,
    *,
    is_done: bool = False,
    problem: str = "",
    typed: str = "",
) -> HttpResponse:
    may_ask = access.may_ask_in(membership, conversation)
    context = {
        "conversation": conversation,
        "tags": conversation_tags.tags_of(conversation),
        "tag_names": access.visible_tags(membership).values_list("name", flat=True)[:MOST_TAGS],
        "may_ask": may_ask,
        "problem": problem,
        "typed": typed,
    }
    status = 422 if problem else 200
    if htmx(request):
        piece = "chat/tags/_tags.html" if is_done or not may_ask else "chat/tags/_edit.html"
        return render(request, piece, context, status=status)
    page = context | sidebar(request, membership, current=conversation)
    return render(request, "chat/tags/conversation_tags.html", page, status=status)
