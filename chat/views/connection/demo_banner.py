"""The banner that says that the demo answers, closed for the day."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from chat.catalog.context_processors import BANNER_COOKIE
from core.web.htmx import htmx


@require_POST
@login_required
def close(request: HttpRequest) -> HttpResponse:
    """Leave the banner out in this browser until the reader's day is over."""
    response = HttpResponse() if htmx(request) else redirect(_way_back(request))
    response.set_cookie(
        BANNER_COOKIE,
        "closed",
        max_age=_until_midnight(),
        path=settings.SITE_PATH,
        secure=settings.SERVED_OVER_HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def _until_midnight() -> timedelta:
    now = timezone.localtime()
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=now.tzinfo)
    return max(tomorrow - now, timedelta(minutes=1))


def _way_back(request: HttpRequest) -> str:
    """The page on which it was closed, if that is one of ours."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else str(settings.LOGIN_REDIRECT_URL)
