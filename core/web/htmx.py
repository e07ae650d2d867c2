"""What htmx says of a request."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


def htmx(request: HttpRequest) -> HtmxDetails:
    """What htmx says of the request; false for one that htmx did not make."""
    details: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by django_htmx's middleware
    return details
