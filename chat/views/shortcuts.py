"""The list of keyboard shortcuts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import sign_in_required
from core.web.htmx import htmx


@require_safe
@sign_in_required
def shortcuts(request: HttpRequest) -> HttpResponse:
    """The list as a page, and as a dialog for scripts."""
    return render(request, "chat/shortcuts/_dialog.html" if htmx(request) else "chat/shortcuts/shortcuts.html")
