"""The page for our own mistakes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseServerError
from django.template import loader


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """What Django answers after an error that nobody caught. It leans on nothing that may have failed."""
    page = loader.get_template("500.html").render({"home": settings.SITE_PATH, "static_url": settings.STATIC_URL})
    return HttpResponseServerError(page)
