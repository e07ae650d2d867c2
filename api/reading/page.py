"""The page about the API for people who write programs, and the description for the programs themselves."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import member_required
from accounts.models import Membership
from api.reading.description.document import openapi_document
from api.reading.description.paths import OPERATIONS
from api.reading.responses import json_response

_EXAMPLE = """curl -H "Authorization: Bearer $PARLEY_TOKEN" \\
  "{home}/api/search?q=tides&limit=3\""""


@require_safe
@member_required
def api_page(request: HttpRequest, _membership: Membership) -> HttpResponse:
    """What programs can read here, with examples. Raises Http404 where the API is switched off."""
    _require_api()
    home = f"{settings.SITE_ORIGIN}{reverse('chat:home')}".rstrip("/")
    context = {
        "operations": OPERATIONS,
        "example": _EXAMPLE.format(home=home),
        "description": f"{home}/api/openapi.json",
        "mcp": f"{home}/mcp",
    }
    return render(request, "api/reading/api.html", context)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description, which says nothing about anybody. Raises Http404 where the API is switched off."""
    _require_api()
    return json_response(request, openapi_document())


def _require_api() -> None:
    if not settings.API:
        raise Http404
