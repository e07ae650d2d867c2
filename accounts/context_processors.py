"""What every page knows about the person who looks at it."""

from django.http import HttpRequest

from accounts import access, time_zones


def team(request: HttpRequest) -> dict[str, object]:
    """`memberships` are all of the person's, `membership` is the one in force, or None for somebody on no team."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {"membership": None, "memberships": []}
    return {"membership": access.current_membership(request), "memberships": access.own_memberships(request)}


def time_zone(request: HttpRequest) -> dict[str, object]:
    """`time_zone` is the name of the reader's, empty where it is unknown, and `time_zone_is_chosen` whether they chose
    it: what their browser says does not matter then."""
    user = getattr(request, "user", None)
    return {
        "time_zone": time_zones.zone_of(request),
        "time_zone_is_chosen": bool(user and user.is_authenticated and user.time_zone_is_chosen),
    }
