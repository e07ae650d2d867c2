"""Following a watch, and ending its e-mails by the link that they have."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import signed_in
from accounts.views import links
from chat import access
from chat.watches import letters, service


@require_POST
@login_required
def follow(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """Be told when the answer changes."""
    watch, _membership = access.readable_watch(signed_in(request), watch_id)
    service.follow(watch=watch, by=signed_in(request))
    messages.success(request, _("You’re told when the answer changes."))
    return redirect("chat:watch", watch.pk)


@require_POST
@login_required
def unfollow(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """Be told no more."""
    watch, _membership = access.readable_watch(signed_in(request), watch_id)
    service.unfollow(watch=watch, by=signed_in(request))
    messages.success(request, _("You’re no longer told of changes."))
    return redirect("chat:watch", watch.pk)


@csrf_exempt  # mail programs send it by themselves (RFC 8058), without cookies; the link itself is the permission
@require_http_methods(["GET", "HEAD", "POST"])
@links.secret_link
def letters_link(request: HttpRequest, token: str) -> HttpResponse:
    """End the e-mails of one watch to one person, by a click: mail filters open links, too."""
    follower = letters.follower_of(token)
    if follower is None:
        return links.link_ended_page(request, _("This link doesn’t work any more. You get no e-mails by it."))
    if request.method == "POST":
        letters.stop_letters(follower)
    context = {"done": request.method == "POST" or not follower.by_mail}
    return render(request, "chat/watches/letters.html", context)
