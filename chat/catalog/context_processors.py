"""What every page knows about the product it belongs to."""

from django.http import HttpRequest

from chat.catalog import providers
from chat.connection import stored_key

BANNER_COOKIE = "demo_banner"


def product(request: HttpRequest) -> dict[str, object]:
    """Whether answers come from the demo upstream, which the interface has to say, and which banner the page has."""
    return {"answers_are_demo": providers.is_demo(), "banner": _banner(request)}


def _banner(request: HttpRequest) -> str:
    """`key` tells operators that the saved key has to be entered again, `demo` everybody that the demo answers; empty
    for neither. The page to which both lead has none."""
    user, page = getattr(request, "user", None), request.resolver_match
    if not user or not user.is_authenticated or (page and page.view_name == "chat:connect"):
        return ""
    if stored_key.needs_reentry():
        return "key" if user.is_superuser else ""
    return "demo" if providers.is_demo() and BANNER_COOKIE not in request.COOKIES else ""
