"""What every page knows about the person who looks at it."""

from django.http import HttpRequest

from accounts import access


def team(request: HttpRequest) -> dict[str, object]:
    """`memberships` are all of the person's, `membership` is the one in force, or None for somebody on no team."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {"membership": None, "memberships": []}
    return {"membership": access.current_membership(request), "memberships": access.own_memberships(request)}
