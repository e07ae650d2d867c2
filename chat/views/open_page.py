"""The page from which a request came, and in which team its composer asks."""

from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest
from django.urls import Resolver404, get_script_prefix, resolve

from accounts.access import current_membership
from accounts.models import Membership, Team
from chat import access
from core.web.htmx import htmx


def open_conversation_id(request: HttpRequest) -> UUID | None:
    """The conversation on whose page the request was made, as htmx tells it; None on every other page."""
    try:
        path = urlsplit(htmx(request).current_url_abs_path or "").path
        page = resolve(path.removeprefix(get_script_prefix().rstrip("/")))
    except (ValueError, Resolver404):  # a page that is none, or an address that cannot be read
        return None
    return page.kwargs.get("conversation_id") if page.app_name == "chat" else None


def composer_membership(request: HttpRequest, membership: Membership) -> Membership:
    """The person's membership where the composer is: in the team of the open conversation, else in the chosen one."""
    conversation_id = open_conversation_id(request) if htmx(request) else None
    if conversation_id is None:
        return membership
    return access.membership_for(membership.user, access.readable_conversation(membership.user, conversation_id))


def composer_team(request: HttpRequest) -> Team | None:
    """The team for which the composer asks; None for somebody on no team."""
    membership = current_membership(request)
    return composer_membership(request, membership).team if membership else None
