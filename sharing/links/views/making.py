"""The links of a conversation: making one, and ending it. For those who manage the conversation."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import signed_in
from chat import access
from chat.conversations import moving
from chat.models import Conversation
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.htmx import htmx
from core.web.params import uuid_in
from sharing.links import service, standing
from sharing.links.forms import LinkForm
from sharing.models import ShareLink


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def links(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The form for a link, with `?answer=` to that answer, and the links that there are; and, sent, the new link, whose
    address is shown this once."""
    conversation = access.managed_conversation(signed_in(request), conversation_id)
    if request.method != "POST":
        chosen = uuid_in(request.GET.get("answer"))
        return _links_page(request, conversation, LinkForm(conversation=conversation, answer_id=chosen))
    form = LinkForm(request.POST, conversation=conversation)
    if not form.is_valid():
        return _links_page(request, conversation, form, status=422)
    try:
        link, token = service.make_link(form.wish(), conversation=conversation, by=signed_in(request))
    except ActionRefused as refused:
        form.add_error(None, str(refused))
        return _links_page(request, conversation, form, status=422)
    address = request.build_absolute_uri(reverse("sharing:shared", args=[token]))
    context = {"link": link, "address": address, "conversation": conversation}
    if htmx(request):
        return render(request, "sharing/links/_dialog_content.html", context)
    return render(request, "sharing/links/made.html", context | _around(request, conversation))


@require_POST
@login_required
def end(request: HttpRequest, conversation_id: UUID, link_id: UUID) -> HttpResponse:
    """End a link of the conversation."""
    conversation = access.managed_conversation(signed_in(request), conversation_id)
    link = get_object_or_404(ShareLink, pk=link_id, conversation=conversation)
    service.end_link(link=link, by=signed_in(request))
    messages.success(request, _("The link has ended. It shows nothing any more."))
    return redirect("sharing:links", conversation.pk)


def _links_page(request: HttpRequest, conversation: Conversation, form: LinkForm, *, status: int = 200) -> HttpResponse:
    """The form and the links: a page, or the form alone in a dialog over the page."""
    context: dict[str, Any] = {
        "conversation": conversation,
        "form": form,
        "is_on": service.is_on(conversation.team),
        "server_allows": settings.SHARING,
        "quoting": moving.answers_quoting_documents(conversation.pk),
    }
    if htmx(request):
        part = "_dialog_content" if request.method == "POST" else "_dialog"
        return render(request, f"sharing/links/{part}.html", context, status=status)
    listed = standing.links_of(conversation, signed_in(request))
    context["working"] = [one for one in listed if not one.is_over]
    context["over"] = [one for one in listed if one.is_over]
    return render(request, "sharing/links/links.html", context | _around(request, conversation), status=status)


def _around(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    membership = access.membership_for(signed_in(request), conversation)
    return sidebar(request, membership, current=conversation)
