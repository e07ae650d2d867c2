"""The command palette, which scripts fetch when somebody opens it and while they type."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import sign_in_required
from core.web.palette import LONGEST, palette_groups


@require_safe
@never_cache
@sign_in_required
def palette(request: HttpRequest) -> HttpResponse:
    """The palette as a dialog; with `?q=`, its entries for these words."""
    typed = request.GET.get("q", "")[:LONGEST]
    groups = palette_groups(request, typed)
    count = sum(len(group.entries) for group in groups) + bool(typed.strip())
    template = "chat/palette/_found.html" if "q" in request.GET else "chat/palette/_palette.html"
    return render(request, template, {"groups": groups, "typed": typed.strip(), "count": count, "longest": LONGEST})
