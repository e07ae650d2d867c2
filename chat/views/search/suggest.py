"""What can stand behind an operator, for the box in which somebody types one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import member_required
from accounts.models import Membership
from chat.search.suggestions import suggestions


@require_safe
@never_cache
@member_required
def suggest(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The options of a list box for what is being typed at `?q=`: one operator, or the beginning of its name."""
    found = suggestions(request.GET.get("q", ""), membership)
    return render(request, "chat/search/_suggestions.html", {"suggestions": found})
