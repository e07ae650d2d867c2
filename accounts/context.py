"""What every page knows about the person who looks at it."""

from django.http import HttpRequest

from accounts import access


def team(request: HttpRequest) -> dict[str, object]:
    """The membership in force, or None for somebody who is not signed in or on no team."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {"membership": None}
    return {"membership": access.current_membership(request)}
