"""The page behind a link: reading it, giving its password, and looking whether it is still there."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from core.web.params import whole_number_in
from sharing.links import guesses
from sharing.links import page as pages
from sharing.links.service import LONGEST_PASSWORD
from sharing.links.views.outside import is_unlocked, outside, page, too_many, unlock
from sharing.models import ShareLink


@require_safe
@outside
def shared(request: HttpRequest, link: ShareLink, token: str) -> HttpResponseBase:
    """What the link shows, the page at `?page=` of it, or the form for its password."""
    if not is_unlocked(request, link):
        return page(request, "sharing/links/password.html", {"token": token})
    wanted = whole_number_in(request.GET.get("page"))
    if request.method == "GET" and wanted is None:
        ShareLink.objects.filter(pk=link.pk).update(times_opened=F("times_opened") + 1, opened_at=timezone.now())
    shown = pages.shared_page(link, page=wanted or 1)
    return page(request, "sharing/links/shared.html", {"shared": shown, "link": link, "token": token})


@csrf_exempt  # a token against forgery needs a cookie, and there is nothing to forge
@sensitive_post_parameters()
@require_POST
@outside
def give_password(request: HttpRequest, link: ShareLink, token: str) -> HttpResponseBase:
    """Open a link that has a password, for this browser."""
    if seconds := guesses.seconds_to_wait_for(link.pk, request):
        return too_many(request, seconds)
    given = request.POST.get("password", "")
    if link.password and not (len(given) <= LONGEST_PASSWORD and link.opens_with(given)):
        guesses.count_wrong(request, link_id=link.pk)
        problem = _("That’s not the password. Check it and try again.")
        return page(request, "sharing/links/password.html", {"token": token, "problem": problem}, status=422)
    response = redirect("sharing:shared", token)
    if link.password:
        unlock(response, link, token)
    return response


@require_safe
@outside
def alive(request: HttpRequest, link: ShareLink, token: str) -> HttpResponseBase:
    """204 while an open page may stay, 403 when its password has to be given again. Else 404, as everywhere."""
    return HttpResponse(status=204 if is_unlocked(request, link) else 403)
